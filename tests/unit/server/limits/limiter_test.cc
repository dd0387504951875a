#include "server/limits/limiter.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace server::limits {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const OwnRates kNone;

// A limiter over a clock that stands still.
struct World {
  gate::test::FakeClock clock;
  std::unique_ptr<observe::Metrics> metrics = observe::Metrics::make();
  Limiter limiter{clock, *metrics};

  Override override_of(std::string endpoint, Rate rate) const {
    return {++ids,       std::move(endpoint),        rate, "load test", "key1", "ada",
            clock.now(), clock.now() + seconds{3600}};
  }
  int allowed(int tries, RateClass rate_class, std::string_view endpoint, std::string_view key = "key1") {
    int count = 0;
    for (int i = 0; i < tries; ++i) {
      count += limiter.take({key, "ada", kNone}, rate_class, endpoint).decision.allowed ? 1 : 0;
    }
    return count;
  }
  mutable std::atomic<std::int64_t> ids{0};
};

TEST(Limiter, AllowsThirtyOfSixtyReadsAtOnce) {
  World world;
  EXPECT_EQ(world.allowed(60, RateClass::read, "canaryManagement"), 30);
  world.clock.advance(seconds{1});
  EXPECT_EQ(world.allowed(60, RateClass::read, "canaryManagement"), 5);
}

TEST(Limiter, AllowsAllSixtyWithAnOverrideOfAHundred) {
  World world;
  EXPECT_EQ(world.allowed(60, RateClass::read, "canaryManagement"), 30);
  world.limiter.put_override(world.override_of("canaryManagement", {100, milliseconds{60'000}}));
  EXPECT_EQ(world.allowed(60, RateClass::read, "canaryManagement"), 60);
  EXPECT_EQ(world.allowed(60, RateClass::read, "sloMonitoring"), 0) << "its class is still spent";
}

TEST(Limiter, StopsAnOverrideByTheClock) {
  World world;
  world.limiter.put_override(world.override_of("canaryManagement", {100, milliseconds{60'000}}));
  EXPECT_EQ(world.limiter.overrides().size(), 1U);
  world.clock.advance(seconds{3600});
  EXPECT_TRUE(world.limiter.overrides().empty());
  EXPECT_EQ(world.allowed(60, RateClass::read, "canaryManagement"), 30);
}

TEST(Limiter, OverridesAClassWhereNoEndpointIs) {
  World world;
  world.limiter.set_overrides({world.override_of("read", {10, milliseconds{60'000}}),
                               world.override_of("sloMonitoring", {20, milliseconds{60'000}})});
  EXPECT_EQ(world.allowed(60, RateClass::read, "canaryManagement"), 10);
  EXPECT_EQ(world.allowed(60, RateClass::read, "sloMonitoring"), 20);
  EXPECT_EQ(world.allowed(100, RateClass::write, "canaryManagement"), 60);
}

TEST(Limiter, NothingElseDrawsOnRollbacks) {
  World world;
  world.limiter.set_overrides({world.override_of("canaryManagement", {1, milliseconds{3'600'000}}),
                               world.override_of("rollback", {1, milliseconds{3'600'000}})});
  for (const RateClass other : kRateClasses) {
    if (other != RateClass::rollback) world.allowed(1'000, other, "canaryManagement");
  }
  for (int i = 0; i < 100; ++i) world.limiter.authentication_failed("192.0.2.1");
  EXPECT_EQ(world.allowed(60, RateClass::rollback, "canaryManagement"), 30);
}

TEST(Limiter, CountsExactlyFromManyThreads) {
  World world;
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      allowed += world.allowed(2'000, RateClass::read, "canaryManagement");
      // What goes on beside it must not change what is counted.
      world.limiter.put_override(world.override_of("sloMonitoring", {5, milliseconds{1'000}}));
      static_cast<void>(world.limiter.buckets());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, 30);
}

TEST(Limiter, PrefersTheRatesOfTheKey) {
  World world;
  world.limiter.put_override(world.override_of("canaryManagement", {1, milliseconds{60'000}}));
  const OwnRates own{{RateClass::read, {1'000, milliseconds{1'000}}}};
  const Outcome outcome = world.limiter.take({"key1", "ada", own}, RateClass::read, "canaryManagement");
  EXPECT_EQ(outcome.limit, "read");
  EXPECT_EQ(outcome.source, Source::own);
  EXPECT_EQ(outcome.decision.remaining, 999U);
}

TEST(Limiter, LimitsFailedAuthenticationsOfAnAddress) {
  struct RowOf {
    const char* name;
    std::string_view failing;
    std::string_view asking;
    bool allowed;
  };
  const RowOf rows[] = {
      {"the same address", "192.0.2.1", "192.0.2.1", false},
      {"its neighbour", "192.0.2.1", "192.0.2.2", true},
      {"an IPv6 address of the same /64", "2001:db8:1:2::1", "2001:db8:1:2:ffff:1:1:1", false},
      {"one of another /64", "2001:db8:1:2::1", "2001:db8:1:3::1", true},
      {"zeros left out within the /64", "2001:db8::1", "2001:db8:0:0:1::", false},
      {"loopback", "::1", "::", false},
  };
  for (const RowOf& row : rows) {
    SCOPED_TRACE(row.name);
    World world;
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(world.limiter.may_authenticate(row.failing).decision.allowed);
      world.limiter.authentication_failed(row.failing);
    }
    EXPECT_EQ(world.limiter.may_authenticate(row.asking).decision.allowed, row.allowed);
    world.clock.advance(seconds{6});
    EXPECT_TRUE(world.limiter.may_authenticate(row.asking).decision.allowed);
  }
}

TEST(Limiter, TellsBothGenerationsOfHeaders) {
  World world;
  EXPECT_EQ(world.allowed(30, RateClass::read, "canaryManagement"), 30);
  const http::Headers expected = {
      {"ratelimit-policy", "\"read\";q=30;w=6"},
      {"ratelimit", "\"read\";r=0;t=6"},
      {"ratelimit-limit", "30"},
      {"ratelimit-remaining", "0"},
      {"ratelimit-reset", "6"},
      {"retry-after", "1"},
  };
  EXPECT_EQ(headers_of(world.limiter.take({"key1", "ada", kNone}, RateClass::read, "canaryManagement")),
            expected);
  EXPECT_TRUE(headers_of(world.limiter.take({"key1", "ada", kNone}, RateClass::none, "")).empty());
}

TEST(Limiter, CountsWhatItRefuses) {
  World world;
  world.allowed(35, RateClass::read, "canaryManagement");
  const RefusedSince refused = world.limiter.refused_since(world.clock.now());
  ASSERT_EQ(refused.minutes.size(), 1U);
  EXPECT_EQ(refused.minutes[0].owner, "ada");
  EXPECT_EQ(refused.minutes[0].limit, "read");
  EXPECT_EQ(refused.minutes[0].requests, 5U);
  EXPECT_NE(world.metrics->text().find("release_gate_rate_limited_requests_total{class=\"read\"} 5"),
            std::string::npos);
}

TEST(Limiter, ShowsTheEmptiestFirstAndFillsThem) {
  World world;
  world.allowed(1, RateClass::read, "", "one");
  world.allowed(20, RateClass::read, "", "two");
  const auto drawn = world.limiter.buckets();
  ASSERT_EQ(drawn.size(), 2U);
  EXPECT_EQ(drawn[0].holder, "two");
  EXPECT_EQ(world.limiter.fill_of("ada"), 2U);
  EXPECT_EQ(world.limiter.drawn(), 0U);
}

}  // namespace
}  // namespace server::limits
