#include "gate/slo/error_blocks.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

double choose(unsigned n, unsigned k) {
  if (k > n) return 0;
  double result = 1;
  for (unsigned i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

struct Shape {
  unsigned baseline;
  unsigned canary;
  unsigned bad;
};

std::vector<Shape> shapes_up_to(unsigned requests) {
  std::vector<Shape> shapes;
  for (unsigned n = 1; n <= requests; ++n) {
    for (unsigned canary = 0; canary <= n; ++canary) {
      for (unsigned bad = 0; bad <= n; ++bad) shapes.push_back({n - canary, canary, bad});
    }
  }
  return shapes;
}

BlockTable table_of(const Shape& shape, unsigned canary_bad) {
  return {shape.baseline, shape.canary, shape.bad - canary_bad, canary_bad};
}

// Σ_x C(n_c, x) C(n_b, k - x) odds^x · value(x), divided by the same without the value.
template <class Value>
double expectation(const Shape& shape, double odds, Value value) {
  double sum = 0;
  double all = 0;
  for (unsigned x = 0; x <= shape.bad; ++x) {
    const double weight = choose(shape.canary, x) * choose(shape.baseline, shape.bad - x) * std::pow(odds, x);
    if (weight == 0) continue;
    all += weight;
    sum += weight * value(x);
  }
  return sum / all;
}

TEST(BlockTilt, EveryBlockIsExpectedToSayNothingOfACanaryThatIsNoWorse) {
  for (const Shape& shape : shapes_up_to(13)) {
    for (const double ratio : kWorseRatios) {
      const double expected = expectation(shape, 1, [&](unsigned x) {
        return std::exp(BlockTilt{table_of(shape, x)}.log_likelihood_ratio(ratio));
      });
      ASSERT_NEAR(expected, 1, 1e-9) << shape.baseline << " " << shape.canary << " " << shape.bad << " "
                                     << ratio;
    }
  }
}

TEST(BlockTilt, ABetterCanaryIsExpectedToLoseEvidence) {
  const Shape shape{20, 12, 6};
  for (const double ratio : kWorseRatios) {
    const double expected = expectation(shape, 0.5, [&](unsigned x) {
      return std::exp(BlockTilt{table_of(shape, x)}.log_likelihood_ratio(ratio));
    });
    EXPECT_LT(expected, 1) << ratio;
  }
}

// The other direction: the allowed odds ratio against smaller ones, where the truth is the allowed one.
TEST(BlockTilt, EveryBlockIsExpectedToSayNothingOfACanaryAtTheAllowedRatio) {
  constexpr double kAllowed = 2;
  for (const Shape& shape : shapes_up_to(11)) {
    for (const double multiple : kSafeMultiples) {
      const double expected = expectation(shape, kAllowed, [&](unsigned x) {
        const BlockTilt tilt{table_of(shape, x)};
        return std::exp(tilt.log_likelihood_ratio(kAllowed * multiple) - tilt.log_likelihood_ratio(kAllowed));
      });
      ASSERT_NEAR(expected, 1, 1e-9) << shape.baseline << " " << shape.canary << " " << shape.bad;
    }
  }
}

TEST(BlockTilt, OneBadRequestGoesByTheShareOfRequests) {
  const double share = 3.0 / 32;
  for (const double ratio : kWorseRatios) {
    const double normal = 1 - share + share * ratio;
    EXPECT_NEAR(std::exp(BlockTilt(BlockTable{29, 3, 0, 1}).log_likelihood_ratio(ratio)), ratio / normal,
                1e-9 * ratio);
    EXPECT_NEAR(std::exp(BlockTilt(BlockTable{29, 3, 1, 0}).log_likelihood_ratio(ratio)), 1 / normal, 1e-12);
  }
}

TEST(BlockTilt, AShareThatIsKnownReplacesTheOneSeen) {
  const BlockTilt tilt{BlockTable{32, 0, 2, 0}, 0.1};
  EXPECT_TRUE(tilt.says_something());
  EXPECT_NEAR(tilt.log_likelihood_ratio(5), -2 * std::log(1.4), 1e-12);
}

TEST(BlockTilt, SaysNothingWhereBadRequestsHadNoChoice) {
  struct Row {
    const char* name;
    BlockTable table;
  };
  const Row rows[] = {
      {"nothing is bad", {20, 12, 0, 0}},
      {"everything is bad", {20, 12, 20, 12}},
      {"only the canary has requests", {0, 12, 0, 5}},
      {"only the baseline has requests", {12, 0, 5, 0}},
  };
  for (const Row& row : rows) {
    EXPECT_FALSE(BlockTilt{row.table}.says_something()) << row.name;
    EXPECT_EQ(BlockTilt{row.table}.log_likelihood_ratio(1000), 0) << row.name;
  }
}

TEST(SharesBeyond, AreBeyondTheLimitAndBelowOne) {
  for (const double limit : {0.00001, 0.01, 0.2, 0.5, 0.94, 0.999}) {
    const auto shares = shares_beyond(limit);
    EXPECT_LE(shares.size(), 7U);
    for (const double share : shares) {
      EXPECT_GT(share, limit);
      EXPECT_LT(share, 1);
    }
  }
}

}  // namespace
}  // namespace gate::slo
