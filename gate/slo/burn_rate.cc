#include "gate/slo/burn_rate.h"

#include <algorithm>
#include <array>

namespace gate::slo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kDay = hours{24};

// A row of the workbook's table, and the budget of a week that its windows stand for.
struct TableRow {
  AlertSeverity severity;
  seconds long_window;
  int month_permille;
  int week_permille;
};

constexpr std::array<TableRow, 4> kTable{{
    {AlertSeverity::page, hours{1}, 20, 80},
    {AlertSeverity::page, hours{6}, 50, 125},
    {AlertSeverity::ticket, kDay, 100, 200},
    {AlertSeverity::ticket, 3 * kDay, 100, 420},
}};

BurnRateRow row_of(AlertSeverity severity, seconds long_window, std::int64_t permille) {
  return {severity, long_window, long_window / 12, *Decimal::of(permille).times(Decimal::of(0.1))};
}

// The row's window in the same proportion to this period as to 30 days, down to a multiple of 12 minutes:
// a longer window would lower the factor.
seconds scaled_window(const TableRow& row, seconds period) {
  constexpr seconds kStep = minutes{12};
  return row.long_window * (period / kStep) / (30 * kDay) * kStep;
}

// Below an hour a window holds too few scrapes: it stays an hour and stands for more of the budget.
BurnRateRow scaled_row(const TableRow& row, seconds period) {
  constexpr seconds kShortest = hours{1};
  const seconds window = scaled_window(row, period);
  if (window >= kShortest) return row_of(row.severity, window, row.month_permille);
  const auto factor_tenfold = row.month_permille * (30 * kDay / row.long_window) / 100;
  const auto permille = (factor_tenfold * 100 * kShortest + period - seconds{1}) / period;
  return row_of(row.severity, kShortest, permille);
}

std::vector<BurnRateRow> scaled_table(seconds period) {
  std::vector<BurnRateRow> rows;
  for (const TableRow& entry : kTable) {
    BurnRateRow row = scaled_row(entry, period);
    if (row.budget_percent >= Decimal::of(std::int64_t{100})) continue;
    // Over the same windows the lower factor fires whenever the higher one does.
    const bool replaces =
        !rows.empty() && rows.back().severity == row.severity && rows.back().long_window == row.long_window;
    if (replaces) rows.pop_back();
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::vector<BurnRateRow> default_burn_rates(seconds period) {
  const bool is_week = period == 7 * kDay;
  const bool is_month = period >= 28 * kDay && period <= 31 * kDay;
  if (!is_week && !is_month) return scaled_table(period);
  std::vector<BurnRateRow> rows;
  for (const TableRow& entry : kTable) {
    rows.push_back(
        row_of(entry.severity, entry.long_window, is_week ? entry.week_permille : entry.month_permille));
  }
  return rows;
}

Fraction exact_factor(const BurnRateRow& row, seconds period) {
  if (row.factor) return {*row.factor};
  return {row.budget_percent.times(Decimal::of(std::int64_t{period.count()})).value_or(Decimal{}),
          Decimal::of(std::int64_t{row.long_window.count()} * 100)};
}

double burn_rate_factor(const BurnRateRow& row, seconds period) {
  const Fraction factor = exact_factor(row, period);
  return factor.numerator.divided_by(factor.denominator).value_or(0);
}

}  // namespace gate::slo
