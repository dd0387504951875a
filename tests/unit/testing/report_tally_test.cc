#include "gate/testing/report_tally.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/suites.h"

namespace gate::testing {
namespace {

using ::testing::SizeIs;

TestCase test_in(const std::string& suite, Outcome outcome = Outcome::passed) {
  TestCase test;
  test.suite = suite;
  test.name = "t";
  test.outcome = outcome;
  return test;
}

TEST(Suites, AreCoveredWithAllBelowThem) {
  struct Row {
    const char* glob;
    const char* suite;
    const char* class_name;
    bool covered;
  };
  const Row rows[] = {
      {"unit", "unit", "C", true},
      {"unit", "unit/parser/deep", "C", true},
      {"unit", "units", "C", false},
      {"unit", "e2e/unit", "C", false},
      {"e2e/unit", "e2e/unit", "C", true},
      {"com.acme.*", "com.acme.Foo", "C", true},
      {"*", "a/b", "C", true},
      {"**", "a/b", "C", true},
      {"C", "", "C", true},
      {"C", "s", "C", false},
      {"Ns.*", "", "Ns.C", true},
      {"", "s", "C", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.glob);
    TestCase test = test_in(row.suite);
    test.class_name = row.class_name;
    EXPECT_EQ(covers(row.glob, test), row.covered) << row.suite;
  }
}

TEST(ReportTally, CountsNamedSuitesApart) {
  TallyLimits limits;
  limits.suites = {"a", "b*"};
  ReportTally tally{limits};
  for (const char* suite : {"a", "a/x", "b1", "c", "a"}) tally.add(test_in(suite));
  tally.add_claim(Claim{"b2", {}, 0});
  const CountedReport counted = tally.take();
  EXPECT_EQ(counted.totals.total(), 5U);
  EXPECT_EQ(counted.suites[0].total(), 3U);
  EXPECT_EQ(counted.suites[1].total(), 1U);
}

TEST(ReportTally, KeepsFailuresAndOthersWithinLimitsOfTheirOwn) {
  TallyLimits limits;
  limits.failures = 2;
  limits.others = 1;
  ReportTally tally{limits};
  for (int i = 0; i < 3; ++i) tally.add(test_in("s", Outcome::skipped));
  for (int i = 0; i < 3; ++i) tally.add(test_in("s", Outcome::failed));
  tally.add(test_in("s"));
  const CountedReport counted = tally.take();
  EXPECT_THAT(counted.cases, SizeIs(3));
  EXPECT_EQ(counted.omitted_cases, 3U);
  EXPECT_EQ(counted.totals.total(), 7U);
}

TEST(ReportTally, DropsDetailsBeforeTests) {
  TallyLimits limits;
  limits.details = 10;
  ReportTally tally{limits};
  TestCase test = test_in("s", Outcome::failed);
  test.details = "12345678";
  tally.add(test);
  tally.add(test);
  const CountedReport counted = tally.take();
  ASSERT_THAT(counted.cases, SizeIs(2));
  EXPECT_EQ(counted.cases[0].details, "12345678");
  EXPECT_EQ(counted.cases[1].details, "");
  EXPECT_THAT(counted.remarks, SizeIs(1));
}

TEST(ReportTally, BoundsTheTextOfAllTests) {
  TallyLimits limits;
  limits.text = 10;
  ReportTally tally{limits};
  TestCase test = test_in("s", Outcome::failed);
  test.message = std::string(6, 'x');
  tally.add(test);
  tally.add(test);
  EXPECT_EQ(tally.take().omitted_cases, 1U);
}

TEST(ReportTally, KeepsTheFirstRemarksOfARuleAndCountsTheRest) {
  ReportTally tally{{}};
  for (int i = 0; i < 10; ++i) tally.remark({"r", i == 9 ? Weight::error : Weight::note, "", "text", 0, 0});
  tally.remark({"other", Weight::note, "", "text", 0, 0});
  const CountedReport counted = tally.take();
  ASSERT_THAT(counted.remarks, SizeIs(4));
  EXPECT_EQ(counted.remarks[2].more, 7U);
  EXPECT_EQ(counted.remarks[2].weight, Weight::error) << "what is counted only still weighs";
}

TEST(ReportTally, CountsTheTestsOfOutermostSuites) {
  ReportTally tally{{}};
  tally.enter_top_suite("all", 0);
  tally.enter_top_suite("unit", 1);
  tally.add(test_in("unit"));
  tally.add(test_in("unit", Outcome::skipped));
  tally.leave_top_suite(1);
  tally.add(test_in(""));
  const CountedReport counted = tally.take();
  EXPECT_EQ(counted.top_suites.at("all"), 2U);
  EXPECT_EQ(counted.top_suites.at("unit"), 1U);
}

TEST(ReportTally, KeepsTheFirstFault) {
  ReportTally tally{{}};
  tally.fail({"first", 1, 2});
  tally.fail({"second", 3, 4});
  EXPECT_EQ(tally.take().fault, (Fault{"first", 1, 2}));
}

}  // namespace
}  // namespace gate::testing
