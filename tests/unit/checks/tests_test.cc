#include "gate/checks/tests.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/policy/report.h"
#include "tests/support/fake_files.h"

namespace gate::checks {
namespace {

using policy::Finding;
using policy::Severity;
using policy::TestsSettings;
using policy::Verdict;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kGreen =
    "<testsuite name='s'><testcase name='a' time='0.5'/><testcase name='b' time='1'/></testsuite>";
constexpr const char* kRed =
    "<testsuite name='s'><testcase name='a'/><testcase name='b' file='src/b.c' line='3'><failure message='1 "
    "is not 2'/></testcase></testsuite>";

TestsSettings settings_for(std::vector<std::string> reports) {
  TestsSettings settings;
  settings.reports = std::move(reports);
  return settings;
}

CheckedTests checked(const TestsSettings& settings, const test::FakeFiles& files) {
  auto result = check_tests(settings, {}, files, 2);
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? *result : CheckedTests{};
}

CheckedTests check_one(const std::string& report, TestsSettings settings = {}) {
  settings.reports = {"r.xml"};
  return checked(settings, test::FakeFiles{{"r.xml", report}});
}

Verdict verdict_of(const CheckedTests& tests, const policy::Exemptions& exemptions = {}) {
  return policy::judge({}, {}, tests.evidence, exemptions).verdict;
}

const Finding* found(const CheckedTests& tests, std::string_view rule) {
  const auto& findings = tests.evidence.findings;
  const auto one =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.rule == rule; });
  return one == findings.end() ? nullptr : &*one;
}

std::vector<std::string> rules_of(const CheckedTests& tests) {
  std::vector<std::string> rules;
  for (const Finding& finding : tests.evidence.findings) rules.push_back(finding.rule);
  return rules;
}

policy::Exemptions exempt(const std::string& rule, const std::string& test) {
  policy::Exemption exemption;
  exemption.id = "E-1";
  exemption.rule = rule;
  exemption.scope.tests = {test};
  return {{exemption}, {}};
}

TEST(Tests, PassesWhatPassed) {
  const CheckedTests tests = check_one(kGreen);
  EXPECT_THAT(rules_of(tests), IsEmpty());
  EXPECT_EQ(verdict_of(tests), Verdict::passed);
  EXPECT_EQ(total_examined(tests.evidence), 3U) << "a report and two tests";
  ASSERT_EQ(tests.evidence.inputs.size(), 1U);
  EXPECT_EQ(tests.evidence.inputs[0].bytes, std::string{kGreen}.size());
}

TEST(Tests, NeverPassesByAccident) {
  struct Row {
    const char* name;
    std::string report;
    const char* rule;
  };
  const Row rows[] = {
      {"empty file", "", "tests.malformed_report"},
      {"blank file", " \n\n", "tests.malformed_report"},
      {"no suites", "<testsuites/>", "tests.zero"},
      {"suites without tests",
       "<testsuites><testsuite name='a'/><testsuite name='b'></testsuite></testsuites>", "tests.zero"},
      {"all skipped", "<testsuite><testcase name='a'><skipped/></testcase></testsuite>", "tests.zero"},
      {"all disabled", "<testsuite><testcase name='a' status='disabled'/></testsuite>", "tests.zero"},
      {"truncated after a green test", "<testsuite><testcase name='a'/>", "tests.malformed_report"},
      {"garbage behind the root", "<testsuite><testcase name='a'/></testsuite>x", "tests.malformed_report"},
      {"another XML document", "<coverage><testcase name='a'/></coverage>", "tests.malformed_report"},
      {"no test report", "hello", "tests.malformed_report"},
      {"binary",
       std::string("\x7F"
                   "ELF\0\0",
                   6),
       "tests.malformed_report"},
      {"a test that did not run",
       "<testsuite><testcase name='a'/><testcase name='b' status='notrun'/></testsuite>", "tests.not_run"},
      {"an error", "<testsuite><testcase name='a'/><testcase name='b'><error/></testcase></testsuite>",
       "tests.errored"},
      {"a suite that broke", "<testsuite><testcase name='a'/><error message='x'/></testsuite>",
       "tests.suite_failed"},
      {"failures that only attributes tell of",
       "<testsuites><testsuite name='a'><testcase name='t'/></testsuite><testsuite name='b' tests='3' "
       "failures='1'/></testsuites>",
       "tests.failed"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const CheckedTests tests = check_one(row.report);
    EXPECT_EQ(verdict_of(tests), Verdict::failed);
    EXPECT_NE(found(tests, row.rule), nullptr) << ::testing::PrintToString(rules_of(tests));
  }
}

TEST(Tests, NeverPassesAReportCutAnywhere) {
  const std::string report = kGreen;
  for (std::size_t end = 0; end < report.size(); ++end) {
    EXPECT_EQ(verdict_of(check_one(report.substr(0, end))), Verdict::failed) << "cut at byte " << end;
  }
}

TEST(Tests, SaysWhatAFailingTestSaid) {
  const CheckedTests tests = check_one(kRed);
  EXPECT_EQ(verdict_of(tests), Verdict::failed);
  const Finding* failed = found(tests, "tests.failed");
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->subject, "s::b");
  EXPECT_EQ(failed->message, "1 is not 2");
  EXPECT_EQ(failed->location, (policy::Location{"src/b.c", 3, 0, ""}));
}

TEST(Tests, FindsAnotherMachinesPathHere) {
  const std::string report =
      "<testsuite name='s'><testcase name='b' file='C:\\ci\\build\\src\\b.c' "
      "line='3'><failure/></testcase></testsuite>";
  const CheckedTests tests =
      checked(settings_for({"r.xml"}), test::FakeFiles{{"r.xml", report}, {"src/b.c", ""}});
  ASSERT_NE(found(tests, "tests.failed"), nullptr);
  EXPECT_EQ(found(tests, "tests.failed")->location.file, "src/b.c");
}

TEST(Tests, GivesMalformedReportsTheirPlace) {
  const CheckedTests tests = check_one("<testsuite>\n<testcase name='a'/>\n<testcase name=b/>\n</testsuite>");
  const Finding* malformed = found(tests, "tests.malformed_report");
  ASSERT_NE(malformed, nullptr);
  EXPECT_EQ(malformed->location.file, "r.xml");
  EXPECT_EQ(malformed->location.line, 3U);
  EXPECT_THAT(malformed->message, HasSubstr("1 test before it counted"));
}

TEST(Tests, AnExemptedFailureBlocksNothing) {
  const CheckedTests tests = check_one(kRed);
  EXPECT_EQ(verdict_of(tests, exempt("tests.failed", "s::b")), Verdict::passed);
  EXPECT_EQ(verdict_of(tests, exempt("tests.failed", "s::a")), Verdict::failed);
  EXPECT_EQ(verdict_of(tests, exempt("tests.errored", "s::b")), Verdict::failed);
}

TEST(Tests, LimitsTolerateOrCountOneByOne) {
  const std::string report =
      "<testsuites><testsuite name='fast'><testcase name='1'/><testcase name='2'/><testcase "
      "name='3'/><testcase name='4'><failure/></testcase></testsuite>"
      "<testsuite name='slow'><testcase name='5'/><testcase "
      "name='6'><failure/></testcase></testsuite></testsuites>";
  struct Row {
    const char* name;
    policy::TestLimits whole;
    std::map<std::string, policy::TestLimits> suites;
    Verdict verdict;
  };
  const auto most = [](std::uint64_t count) {
    return policy::TestLimits{std::nullopt, count, std::nullopt, std::nullopt};
  };
  const auto rate = [](const char* percent) {
    return policy::TestLimits{percent, std::nullopt, std::nullopt, std::nullopt};
  };
  const Row rows[] = {
      {"no limit: nothing may fail", {}, {}, Verdict::failed},
      {"as many as allowed", most(2), {}, Verdict::warned},
      {"one more than allowed", most(1), {}, Verdict::failed},
      {"a rate that is reached", rate("66.66"), {}, Verdict::warned},
      {"a rate that is just missed", rate("66.67"), {}, Verdict::failed},
      {"a count kept, a rate missed", {"90", 2, std::nullopt, std::nullopt}, {}, Verdict::failed},
      {"one suite may fail, the other not", {}, {{"slow", most(1)}}, Verdict::failed},
      {"both suites may fail", {}, {{"slow", most(1)}, {"fast", most(1)}}, Verdict::warned},
      {"by glob", {}, {{"*", most(2)}}, Verdict::warned},
      {"the run may, a suite may not", most(2), {{"slow", most(0)}}, Verdict::failed},
      {"a suite that does not exist ran no test", most(2), {{"slwo", most(0)}}, Verdict::failed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    TestsSettings settings;
    settings.limits = row.whole;
    settings.suites = row.suites;
    EXPECT_EQ(verdict_of(check_one(report, settings)), row.verdict);
  }
}

TEST(Tests, AMissedPassRateFailsUnlessEveryFailureIsExempted) {
  TestsSettings settings;
  settings.limits.min_pass_rate = "90";
  const CheckedTests tests = check_one(kRed, settings);
  const Finding* rate = found(tests, "tests.pass_rate");
  ASSERT_NE(rate, nullptr);
  EXPECT_EQ(rate->message, "50.00% passed, at least 90% asked: each failure counts");
  EXPECT_EQ(verdict_of(tests), Verdict::failed);
  EXPECT_EQ(verdict_of(tests, exempt("tests.failed", "s::b")), Verdict::passed);
}

TEST(Tests, FlakyTestsWarnUntilThereAreTooMany) {
  const std::string report =
      "<testsuite name='s'><testcase name='a'/><testcase name='b'><flakyFailure "
      "message='timeout'/></testcase></testsuite>";
  const CheckedTests tests = check_one(report);
  EXPECT_EQ(verdict_of(tests), Verdict::warned);
  ASSERT_NE(found(tests, "tests.flaky"), nullptr);
  EXPECT_EQ(found(tests, "tests.flaky")->message, "passed after 1 failed attempt: timeout");
  EXPECT_EQ(verdict_of(tests, exempt("tests.flaky", "s::b")), Verdict::passed);

  TestsSettings settings;
  settings.limits.max_flaky = 0;
  const CheckedTests strict = check_one(report, settings);
  EXPECT_EQ(verdict_of(strict), Verdict::failed);
  EXPECT_EQ(verdict_of(strict, exempt("tests.flaky", "s::b")), Verdict::passed)
      << "an exempted one does not count";
}

TEST(Tests, CountsSkippedTestsAgainstTheirLimit) {
  const std::string report =
      "<testsuite name='s'><testcase name='a'/><testcase name='b'><skipped/></testcase></testsuite>";
  EXPECT_EQ(verdict_of(check_one(report)), Verdict::passed);
  TestsSettings settings;
  settings.limits.max_skipped = 0;
  const CheckedTests tests = check_one(report, settings);
  EXPECT_EQ(verdict_of(tests), Verdict::failed);
  ASSERT_NE(found(tests, "tests.max_skipped"), nullptr);
  EXPECT_EQ(found(tests, "tests.max_skipped")->message, "1 skipped, at most 0 allowed");
}

TEST(Tests, AttributesAloneEarnNoPass) {
  const CheckedTests tests = check_one("<testsuite name='s' tests='3'/>");
  EXPECT_EQ(verdict_of(tests), Verdict::failed);
  EXPECT_EQ(tests.run.totals.total(), 3U);
  EXPECT_NE(found(tests, "tests.counted_by_attributes"), nullptr);
}

TEST(Tests, OneReportWithoutTestsIsNoPassBesideOthers) {
  const test::FakeFiles files{{"a.xml", kGreen}, {"b.xml", "<testsuites/>"}};
  TestsSettings settings = settings_for({"a.xml", "b.xml"});
  EXPECT_EQ(verdict_of(checked(settings, files)), Verdict::failed);
  settings.allow_empty = true;
  EXPECT_EQ(verdict_of(checked(settings, files)), Verdict::passed);
}

TEST(Tests, MissesAnExpectedPart) {
  TestsSettings settings = settings_for({"artifacts"});
  settings.expect = {"unit", "e2e-{1..2}"};
  const test::FakeFiles files{
      {"artifacts/unit/r.xml", kGreen},
      {"artifacts/e2e-1.xml", "<testsuite name='x'><testcase name='t'/></testsuite>"}};
  const CheckedTests tests = checked(settings, files);
  ASSERT_NE(found(tests, "tests.missing_part"), nullptr);
  EXPECT_EQ(found(tests, "tests.missing_part")->subject, "e2e-2");
  EXPECT_EQ(verdict_of(tests), Verdict::failed);
}

TEST(Tests, ACopyDeliversNoPart) {
  TestsSettings settings = settings_for({"e2e-1.xml", "e2e-2.xml"});
  settings.expect = {"e2e-{1..2}"};
  const CheckedTests tests = checked(settings, test::FakeFiles{{"e2e-1.xml", kGreen}, {"e2e-2.xml", kGreen}});
  EXPECT_EQ(tests.run.totals.total(), 2U) << "counted once";
  ASSERT_NE(found(tests, "tests.duplicate_report"), nullptr);
  EXPECT_THAT(found(tests, "tests.duplicate_report")->message, HasSubstr("the same bytes as e2e-1.xml"));
  ASSERT_NE(found(tests, "tests.missing_part"), nullptr);
  EXPECT_EQ(found(tests, "tests.missing_part")->subject, "e2e-2");
}

TEST(Tests, CountsAnAggregateThroughItsParts) {
  const std::string a =
      "<testsuite name='a'><testcase classname='A' name='1' time='0.1'/><testcase classname='A' name='2' "
      "time='0.2'><failure/></testcase></testsuite>";
  const std::string b = "<testsuite name='b'><testcase classname='B' name='1' time='0.3'/></testsuite>";
  const test::FakeFiles files{{"r/TEST-A.xml", a},
                              {"r/TEST-B.xml", b},
                              {"r/TESTS-TestSuites.xml", "<testsuites>" + a + b + "</testsuites>"},
                              {"r/c.xml", "<testsuites/>"}};
  const CheckedTests tests = checked(settings_for({"r"}), files);
  EXPECT_EQ(tests.run.totals.total(), 3U);
  EXPECT_EQ(std::count_if(tests.evidence.findings.begin(), tests.evidence.findings.end(),
                          [](const Finding& f) { return f.rule == "tests.failed"; }),
            1);
  ASSERT_NE(found(tests, "tests.duplicate_report"), nullptr);
  EXPECT_EQ(found(tests, "tests.duplicate_report")->subject, "r/TESTS-TestSuites.xml");
}

TEST(Tests, TakesBazelsFailedAttemptsIntoTheLastOne) {
  const std::string failed =
      "<testsuite name='s'><testcase name='a'/><testcase name='b'><failure message='first'/></testcase>"
      "<testcase name='c'><failure message='then'/></testcase></testsuite>";
  const std::string last =
      "<testsuite name='s'><testcase name='a'/><testcase name='b'/>"
      "<testcase name='c'><failure message='now'/></testcase></testsuite>";
  const test::FakeFiles files{{"p/test.xml", last},
                              {"p/test_attempts/attempt_1.xml", failed},
                              {"p/test_attempts/attempt_2.xml", "<testsuite name='s'>"}};
  TestsSettings settings = settings_for({"p"});
  settings.suites["s"] = {};
  const CheckedTests tests = checked(settings, files);
  EXPECT_EQ(tests.run.totals.total(), 3U);
  EXPECT_EQ(tests.run.totals[testing::Outcome::flaky], 1U);
  EXPECT_EQ(tests.run.suites[0].totals[testing::Outcome::flaky], 1U);
  EXPECT_THAT(rules_of(tests), ElementsAre("tests.failed", "tests.flaky"));
  ASSERT_NE(found(tests, "tests.flaky"), nullptr);
  EXPECT_EQ(found(tests, "tests.flaky")->message, "passed after 1 failed attempt: first");
  ASSERT_EQ(tests.run.cases.size(), 2U);
  ASSERT_EQ(tests.run.cases[0].attempts.size(), 2U);
  EXPECT_EQ(tests.run.cases[0].attempts[0].message, "then");
  EXPECT_EQ(tests.run.cases[0].attempts[1].message, "now");

  const CheckedTests alone = checked(settings_for({"p/test_attempts"}), files);
  EXPECT_EQ(alone.run.totals.failures(), 2U) << "without the last attempt, what failed has failed";
}

TEST(Tests, ComparesWithTheBaseline) {
  const std::string baseline =
      R"({"test_metadata":{},"test_results":{"total":4,"passed":3,"failed":1,"errored":0,"xfailed":0,"flaky":0,"skipped":0,"disabled":0,"not_run":0}})";
  TestsSettings settings = settings_for({"r.xml"});
  settings.baseline = "old.json";
  const test::FakeFiles files{
      {"r.xml", kGreen}, {"old.json", baseline}, {"bad.json", R"({"test_results":{"total":4}})"}};
  const CheckedTests fewer = checked(settings, files);
  EXPECT_EQ(verdict_of(fewer), Verdict::failed);
  ASSERT_NE(found(fewer, "tests.below_baseline"), nullptr);
  EXPECT_EQ(found(fewer, "tests.below_baseline")->message,
            "lost 2 of 4 tests since the baseline, at most 0 allowed");
  settings.max_lost_tests = 2;
  EXPECT_EQ(verdict_of(checked(settings, files)), Verdict::passed);
  settings.baseline = "bad.json";
  const auto bad = check_tests(settings, {}, files, 1);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::malformed);
  EXPECT_THAT(bad.error().message, HasSubstr("bad.json"));
}

TEST(Tests, AllowsAnEmptyRunWhereThePolicyDoes) {
  TestsSettings settings;
  settings.allow_empty = true;
  EXPECT_EQ(verdict_of(check_one("<testsuites/>", settings)), Verdict::passed);
  EXPECT_EQ(verdict_of(check_one("", settings)), Verdict::failed) << "an empty file is no report";
}

TEST(Tests, PassesOverWhatLiesInAFolderAndIsNoReport) {
  const test::FakeFiles files{
      {"out/r.xml", kGreen}, {"out/coverage.xml", "<coverage/>"}, {"out/empty.xml", ""}};
  const CheckedTests in_folder = checked(settings_for({"out"}), files);
  EXPECT_THAT(rules_of(in_folder), ElementsAre("tests.malformed_report", "tests.no_report"));
  EXPECT_EQ(found(in_folder, "tests.malformed_report")->subject, "out/empty.xml");
  const CheckedTests named = checked(settings_for({"out/r.xml", "out/coverage.xml"}), files);
  EXPECT_THAT(rules_of(named), ElementsAre("tests.malformed_report"));
}

TEST(Tests, TakesNoBrokenReportInAFolderForSomethingElse) {
  struct Row {
    const char* name;
    const char* text;
    bool is_other;
  };
  const Row rows[] = {
      {"another root", "<coverage/>", true},
      {"a whole JSON object", "{\"name\": \"shop\"}", true},
      {"broken off before its root", "<?xml version=\"1.0\"?>", false},
      {"broken off in its root", "<testsui", false},
      {"broken off in its JSON", "{\"numTotalTests\": 3, \"testRes", false},
      {"garbled", "\x01\x02 garbage", false},
      {"blank", "  \n", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const CheckedTests in_folder =
        checked(settings_for({"out"}), test::FakeFiles{{"out/r.xml", kGreen}, {"out/s.xml", row.text}});
    EXPECT_EQ(verdict_of(in_folder), row.is_other ? Verdict::passed : Verdict::failed);
  }
}

TEST(Tests, GlobsThatMatchNothingAreFound) {
  const CheckedTests tests =
      checked(settings_for({"r.xml", "shards/*.xml"}), test::FakeFiles{{"r.xml", kGreen}});
  EXPECT_NE(found(tests, "inputs.no_match"), nullptr);
  EXPECT_EQ(verdict_of(tests), Verdict::failed);
}

TEST(Tests, RefusesWhatItCannotDo) {
  const test::FakeFiles files{{"r.xml", kGreen}};
  struct Row {
    const char* name;
    TestsSettings settings;
    ErrorCode code;
  };
  TestsSettings bad_rate = settings_for({"r.xml"});
  bad_rate.limits.min_pass_rate = "101";
  TestsSettings bad_part = settings_for({"r.xml"});
  bad_part.expect = {"e2e-{4..1}"};
  TestsSettings twice = settings_for({"r.xml"});
  twice.expect = {"unit", "{unit,e2e}"};
  const Row rows[] = {
      {"no report named", {}, ErrorCode::usage},
      {"a report that is not there", settings_for({"none.xml"}), ErrorCode::not_found},
      {"a pass rate that is none", bad_rate, ErrorCode::malformed},
      {"a range that is none", bad_part, ErrorCode::malformed},
      {"a part expected twice", twice, ErrorCode::malformed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto result = check_tests(row.settings, {}, files, 1);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, row.code) << result.error().message;
  }
}

TEST(Tests, KeepsErrorsBeforeNotesWithinItsBound) {
  std::string cases;
  for (int i = 0; i < 30; ++i)
    cases += "<testcase name='f" + std::to_string(i) + "' time='soon'><failure/></testcase>";
  TestsSettings settings;
  settings.max_errors = 10;
  const CheckedTests tests = check_one("<testsuite name='s'>" + cases + "</testsuite>", settings);
  EXPECT_EQ(tests.evidence.findings.size(), 10U);
  for (const Finding& finding : tests.evidence.findings) EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(tests.evidence.omitted.errors, 20U);
  EXPECT_GT(tests.evidence.omitted.notes, 0U);
  EXPECT_EQ(verdict_of(tests), Verdict::failed);
}

TEST(Tests, IsTheSameOnAnyNumberOfThreads) {
  test::FakeFiles files;
  TestsSettings settings;
  for (int i = 0; i < 150; ++i) {
    const std::string name = std::to_string(i);
    files.add("r" + name + ".xml", "<testsuite name='" + name + "'><testcase name='t'><failure message='m" +
                                       name + "'/></testcase></testsuite>");
    settings.reports.push_back("r" + name + ".xml");
  }
  const auto one = check_tests(settings, {}, files, 1);
  const auto four = check_tests(settings, {}, files, 4);
  ASSERT_TRUE(one && four);
  EXPECT_EQ(one->evidence, four->evidence);
  EXPECT_EQ(one->run, four->run);
  EXPECT_EQ(one->run.totals.failures(), 150U);
}

}  // namespace
}  // namespace gate::checks
