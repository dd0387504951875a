#include "gate/slo/histogram.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::slo {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(EventsAbove, SaysNothingOfWhatIsNoHistogram) {
  struct Row {
    const char* name;
    std::vector<Bucket> buckets;
    Doubt doubt;
    const char* message;
  };
  const Row rows[] = {
      {"no buckets", {}, Doubt::no_data, "returned no series"},
      {"no +Inf", {{0.1, 5}, {0.3, 9}}, Doubt::inconclusive, "no +Inf bucket"},
      {"no events", {{0.1, 0}, {kInf, 0}}, Doubt::no_data, "counted 0 events"},
      {"NaN everywhere", {{0.1, kNan}, {kInf, kNan}}, Doubt::no_data, "is NaN"},
      {"NaN somewhere", {{0.1, kNan}, {kInf, 9}}, Doubt::inconclusive, "the count of bucket 0.1 is nan"},
      {"an infinite count", {{0.1, 1}, {kInf, kInf}}, Doubt::inconclusive, "the count of bucket inf is inf"},
      {"a negative count", {{0.1, -1}, {kInf, 9}}, Doubt::inconclusive, "counts fewer"},
      {"a bound that is NaN", {{0.1, 1}, {kNan, 3}, {kInf, 9}}, Doubt::inconclusive, "whose bound is NaN"},
      {"counts that fall",
       {{0.1, 5}, {0.3, 4}, {kInf, 9}},
       Doubt::inconclusive,
       "bucket 0.3 counts fewer than the one below it: 4 after 5"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto events = events_above(row.buckets, 0.3);
    const auto* missing = std::get_if<Missing>(&events);
    ASSERT_NE(missing, nullptr);
    EXPECT_EQ(missing->doubt, row.doubt);
    EXPECT_THAT(missing->message, testing::HasSubstr(row.message));
  }
}

TEST(EventsAbove, AddsUpABoundThatIsWrittenInTwoWays) {
  const auto events = events_above({{1, 50}, {1, 40}, {kInf, 60}, {kInf, 40}}, 1);
  EXPECT_EQ(std::get<Events>(events), (Events{100, 10, 10}));
}

TEST(EventsAbove, IsExactAtABoundAndBoundedBetweenThem) {
  const std::vector<Bucket> buckets = {{kInf, 100}, {0.1, 50}, {0.3, 90}, {1, 98}};
  struct Row {
    const char* name;
    double threshold;
    double least;
    double most;
  };
  const Row rows[] = {
      {"at a bound", 0.3, 10, 10},
      {"at a bound that was divided", 300 / 1000.0, 10, 10},
      {"between two bounds", 0.5, 2, 10},
      {"below the first bound", 0.05, 50, 100},
      {"above the last finite bound", 5, 0, 2},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto events = events_above(buckets, row.threshold);
    ASSERT_TRUE(std::holds_alternative<Events>(events));
    EXPECT_EQ(std::get<Events>(events), (Events{100, row.least, row.most}));
  }
}

TEST(EventsAbove, TakesWhatAddingUpLoses) {
  const auto events = events_above({{0.3, 90.0000001}, {1, 90}, {kInf, 90}}, 0.3);
  ASSERT_TRUE(std::holds_alternative<Events>(events));
  EXPECT_EQ(std::get<Events>(events), (Events{90, 0, 0}));
}

}  // namespace
}  // namespace gate::slo
