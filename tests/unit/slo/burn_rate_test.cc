#include "gate/slo/burn_rate.h"

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kDay = hours{24};

std::vector<double> factors(seconds period) {
  std::vector<double> all;
  for (const BurnRateRow& row : default_burn_rates(period)) all.push_back(burn_rate_factor(row, period));
  return all;
}

// The nearest doubles to the exact quotients; tools that divide in doubles print 5.6000000000000005.
TEST(BurnRates, FactorsAreExact) {
  EXPECT_EQ(factors(30 * kDay), (std::vector<double>{14.4, 6, 3, 1}));
  EXPECT_EQ(factors(28 * kDay), (std::vector<double>{13.44, 5.6, 2.8, 0.93333333333333333}));
  EXPECT_EQ(factors(7 * kDay), (std::vector<double>{13.44, 3.5, 1.4, 0.98}));
}

TEST(BurnRates, OtherPeriodsKeepPercentsAndFactors) {
  for (const int days : {60, 90, 180, 360}) {
    EXPECT_EQ(factors(days * kDay), (std::vector<double>{14.4, 6, 3, 1})) << days;
  }
  const auto rows = default_burn_rates(90 * kDay);
  EXPECT_EQ(rows[0], (BurnRateRow{AlertSeverity::page, hours{3}, minutes{15}, Decimal::of(std::int64_t{2})}));
  EXPECT_EQ(rows[3],
            (BurnRateRow{AlertSeverity::ticket, 9 * kDay, hours{18}, Decimal::of(std::int64_t{10})}));
}

TEST(BurnRates, ShortPeriodsHaveFewerRows) {
  const auto day = default_burn_rates(kDay);
  ASSERT_EQ(day.size(), 3U);
  EXPECT_EQ(day[0], (BurnRateRow{AlertSeverity::page, hours{1}, minutes{5}, Decimal::of(std::int64_t{25})}));
  EXPECT_EQ(day[1], (BurnRateRow{AlertSeverity::ticket, hours{1}, minutes{5}, Decimal::of(12.5)}));
  EXPECT_EQ(day[2].long_window, minutes{144});
  EXPECT_TRUE(default_burn_rates(hours{1}).empty());
}

TEST(BurnRates, NoWindowExceedsThePeriodAndNoFactorLosesItsMeaning) {
  for (seconds period = hours{1}; period <= 366 * kDay; period += minutes{997}) {
    for (const BurnRateRow& row : default_burn_rates(period)) {
      EXPECT_LE(row.long_window, period);
      EXPECT_EQ(row.short_window * 12, row.long_window);
      EXPECT_LT(row.budget_percent, Decimal::of(std::int64_t{100}));
      EXPECT_GE(burn_rate_factor(row, period), period < 30 * kDay && period >= 28 * kDay ? 0.93 : 1)
          << period.count();
    }
  }
}

TEST(BurnRates, OwnRowsHaveTheirFactors) {
  const BurnRateRow quick{AlertSeverity::page, minutes{30}, minutes{2}, Decimal::of(std::int64_t{1})};
  const BurnRateRow slow{AlertSeverity::ticket, hours{36}, hours{3}, Decimal::of(std::int64_t{5})};
  EXPECT_EQ(burn_rate_factor(quick, 30 * kDay), 14.4);
  EXPECT_EQ(burn_rate_factor(slow, 30 * kDay), 1);
  EXPECT_EQ(burn_rate_factor(slow, 28 * kDay), 0.93333333333333333);
}

}  // namespace
}  // namespace gate::slo
