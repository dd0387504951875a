#include "server/limits/buckets.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "server/limits/refusals.h"

namespace server::limits {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Rate kOneAMinute{1, milliseconds{60'000}};

TEST(Buckets, StayBounded) {
  Buckets buckets{160};
  for (int i = 0; i < 10'000; ++i) {
    buckets.take({fmt::format("key{}", i), "read", 0}, "ada", kOneAMinute, seconds{i});
  }
  EXPECT_LE(buckets.size(), 160U);
}

TEST(Buckets, KeepWhatIsExhaustedWhileOthersAreFullAgain) {
  Buckets buckets{1'600};
  const Rate quick{10, milliseconds{1'000}};
  buckets.take({"exhausted", "read", 0}, "ada", kOneAMinute, nanoseconds{0});
  for (int i = 0; i < 50'000; ++i) {
    buckets.take({fmt::format("key{}", i), "read", 0}, "eve", quick, milliseconds{i});
  }
  EXPECT_FALSE(buckets.look({"exhausted", "read", 0}, kOneAMinute, seconds{50}).allowed);
}

TEST(Buckets, EvictsTheSoonestFullWhereAllAreExhausted) {
  Buckets buckets{16};  // one in each shard
  buckets.take({"a", "read", 0}, "ada", kOneAMinute, nanoseconds{0});
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(
        buckets.take({fmt::format("key{}", i), "read", 0}, "eve", kOneAMinute, nanoseconds{0}).allowed)
        << "a bucket nobody drew on is full";
  }
  EXPECT_LE(buckets.size(), 16U);
}

TEST(Buckets, DifferByHolderLimitAndGeneration) {
  Buckets buckets{1'600};
  EXPECT_TRUE(buckets.take({"a", "read", 0}, "ada", kOneAMinute, nanoseconds{0}).allowed);
  EXPECT_FALSE(buckets.take({"a", "read", 0}, "ada", kOneAMinute, nanoseconds{0}).allowed);
  EXPECT_TRUE(buckets.take({"b", "read", 0}, "ada", kOneAMinute, nanoseconds{0}).allowed);
  EXPECT_TRUE(buckets.take({"a", "write", 0}, "ada", kOneAMinute, nanoseconds{0}).allowed);
  EXPECT_TRUE(buckets.take({"a", "read", 1}, "ada", kOneAMinute, nanoseconds{0}).allowed);
}

TEST(Buckets, FillsAllOrAnOwners) {
  Buckets buckets{1'600};
  for (const char* key : {"a1", "a2"}) buckets.take({key, "read", 0}, "ada", kOneAMinute, nanoseconds{0});
  buckets.take({"e", "read", 0}, "eve", kOneAMinute, nanoseconds{0});
  EXPECT_EQ(buckets.count_drawn(nanoseconds{0}), 3U);
  EXPECT_EQ(buckets.count_drawn_of("ada", nanoseconds{0}), 2U);
  EXPECT_EQ(buckets.fill_of("nobody", nanoseconds{0}), 0U);
  EXPECT_EQ(buckets.fill_of("ada", nanoseconds{0}), 2U);
  EXPECT_TRUE(buckets.look({"a1", "read", 0}, kOneAMinute, nanoseconds{0}).allowed);
  EXPECT_FALSE(buckets.look({"e", "read", 0}, kOneAMinute, nanoseconds{0}).allowed);
  EXPECT_EQ(buckets.fill(nanoseconds{0}), 1U);
  EXPECT_TRUE(buckets.drawn(nanoseconds{0}).empty());
}

const gate::Timestamp kNoon{gate::Date{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{12}};

TEST(Refusals, CountByMinuteOwnerAndLimit) {
  Refusals refusals{kNoon, 100};
  for (int i = 0; i < 3; ++i) refusals.add(kNoon + seconds{i}, "ada", "read");
  refusals.add(kNoon + seconds{61}, "ada", "read");
  refusals.add(kNoon + seconds{62}, "eve", "write");
  const RefusedSince all = refusals.since(kNoon);
  EXPECT_EQ(all.minutes, (std::vector<Refused>{{kNoon + std::chrono::minutes{1}, "eve", "write", 1},
                                               {kNoon + std::chrono::minutes{1}, "ada", "read", 1},
                                               {kNoon, "ada", "read", 3}}));
  EXPECT_EQ(all.counted_since, kNoon);
  EXPECT_EQ(refusals.since(kNoon + seconds{60}).minutes.size(), 2U);
}

TEST(Refusals, SayWhatTheyForgot) {
  Refusals refusals{kNoon, 10};
  for (int i = 0; i < 30; ++i) refusals.add(kNoon + std::chrono::minutes{i}, "ada", "read");
  const RefusedSince all = refusals.since(kNoon);
  EXPECT_EQ(all.minutes.size(), 10U);
  EXPECT_EQ(all.forgotten, 20U);
  EXPECT_EQ(all.counted_since, kNoon + std::chrono::minutes{20});
}

}  // namespace
}  // namespace server::limits
