#include "gate/slo/mann_whitney.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "gate/slo/normal.h"
#include "gate/slo/pairwise_difference.h"

namespace gate::slo {
namespace {

using Points = std::vector<double>;

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();

double z_of(double confidence_level) {
  return -normal_quantile((1 - confidence_level) / 2);
}

const Points kTreated{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
const Points kUntreated{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};

TEST(NormalQuantile, IsThatOfR) {
  // R 4.2.2: print(qnorm(p), digits = 17)
  struct Row {
    double p;
    double quantile;
  };
  const Row rows[] = {{0.01, -2.32634787404084076},   {0.005, -2.57582930354889994},
                      {1e-10, -6.36134090240405570},  {0.3, -0.52440051270804067},
                      {0.7, 0.52440051270804067},     {0.5, 0},
                      {1e-300, -37.04709629936120052}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.p);
    EXPECT_NEAR(normal_quantile(row.p), row.quantile, 1e-12 * std::max(1.0, std::abs(row.quantile)));
    EXPECT_NEAR(normal_cdf(row.quantile) / row.p, 1, 1e-12);
  }
}

// wilcox.test(x, y, conf.int = TRUE, exact = FALSE, correct = TRUE) of R 4.2.2. Its interval comes from a
// root finder that stops at 1e-4, so only so many digits are its own.
TEST(MannWhitney, AgreesWithR) {
  struct Row {
    const char* name;
    Points experiment;
    Points control;
    double level;
    double u;
    double p;
    Shift shift;
  };
  const Row rows[] = {
      {"no ties",
       kTreated,
       kUntreated,
       0.95,
       58,
       0.132919458185,
       {0.560056160836, -0.369977374727, 1.18297077369}},
      {"ties",
       {3, 4, 4, 5, 5, 5, 6, 7, 7, 8, 9, 9},
       {1, 2, 2, 3, 3, 3, 4, 4, 5, 5},
       0.98,
       105.5,
       0.00266539666847,
       {2.99992475787, 0.999978471524, 4.9999672712}},
      {"sides of different length",
       {10.1, 12.4, 9.9, 15.2, 11.7},
       {8.1, 9.2, 7.7, 10.3, 8.8,  9.5, 9.1, 8.4, 10.9, 7.2,
        9.8, 8.9, 9.4, 8.6,  10.0, 9.0, 8.2, 9.6, 7.9,  8.5},
       0.98,
       95,
       0.00250133677685,
       {2.59996496967, 0.79997769433, 5.60009386213}},
      {"all below",
       {-5, -7, -6, -9, -8, -4},
       {1, 2, 3, 4, 5, 6},
       0.98,
       0,
       0.00507486809794,
       {-10, -13.9999894, -6.0000106}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Points experiment = sorted_points(row.experiment);
    const Points control = sorted_points(row.control);
    const RankTest test = rank_test(experiment, control);
    EXPECT_EQ(test.u, row.u);
    EXPECT_NEAR(test.p_value, row.p, 1e-11);
    EXPECT_EQ(test.z > 0, row.u > static_cast<double>(control.size() * experiment.size()) / 2);
    const Shift shift = shift_between(experiment, control, z_of(row.level));
    EXPECT_NEAR(shift.estimate, row.shift.estimate, 2e-4);
    EXPECT_NEAR(shift.low, row.shift.low, 2e-4);
    EXPECT_NEAR(shift.high, row.shift.high, 2e-4);
  }
}

TEST(MannWhitney, HasNoDoubtWhereNothingDiffers) {
  const Points same(7, 3.0);
  EXPECT_EQ(rank_test(same, same).p_value, 1);
  EXPECT_EQ(rank_test(same, same).z, 0);
  EXPECT_EQ(rank_test({1}, {2}).p_value, 1);
  EXPECT_EQ(shift_between({5}, {2}, 2.3), (Shift{3, 3, 3}));
}

// The definition, word for word: every difference, sorted, and the step function over them.
Shift by_brute_force(const Points& experiment, const Points& control, double z) {
  Points all;
  for (const double x : experiment) {
    for (const double y : control) all.push_back(x - y);
  }
  std::sort(all.begin(), all.end());
  const auto crosses = [&](double shift) {  // g just right of it
    Points moved;
    for (const double x : experiment) moved.push_back(x - shift);
    double above = 0;
    for (const double d : all) above += d > shift ? 1 : 0;
    const auto ties = [](const Points& points) {
      double sum = 0;
      for (const double point : points) {
        const auto t = static_cast<double>(std::count(points.begin(), points.end(), point));
        sum += t * t - 1;  // t of them add t³ − t
      }
      return sum;
    };
    const auto n = static_cast<double>(experiment.size());
    const auto m = static_cast<double>(control.size());
    const double sigma =
        std::sqrt(n * m / 12 * (n + m + 1 - (ties(experiment) + ties(control)) / ((n + m) * (n + m - 1))));
    const double off = above - n * m / 2;
    return (off - (off > 0 ? 0.5 : off < 0 ? -0.5 : 0)) / sigma <= z;
  };
  Shift shift;
  shift.low = *std::find_if(all.begin(), all.end(), crosses);
  const std::size_t half = all.size() / 2;
  shift.estimate = all.size() % 2 == 1 ? all[half] : std::midpoint(all[half - 1], all[half]);
  return shift;
}

TEST(MannWhitney, IsTheDefinitionOnRandomPointsWithTies) {
  std::mt19937_64 random{7};
  const auto points = [&](std::size_t most, int values) {
    Points made(1 + random() % most);
    for (double& point : made) point = static_cast<double>(random() % static_cast<unsigned>(values)) / 4 - 1;
    return sorted_points(made);
  };
  const auto negated = [](Points some) {
    for (double& point : some) point = -point;
    return sorted_points(some);
  };
  for (int round = 0; round < 2'000; ++round) {
    SCOPED_TRACE(round);
    const int values = round % 3 == 0 ? 3 : round % 3 == 1 ? 12 : 4'000;
    const Points experiment = points(14, values);
    const Points control = points(14, values);
    const double z = z_of(round % 2 == 0 ? 0.98 : 0.6);
    const Shift got = shift_between(experiment, control, z);
    const Shift wanted = by_brute_force(experiment, control, z);
    EXPECT_EQ(got.estimate, wanted.estimate);
    EXPECT_EQ(got.low, wanted.low);
    EXPECT_EQ(got.high, -by_brute_force(negated(experiment), negated(control), z).low);
  }
}

TEST(KthDifference, IsThatOfAllOfThem) {
  std::mt19937_64 random{11};
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    const auto points = [&] {
      Points made(1 + random() % 60);
      for (double& point : made) {
        const auto digits = static_cast<double>(random() % 50) - 25;
        point = digits * std::pow(10.0, round % 2 == 0 ? 0 : static_cast<int>(random() % 600) - 310);
      }
      return sorted_points(made);
    };
    const Points experiment = points();
    const Points control = points();
    Points all;
    for (const double x : experiment) {
      for (const double y : control) all.push_back(x - y);
    }
    std::sort(all.begin(), all.end());
    for (std::size_t k = 1; k <= all.size(); k += 1 + all.size() / 40)
      ASSERT_EQ(kth_difference(experiment, control, k), all[k - 1]) << k;
  }
}

TEST(Shift, FollowsTheUnit) {
  std::mt19937_64 random{3};
  std::normal_distribution<double> slow{130, 10};
  std::normal_distribution<double> quick{100, 10};
  for (int round = 0; round < 50; ++round) {
    Points experiment(40);
    Points control(50);
    for (double& point : experiment) point = slow(random);
    for (double& point : control) point = quick(random);
    const Shift shift = shift_between(sorted_points(experiment), sorted_points(control), z_of(0.98));
    for (const double unit : {1e-3, 1e9, 1e-12}) {
      SCOPED_TRACE(unit);
      const auto scaled = [&](Points points) {
        for (double& point : points) point *= unit;
        return sorted_points(points);
      };
      const Shift other = shift_between(scaled(experiment), scaled(control), z_of(0.98));
      EXPECT_NEAR(other.estimate / unit, shift.estimate, 1e-9);
      EXPECT_NEAR(other.low / unit, shift.low, 1e-9);
      EXPECT_NEAR(other.high / unit, shift.high, 1e-9);
    }
  }
}

TEST(Shift, HoldsAtTheEndsOfTheRange) {
  struct Row {
    const char* name;
    Points experiment;
    Points control;
    double estimate;
  };
  const Row rows[] = {
      {"a difference beyond a double", {1e308, 1.1e308, 1.2e308}, {-1e308, -1.1e308, -1.2e308}, kLargest},
      {"infinities count as the largest", {kInfinity, kInfinity}, {1, 2}, kLargest},
      {"infinities on both sides are alike", {kInfinity, kInfinity}, {kInfinity, kInfinity}, 0},
      {"opposite infinities", {-kInfinity}, {kInfinity}, -kLargest},
      {"the smallest numbers there are", {2 * kSmallest, 3 * kSmallest}, {kSmallest, kSmallest}, kSmallest},
      {"zeros of both signs", {0.0, -0.0}, {-0.0, 0.0}, 0},
      {"large among small", {1e308, 1, 2}, {1, 2, 3}, 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Shift shift = shift_between(sorted_points(row.experiment), sorted_points(row.control), z_of(0.98));
    EXPECT_NEAR(shift.estimate, row.estimate, row.estimate == kSmallest ? kSmallest : 0);
    EXPECT_TRUE(std::isfinite(shift.low));
    EXPECT_TRUE(std::isfinite(shift.high));
    EXPECT_LE(shift.low, shift.estimate);
    EXPECT_GE(shift.high, shift.estimate);
  }
}

TEST(LargestZ, SaysWhatFewPointsCannot) {
  // 4 against 4: exactly 2 in 70 arrangements are the extreme ones, above 0.02; 5 against 5: 2 in 252.
  EXPECT_LT(largest_z(4, 4), z_of(0.98));
  EXPECT_GT(largest_z(5, 5), z_of(0.98));
  EXPECT_LT(largest_z(1, 1'000'000), z_of(0.98));
  EXPECT_NEAR(largest_z(6, 6), rank_test({7, 8, 9, 10, 11, 12}, {1, 2, 3, 4, 5, 6}).z, 1e-12);
}

TEST(Shift, TakesNoTimeForWhatIsHardToHalve) {
  constexpr std::size_t kPoints = 20'000;
  std::mt19937_64 random{5};
  Points clusters(kPoints);
  Points exponents(kPoints);
  double near = 1;
  for (std::size_t i = 0; i < kPoints; ++i) {
    near = std::nextafter(near, 2.0);
    clusters[i] = i % 2 == 0 ? near : 1e300 * near;
    exponents[i] = std::pow(10.0, static_cast<int>(random() % 600) - 300) * (random() % 2 == 0 ? 1 : -1);
  }
  for (const Points& points : {clusters, exponents}) {
    const Points ascending = sorted_points(points);
    const auto start = std::chrono::steady_clock::now();
    const Shift shift = shift_between(ascending, ascending, z_of(0.98));
    EXPECT_EQ(shift.estimate, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{20});
  }
}

}  // namespace
}  // namespace gate::slo
