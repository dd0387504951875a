#include "gate/slo/windows.h"

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Objective over_30_days() {
  Objective objective;
  objective.target = Decimal::of(0.999);
  objective.span = Period{hours{30 * 24}, std::nullopt};
  return objective;
}

TEST(ErrorBudget, IsExact) {
  EXPECT_EQ(error_budget(over_30_days()), Decimal::of(0.001));
}

TEST(NeededWindows, AreThePeriodAndTheTable) {
  const std::vector<seconds> expected{minutes{5}, minutes{30}, hours{1},  hours{2},
                                      hours{6},   hours{24},   hours{72}, hours{720}};
  EXPECT_EQ(needed_windows(over_30_days()), expected);  // 6 h stands in two rows
}

TEST(NeededWindows, OfOwnRowsAreThose) {
  Objective objective = over_30_days();
  objective.burn_rates = {{AlertSeverity::page, hours{2}, minutes{10}, Decimal::of(1.5)}};
  EXPECT_EQ(needed_windows(objective), (std::vector<seconds>{minutes{10}, hours{2}, hours{720}}));
  objective.burn_rates = std::vector<BurnRateRow>{};
  EXPECT_EQ(needed_windows(objective), std::vector<seconds>{hours{720}});
}

TEST(NeededWindows, OfACalendarPeriodEndNow) {
  Objective objective = over_30_days();
  objective.span = Period{hours{720}, Calendar{}, hours{50}};
  objective.burn_rates = std::vector<BurnRateRow>{};
  EXPECT_EQ(needed_windows(objective), std::vector<seconds>{hours{50}});
}

TEST(NeededWindows, OfAThresholdIsItsOwn) {
  Objective objective = over_30_days();
  objective.span = Threshold{"p95_latency_ms", "500", seconds{0}};
  EXPECT_EQ(needed_windows(objective), std::vector<seconds>{seconds{0}});
  EXPECT_EQ(budget_window(objective), seconds{0});
}

TEST(NeededWindows, AreNoneWhereSlicesAreCounted) {
  Objective objective = over_30_days();
  objective.budgeting = Budgeting::timeslices;
  EXPECT_TRUE(needed_windows(objective).empty());
  EXPECT_EQ(budget_window(objective), hours{720});
}

}  // namespace
}  // namespace gate::slo
