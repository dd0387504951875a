#include "gate/testing/totals.h"

#include <chrono>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace gate::testing {
namespace {

Totals totals_of(std::initializer_list<std::pair<Outcome, std::uint64_t>> counts) {
  Totals totals;
  for (const auto& [outcome, count] : counts) add(totals, outcome, count);
  return totals;
}

TEST(Outcome, NamesReadBack) {
  for (const Outcome outcome : kAllOutcomes) EXPECT_EQ(outcome_named(name_of(outcome)), outcome);
  EXPECT_EQ(outcome_named("ok"), std::nullopt);
}

TEST(Outcome, TheWorstHolds) {
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    for (std::size_t j = i; j < kOutcomes; ++j) {
      EXPECT_EQ(worse_of(kAllOutcomes[i], kAllOutcomes[j]), kAllOutcomes[i]);
      EXPECT_EQ(worse_of(kAllOutcomes[j], kAllOutcomes[i]), kAllOutcomes[i]);
    }
  }
}

TEST(Totals, ClassesSumToTheTotal) {
  Totals totals;
  std::uint64_t count = 1;
  for (const Outcome outcome : kAllOutcomes) add(totals, outcome, count++);
  EXPECT_EQ(totals.total(), 36U);
  EXPECT_EQ(totals.failures(), totals[Outcome::errored] + totals[Outcome::failed] + totals[Outcome::not_run]);
  EXPECT_EQ(totals.decisive(),
            totals.total() - totals[Outcome::skipped] - totals[Outcome::disabled] - totals[Outcome::xfailed]);
}

TEST(Totals, SubtractNeverGoesBelowZero) {
  Totals totals = totals_of({{Outcome::passed, 2}});
  subtract(totals, totals_of({{Outcome::passed, 3}, {Outcome::failed, 1}}));
  EXPECT_EQ(totals.total(), 0U);
}

TEST(Totals, TimesSaturate) {
  Totals totals;
  TestCase test;
  test.duration = Duration::max();
  add(totals, test);
  add(totals, test);
  EXPECT_EQ(totals.duration, Duration::max());
}

TEST(PassRate, IsExact) {
  struct Row {
    const char* name;
    Totals totals;
    const char* rate;
    bool reached;
  };
  const Row rows[] = {
      {"all", totals_of({{Outcome::passed, 3}}), "100", true},
      {"nothing", {}, "0", false},
      {"only skipped", totals_of({{Outcome::skipped, 9}}), "0", false},
      {"skipped do not count",
       totals_of(
           {{Outcome::passed, 1}, {Outcome::skipped, 9}, {Outcome::disabled, 9}, {Outcome::xfailed, 9}}),
       "100", true},
      {"flaky passed", totals_of({{Outcome::flaky, 1}}), "100", true},
      {"not run counts as failed", totals_of({{Outcome::passed, 99}, {Outcome::not_run, 1}}), "99.00001",
       false},
      {"two thirds reach 66.66666", totals_of({{Outcome::passed, 2}, {Outcome::failed, 1}}), "66.66666",
       true},
      {"two thirds miss 66.66667", totals_of({{Outcome::passed, 2}, {Outcome::failed, 1}}), "66.66667",
       false},
      {"a thousandth of a percent", totals_of({{Outcome::passed, 99'999}, {Outcome::failed, 1}}), "99.999",
       true},
      {"and not more", totals_of({{Outcome::passed, 99'999}, {Outcome::failed, 1}}), "99.99901", false},
      {"one in 2^60", totals_of({{Outcome::passed, 1ULL << 60U}, {Outcome::failed, 1}}), "100", false},
      {"zero is reached by any run that ran", totals_of({{Outcome::failed, 1}}), "0", true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto rate = Percent::parse(row.rate);
    ASSERT_TRUE(rate);
    EXPECT_EQ(rate->reached_by(row.totals), row.reached);
  }
}

TEST(PassRate, RefusesWhatIsNone) {
  for (const char* text : {"", "101", "100.00001", "-1", "99,5", "99.", ".5", "1e2", "99.123456", " 99",
                           "99%", "NaN", "0x10", "1000"}) {
    EXPECT_FALSE(Percent::parse(text)) << text;
  }
}

TEST(PassRate, IsNeverShownAsMoreThanItIs) {
  EXPECT_EQ(pass_rate(totals_of({{Outcome::passed, 99'999}, {Outcome::failed, 1}})), "99.99");
  EXPECT_EQ(pass_rate(totals_of({{Outcome::passed, 1}, {Outcome::failed, 2}})), "33.33");
  EXPECT_EQ(pass_rate(totals_of({{Outcome::passed, 1}})), "100.00");
  EXPECT_EQ(pass_rate(totals_of({{Outcome::skipped, 1}})), std::nullopt);
}

TEST(TestId, LeavesEmptyPartsOut) {
  TestCase test;
  test.name = "n";
  EXPECT_EQ(test_id(test), "n");
  test.suite = "s";
  EXPECT_EQ(test_id(test), "s::n");
  test.class_name = "c";
  EXPECT_EQ(test_id(test), "s::c::n");
}

}  // namespace
}  // namespace gate::testing
