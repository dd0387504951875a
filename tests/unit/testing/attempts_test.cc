#include "gate/testing/attempts.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace gate::testing {
namespace {

TEST(Attempts, AreToldByBazelsPath) {
  struct Row {
    const char* path;
    std::optional<std::string> report;
  };
  const Row rows[] = {
      {"p/t/test_attempts/attempt_1.xml", "p/t/test.xml"},
      {"test_attempts/attempt_12.xml", "test.xml"},
      {"p/test.xml", std::nullopt},
      {"p/test_attempts/attempt_1.log", std::nullopt},
      {"p/test_attempts/attempt_.xml", std::nullopt},
      {"p/test_attempts/other.xml", std::nullopt},
      {"p/my_test_attempts/attempt_1.xml", std::nullopt},
      {"attempt_1.xml", std::nullopt},
      {"", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(report_of_attempt(row.path), row.report) << row.path;
}

CountedReport report_with(Outcome outcome, const char* name = "t") {
  TallyLimits limits;
  limits.passed_ids = 10;
  ReportTally tally{limits};
  TestCase test;
  test.name = name;
  test.outcome = outcome;
  test.message = std::string{name_of(outcome)};
  tally.add(test);
  return tally.take();
}

TEST(Attempts, NeverLoseAFailure) {
  struct Row {
    Outcome last;
    Outcome now;
    std::size_t tests;
  };
  const Row rows[] = {
      {Outcome::passed, Outcome::flaky, 1},    {Outcome::failed, Outcome::failed, 1},
      {Outcome::errored, Outcome::errored, 1}, {Outcome::skipped, Outcome::failed, 1},
      {Outcome::xfailed, Outcome::failed, 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(name_of(row.last));
    CountedReport last = report_with(row.last);
    fold_attempt(last, report_with(Outcome::failed), {});
    EXPECT_EQ(last.totals.total(), row.tests);
    EXPECT_EQ(last.totals[row.now], 1U);
    ASSERT_EQ(last.cases.size(), 1U);
    EXPECT_EQ(last.cases[0].attempts.size(), 2U);
  }
  CountedReport empty;
  fold_attempt(empty, report_with(Outcome::failed), {});
  EXPECT_EQ(empty.totals.failures(), 1U) << "what is not in the last run stays what it was";
}

TEST(Attempts, AreNoReasonForAnotherTestToPass) {
  CountedReport last = report_with(Outcome::passed, "another");
  fold_attempt(last, report_with(Outcome::failed), {});
  EXPECT_EQ(last.totals[Outcome::failed], 1U);
  EXPECT_EQ(last.totals[Outcome::passed], 1U);
  EXPECT_EQ(last.totals[Outcome::flaky], 0U);
}

TEST(Attempts, StandInTheirOrder) {
  CountedReport last = report_with(Outcome::passed);
  CountedReport second = report_with(Outcome::errored);
  fold_attempt(last, second, {});
  fold_attempt(last, report_with(Outcome::failed), {});
  ASSERT_EQ(last.cases.size(), 1U);
  ASSERT_EQ(last.cases[0].attempts.size(), 3U);
  EXPECT_EQ(last.cases[0].attempts[0].outcome, Outcome::failed);
  EXPECT_EQ(last.cases[0].attempts[1].outcome, Outcome::errored);
  EXPECT_EQ(last.cases[0].attempts[2].outcome, Outcome::passed);
  EXPECT_EQ(last.totals[Outcome::flaky], 1U);
}

}  // namespace
}  // namespace gate::testing
