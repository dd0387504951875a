#include "gate/slo/percentile.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "gate/slo/tail_test.h"

namespace gate::slo {
namespace {

using Points = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Percentile, IsThatOfR) {
  // R 4.2.2: quantile(c(1, 2, 4, 8, 16, 32), p, type = 7) and 6
  const Points points{1, 2, 4, 8, 16, 32};
  struct Row {
    double p;
    PercentileRule rule;
    double wanted;
  };
  const Row rows[] = {
      {0.01, PercentileRule::r7, 1.05}, {0.25, PercentileRule::r7, 2.5}, {0.75, PercentileRule::r7, 14},
      {0.99, PercentileRule::r7, 31.2}, {1, PercentileRule::r7, 32},     {0.5, PercentileRule::r6, 6},
      {0.9, PercentileRule::r6, 32},    {0.95, PercentileRule::r6, 32},  {0, PercentileRule::r6, 1},
  };
  for (const Row& row : rows) EXPECT_NEAR(percentile(points, row.p, row.rule), row.wanted, 1e-12) << row.p;
  EXPECT_EQ(percentile({7}, 0.95, PercentileRule::r6), 7);
  EXPECT_EQ(percentile({-1e308, 1e308}, 0.5, PercentileRule::r7), 0);
}

TEST(Mean, StaysWithinADouble) {
  EXPECT_EQ(mean({1, 2, 6}), 3);
  EXPECT_NEAR(mean({1e308, 1e308, 1e308}) / 1e308, 1, 1e-15);
  EXPECT_EQ(mean({5e-324, 5e-324}), 5e-324);
}

TEST(UsablePoints, DropsOrZeroesWhatHasNoNumber) {
  EXPECT_EQ(usable_points({3, kNan, 1}, NanStrategy::remove), (Points{1, 3}));
  EXPECT_EQ(usable_points({3, kNan, -1}, NanStrategy::replace), (Points{-1, 0, 3}));
  EXPECT_EQ(usable_points({kNan}, NanStrategy::remove), Points{});
  EXPECT_EQ(usable_points({}, NanStrategy::replace), Points{});
}

TEST(WithoutOutliers, KeepsWhatLiesOnTheFence) {
  // Q1 = 2, Q3 = 4: fences at min(p1, −4) and max(p99, 10).
  EXPECT_EQ(without_outliers({1, 2, 3, 4, 10}), (Points{1, 2, 3, 4, 10}));
  // Q1 = 2, Q3 = 4; p99 = 4 + 0.96 · 996 = 960.16 is further out than 10.
  EXPECT_EQ(without_outliers({1, 2, 3, 4, 1000}), (Points{1, 2, 3, 4}));
  EXPECT_EQ(without_outliers({}), Points{});
  EXPECT_EQ(without_outliers({5}), (Points{5}));
  EXPECT_EQ(without_outliers({-1e308, -1e308, 1e308, 1e308}), (Points{-1e308, -1e308, 1e308, 1e308}));
}

TEST(TailTest, CountsWhatLiesBeyondAndIsExact) {
  // The three largest of twelve are all the experiment's: C(6, 3) / C(12, 3) = 20 / 220.
  const TailTest sparse = upper_tail_test({0, 0, 0, 1, 1, 2}, {0, 0, 0, 0, 0, 0});
  EXPECT_EQ(sparse.beyond, 3U);
  EXPECT_NEAR(sparse.p_value, 20.0 / 220, 1e-15);
  EXPECT_EQ(lower_tail_test({-2, -1, 5}, {0, 1, 2}), (TailTest{2, 3.0 / 15}));
  EXPECT_EQ(upper_tail_test({1, 1}, {1, 1}), (TailTest{0, 1}));
  EXPECT_EQ(upper_tail_test({}, {1}), (TailTest{0, 1}));
  EXPECT_NEAR(least_tail_p_value(5, 5), 1.0 / 252, 1e-15);
  EXPECT_EQ(least_tail_p_value(1, 99), 1.0 / 100);
}

}  // namespace
}  // namespace gate::slo
