#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/base/result.h"

namespace gate::slo {

enum class AlertSeverity { page, ticket };

// One row of a multi-window multi-burn-rate alert. It fires where the burn rate is above the factor over
// both windows. Source: Google, The Site Reliability Workbook, chapter 5.
struct BurnRateRow {
  AlertSeverity severity = AlertSeverity::page;
  std::chrono::seconds long_window{0};
  std::chrono::seconds short_window{0};
  Decimal budget_percent;  // of the period's budget, spent within the long window
  std::optional<Decimal> factor =
      std::nullopt;        // stands instead of the budget, where that is how it was given
  bool inclusive = false;  // fires at the factor too, not only above it

  bool operator==(const BurnRateRow&) const = default;
};

// The rows for a period of that length.
// 28 to 31 days: the workbook's table (1 h, 6 h, 1 d, 3 d for 2, 5, 10, 10 % of the budget). 7 days: the same
// windows for 8, 12.5, 20, 42 %. Any other period: windows in the table's proportion to 30 days, so that
// budget percents and factors stay 14.4, 6, 3, 1; a window that would be shorter than an hour stays an hour,
// keeps the factor and stands for more of the budget, and is left out where that is all of it. So no long
// window exceeds the period and no factor is below 1, but for 28 days' (0.93) and 7 days' (0.98).
std::vector<BurnRateRow> default_burn_rates(std::chrono::seconds period);

// numerator / denominator, exact where the quotient has no end.
struct Fraction {
  Decimal numerator;
  Decimal denominator = Decimal::of(std::int64_t{1});
};

// (budget_percent / 100) · period / long_window, or the row's own factor.
Fraction exact_factor(const BurnRateRow& row, std::chrono::seconds period);

// The double nearest to it: how many times faster than the budget allows.
double burn_rate_factor(const BurnRateRow& row, std::chrono::seconds period);

}  // namespace gate::slo
