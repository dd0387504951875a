#include "gate/render/wording.h"

#include <gtest/gtest.h>

namespace gate::test {
namespace {

using policy::Verdict;

TEST(ClosingLine, KeepsTheTalliesApart) {
  struct Row {
    const char* name;
    Verdict verdict;
    policy::Tally tally;
    policy::Omitted omitted;
    std::vector<policy::Examined> examined;
    std::string line;
  };
  const Row rows[] = {
      {"a breach", Verdict::failed, {1, 0, 0, 0}, {}, {{"objectives", 1}}, "failed: 1 finding, 0 exempted"},
      {"all four",
       Verdict::failed,
       {1'234, 2, 1, 3},
       {},
       {},
       "failed: 1,234 findings, 2 exempted, 1 warning, 3 notes"},
      {"not listed",
       Verdict::failed,
       {300, 0, 0, 0},
       {250, 10, 0, 0},
       {},
       "failed: 300 findings, 0 exempted (260 not listed)"},
      {"passed",
       Verdict::passed,
       {0, 1, 0, 0},
       {},
       {{"files", 2}, {"cases", 1'340}, {"entries", 1}},
       "passed: 0 findings, 1 exempted; examined 2 files, 1,340 cases, 1 entry"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    policy::Report report;
    report.verdict = row.verdict;
    report.tally = row.tally;
    report.omitted = row.omitted;
    report.examined = row.examined;
    EXPECT_EQ(render::closing_line(report), row.line);
  }
}

TEST(LevelLine, SaysWhatTheLevelMeans) {
  struct Row {
    const char* name;
    std::string level;
    Verdict verdict;
    std::vector<Verdict> required;
    std::string line;
  };
  const Row rows[] = {
      {"no level", "", Verdict::passed, {Verdict::passed}, ""},
      {"all",
       "P0",
       Verdict::failed,
       {Verdict::failed, Verdict::undecided},
       "P0: 2 of 2 required checks block the release"},
      {"the only one",
       "P0",
       Verdict::failed,
       {Verdict::failed},
       "P0: 1 of 1 required check blocks the release"},
      {"some",
       "P1",
       Verdict::failed,
       {Verdict::failed, Verdict::passed},
       "P1: 1 of 2 required checks blocks the release"},
      {"none",
       "P1",
       Verdict::undecided,
       {Verdict::passed},
       "P1: no required check blocks the release, but the gate does"},
      {"accepted", "P2", Verdict::warned, {Verdict::undecided}, "P2: warnings only"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    policy::Report report;
    report.severity_level = row.level;
    report.verdict = row.verdict;
    for (const Verdict verdict : row.required) report.checks.push_back({"c", verdict, true, "", {}, {}, ""});
    report.checks.push_back({"optional", Verdict::failed, false, "", {}, {}, ""});
    EXPECT_EQ(render::level_line(report), row.line);
  }
}

TEST(ByCheck, KeepsTheOrderOfTheChecksAndLosesNoFinding) {
  policy::Report report;
  report.checks = {{"b", Verdict::failed, true, "", {}, {}, ""},
                   {"a", Verdict::passed, true, "", {}, {}, ""}};
  for (const char* check : {"a", "b", "", "stranger", "b"}) {
    report.active.push_back(policy::note("r", "s", "m"));
    report.active.back().check = check;
  }
  const auto groups = render::by_check(report);
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(groups[0].check, "");
  EXPECT_EQ(groups[1].check, "b");
  EXPECT_EQ(groups[1].findings.size(), 2U);
  EXPECT_EQ(groups[2].check, "a");
  EXPECT_EQ(groups[3].check, "stranger");
}

}  // namespace
}  // namespace gate::test
