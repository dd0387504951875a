#include "server/limits/gcra.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace server::limits {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Rate kReads{30, milliseconds{6'000}};

TEST(Gcra, GivesTheWholeBurstAtOnceAndOneMoreEachInterval) {
  nanoseconds full_at{0};
  for (std::uint32_t i = 0; i < 30; ++i) {
    const Decision decision = take(full_at, kReads, nanoseconds{0});
    EXPECT_TRUE(decision.allowed);
    EXPECT_EQ(decision.remaining, 29 - i);
  }
  const Decision refused = take(full_at, kReads, nanoseconds{0});
  EXPECT_EQ(refused, (Decision{false, 0, milliseconds{200}, seconds{6}}));
  EXPECT_FALSE(take(full_at, kReads, milliseconds{199}).allowed);
  EXPECT_TRUE(take(full_at, kReads, milliseconds{200}).allowed);
  EXPECT_FALSE(take(full_at, kReads, milliseconds{200}).allowed);
}

TEST(Gcra, RefusalsCostNothing) {
  nanoseconds full_at{0};
  for (int i = 0; i < 1'000; ++i) static_cast<void>(take(full_at, kReads, nanoseconds{0}));
  EXPECT_TRUE(take(full_at, kReads, milliseconds{200}).allowed);
}

TEST(Gcra, LooksWithoutTaking) {
  const nanoseconds full_at{0};
  EXPECT_EQ(look(full_at, kReads, seconds{9}), (Decision{true, 30, nanoseconds{0}, nanoseconds{0}}));
}

TEST(Gcra, ClockThatGoesBackwardsLocksOutForNoLongerThanAWindow) {
  nanoseconds full_at{0};
  for (int i = 0; i < 31; ++i) static_cast<void>(take(full_at, kReads, std::chrono::hours{24 * 365}));
  nanoseconds now{0};
  EXPECT_LE(take(full_at, kReads, now).retry_after, milliseconds{200});
  now += kReads.window;
  EXPECT_EQ(look(full_at, kReads, now).remaining, 30U);
}

TEST(Gcra, LoweredRateLocksOutForNoLongerThanItsWindow) {
  nanoseconds full_at{0};
  const Rate hourly{100, milliseconds{3'600'000}};
  while (take(full_at, hourly, nanoseconds{0}).allowed) {
  }
  const Rate other{5, milliseconds{1'000}};
  EXPECT_EQ(take(full_at, other, nanoseconds{0}).reset_after, seconds{1});
  EXPECT_TRUE(take(full_at, other, milliseconds{200}).allowed);
}

// The same rule as a bucket of tokens, in exact integers: a request costs `window`, every nanosecond pays
// back `requests`.
class TokenModel {
 public:
  explicit TokenModel(const Rate& rate)
      : requests_(rate.requests), cost_(nanoseconds{rate.window}.count()), level_(most()) {}

  bool take(nanoseconds now) {
    if (now > last_) {
      const std::int64_t paid = (now - last_).count() * requests_;
      level_ = std::min(most(), level_ + paid);
    }
    last_ = now;
    if (level_ < cost_) return false;
    level_ -= cost_;
    return true;
  }

 private:
  [[nodiscard]] std::int64_t most() const { return cost_ * requests_; }

  std::int64_t requests_;
  std::int64_t cost_;
  std::int64_t level_;
  nanoseconds last_{0};
};

Rate random_rate(std::mt19937_64& random) {
  std::uniform_int_distribution<std::uint32_t> requests{1, 400};
  std::uniform_int_distribution<std::int64_t> window{1'000, 3'600'000};
  return {requests(random), milliseconds{window(random)}};
}

TEST(Gcra, AgreesWithABucketOfTokens) {
  std::mt19937_64 random{20261120};
  for (int round = 0; round < 300; ++round) {
    const Rate rate = random_rate(random);
    SCOPED_TRACE(testing::Message() << rate.requests << " in " << rate.window.count() << " ms");
    TokenModel model{rate};
    nanoseconds full_at{0};
    nanoseconds now{0};
    std::uniform_int_distribution<std::int64_t> step{0, 3 * nanoseconds{rate.window}.count() / rate.requests};
    for (int i = 0; i < 400; ++i) {
      now += nanoseconds{random() % 4 == 0 ? step(random) : 0};
      const Decision mine = take(full_at, rate, now);
      if (mine.allowed == model.take(now)) continue;
      // Intervals are rounded up to a nanosecond each: so close to the edge, and there alone, this one
      // refuses what the model allows; from then on their states differ.
      ASSERT_FALSE(mine.allowed);
      ASSERT_LT(mine.retry_after, std::chrono::microseconds{1});
      break;
    }
  }
}

TEST(Gcra, AllowsNoMoreThanTheBurstAndWhatCameBackThroughClockJumps) {
  std::mt19937_64 random{7};
  for (int round = 0; round < 300; ++round) {
    const Rate rate = random_rate(random);
    const std::int64_t window = nanoseconds{rate.window}.count();
    std::uniform_int_distribution<std::int64_t> jump{-4 * window, 4 * window};
    nanoseconds full_at{0};
    nanoseconds now{10 * window};
    for (int i = 0; i < 200; ++i) {
      now = std::max(nanoseconds{0}, now + nanoseconds{random() % 8 == 0 ? jump(random) : 0});
      const Decision decision = take(full_at, rate, now);
      ASSERT_LE(decision.reset_after.count(), window + rate.requests);
      ASSERT_LE(decision.remaining, rate.requests);
      ASSERT_EQ(decision.allowed || decision.retry_after.count() > 0, true);
      // Waiting as long as it says is always enough, and a nanosecond less never is.
      nanoseconds copy = full_at;
      ASSERT_TRUE(take(copy, rate, now + decision.retry_after).allowed);
      if (decision.retry_after.count() == 0) continue;
      copy = full_at;
      ASSERT_FALSE(take(copy, rate, now + decision.retry_after - nanoseconds{1}).allowed);
    }
  }
}

TEST(Gcra, CountsExactlyWhereTheWindowDoesNotDivide) {
  struct RowOf {
    const char* name;
    Rate rate;
  };
  const RowOf rows[] = {
      {"seven a second", {7, milliseconds{1'000}}},
      {"one a second", {1, milliseconds{1'000}}},
      {"nearly as many as can be", {99'999, milliseconds{1'000}}},
      {"as many as can be in the longest window", {100'000, milliseconds{3'600'000}}},
  };
  for (const RowOf& row : rows) {
    SCOPED_TRACE(row.name);
    nanoseconds full_at{0};
    std::uint32_t allowed = 0;
    while (take(full_at, row.rate, nanoseconds{0}).allowed) ++allowed;
    EXPECT_EQ(allowed, row.rate.requests);
  }
}

}  // namespace
}  // namespace server::limits
