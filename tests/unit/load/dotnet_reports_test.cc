#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_data.h"
#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

using gate::testing::Outcome;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string trx(const std::string& results, const std::string& rest = "") {
  return "<?xml version='1.0' encoding='utf-8'?><TestRun id='1' name='me@here' "
         "xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'>"
         "<Times start='2026-11-20T08:00:00.0000000+02:00' "
         "finish='2026-11-20T08:00:01.5000000+02:00'/><Results>" +
         results + "</Results>" + rest + "</TestRun>";
}

TEST(Trx, GivesEachOutcomeAClass) {
  struct Row {
    const char* outcome;
    Outcome expected;
  };
  const Row rows[] = {
      {"Passed", Outcome::passed},
      {"Completed", Outcome::passed},
      {"Warning", Outcome::passed},
      {"Failed", Outcome::failed},
      {"Error", Outcome::errored},
      {"Timeout", Outcome::errored},
      {"Aborted", Outcome::errored},
      {"Disconnected", Outcome::errored},
      {"PassedButRunAborted", Outcome::errored},
      {"NotExecuted", Outcome::skipped},
      {"Inconclusive", Outcome::skipped},
      {"NotRunnable", Outcome::not_run},
      {"InProgress", Outcome::not_run},
      {"Unheard", Outcome::not_run},
      {"", Outcome::errored},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.outcome);
    const std::string attribute = *row.outcome == '\0' ? "" : std::string{"outcome='"} + row.outcome + "'";
    const ReadReport read = read_report(trx("<UnitTestResult testName='A.B.C' " + attribute + "/>"));
    EXPECT_EQ(read.format, "trx");
    EXPECT_EQ(tally_of(read.counted.totals), "1 " + std::string{name_of(row.expected)});
  }
}

TEST(Trx, TakesTheClassFromTheDefinitionsBehindTheResults) {
  const ReadReport read =
      read_report(trx("<UnitTestResult testId='7' testName='Adds' outcome='Failed' "
                      "duration='00:00:00.2500000'><Output><StdOut>noise</StdOut><ErrorInfo>"
                      "<Message>1 is not 2</Message><StackTrace>   at A.B.Adds() in C:\\w\\B.cs:line "
                      "12</StackTrace></ErrorInfo><TextMessages><Message>chatter</Message></TextMessages></"
                      "Output></UnitTestResult>",
                      "<TestDefinitions><UnitTest name='Adds' id='7'><TestMethod className='A.B, A, "
                      "Version=1.0' name='Adds'/></UnitTest></TestDefinitions>"));
  ASSERT_THAT(read.counted.cases, SizeIs(1));
  const auto& test = read.counted.cases[0];
  EXPECT_EQ(test_id(test), "A.B::Adds");
  EXPECT_EQ(test.message, "1 is not 2");
  EXPECT_EQ(test.line, 12U);
  EXPECT_EQ(test.duration, std::chrono::milliseconds{250});
  EXPECT_EQ(read.counted.wall, std::chrono::milliseconds{1'500});
  EXPECT_TRUE(read.counted.started_at);
}

TEST(Trx, CountsDataRowsInsteadOfWhatSumsThemUp) {
  const std::string rows =
      "<InnerResults><UnitTestResult testName='T (1)' outcome='Passed'/><UnitTestResult testName='T (2)' "
      "outcome='Failed'/></InnerResults>";
  EXPECT_EQ(
      tally_of(read_report(trx("<UnitTestResult testName='T' outcome='Failed'>" + rows + "</UnitTestResult>"))
                   .counted.totals),
      "1 failed, 1 passed");
  const std::string green =
      "<InnerResults><UnitTestResult testName='T (1)' outcome='Passed'/></InnerResults>";
  EXPECT_EQ(
      tally_of(read_report(trx("<UnitTestResult testName='T' outcome='Error'>" + green + "</UnitTestResult>"))
                   .counted.totals),
      "1 errored, 1 passed")
      << "what failed itself counts itself";
}

TEST(Trx, TellsOfARunThatBrokeWithoutAFailingTest) {
  const std::string passed = "<UnitTestResult testName='T' outcome='Passed'/>";
  const std::string aborted =
      "<ResultSummary outcome='Failed'><RunInfos><RunInfo outcome='Error'><Text>The active test run was "
      "aborted. Reason: Test host process crashed</Text></RunInfo></RunInfos></ResultSummary>";
  const auto* remark = remark_of(read_report(trx(passed, aborted)), "tests.suite_failed");
  const ReadReport read = read_report(trx(passed, aborted));
  remark = remark_of(read, "tests.suite_failed");
  ASSERT_NE(remark, nullptr);
  EXPECT_EQ(remark->weight, gate::testing::Weight::error);
  EXPECT_THAT(remark->text, HasSubstr("aborted"));
  const ReadReport fine =
      read_report(trx(passed,
                      "<ResultSummary outcome='Completed'><RunInfos><RunInfo "
                      "outcome='Warning'><Text>x</Text></RunInfo></RunInfos></ResultSummary>"));
  EXPECT_EQ(remark_of(fine, "tests.suite_failed"), nullptr);
}

TEST(Trx, KeepsFailuresOfATruncatedReport) {
  const ReadReport read = read_report(
      "<TestRun><Results><UnitTestResult testName='T' outcome='Failed'/><UnitTestResult testName='U'");
  EXPECT_TRUE(read.counted.fault);
  EXPECT_EQ(tally_of(read.counted.totals), "1 failed");
}

TEST(Nunit3, GivesEachResultAClass) {
  struct Row {
    const char* attributes;
    Outcome expected;
  };
  const Row rows[] = {
      {"result='Passed'", Outcome::passed},
      {"result='Warning'", Outcome::passed},
      {"result='Failed'", Outcome::failed},
      {"result='Failed' label='Error'", Outcome::errored},
      {"result='Failed' label='Cancelled'", Outcome::errored},
      {"result='Failed' label='Invalid'", Outcome::errored},
      {"result='Skipped' label='Ignored'", Outcome::skipped},
      {"result='Skipped' label='Explicit'", Outcome::skipped},
      {"result='Skipped' label='Invalid'", Outcome::not_run},
      {"result='Inconclusive'", Outcome::skipped},
      {"", Outcome::not_run},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.attributes);
    const ReadReport read = read_report(
        std::string{"<test-run><test-suite type='Assembly' name='a.dll'><test-case fullname='N.C.M' "} +
        row.attributes + "/></test-suite></test-run>");
    EXPECT_EQ(read.format, "nunit3");
    EXPECT_EQ(tally_of(read.counted.totals), "1 " + std::string{name_of(row.expected)});
  }
}

TEST(Nunit3, ReadsNamesMessagesAndBrokenFixtures) {
  const ReadReport read = read_report(
      "<test-run duration='0.5' start-time='2026-11-20 08:00:00Z'><test-suite type='Assembly' "
      "name='C:\\b\\a.dll'><failure><message>One or more child tests had errors</message></failure>"
      "<test-suite type='TestFixture' name='F' result='Failed' site='SetUp'><failure><message>set-up "
      "broke</message></failure>"
      "<test-case name='M(1)' fullname='N.F.M(1)' classname='N.F' result='Failed' "
      "duration='0.25'><failure><message><![CDATA[Expected: 1]]></message><stack-trace>at N.F.M() in "
      "/w/F.cs:line 9</stack-trace></failure>"
      "<assertions><assertion "
      "result='Failed'><message>again</message></assertion></assertions></test-case></test-suite></"
      "test-suite></test-run>");
  ASSERT_THAT(read.counted.cases, SizeIs(1));
  const auto& test = read.counted.cases[0];
  EXPECT_EQ(test_id(test), "a.dll::N.F::M(1)");
  EXPECT_EQ(test.message, "Expected: 1");
  EXPECT_EQ(test.file, "/w/F.cs");
  EXPECT_EQ(read.counted.wall, std::chrono::milliseconds{500});
  const auto* remark = remark_of(read, "tests.suite_failed");
  ASSERT_NE(remark, nullptr);
  EXPECT_EQ(remark->subject, "F");
  EXPECT_EQ(remark->text, "set-up broke");
  EXPECT_EQ(remark->more, 0U) << "a parent that failed by its children is not told";
}

TEST(Nunit2, GivesEachResultAClass) {
  struct Row {
    const char* attributes;
    Outcome expected;
  };
  const Row rows[] = {
      {"executed='True' result='Success' success='True'", Outcome::passed},
      {"executed='True' result='Failure' success='False'", Outcome::failed},
      {"executed='True' result='Error' success='False'", Outcome::errored},
      {"executed='False' result='Ignored'", Outcome::skipped},
      {"executed='False' result='NotRunnable'", Outcome::not_run},
      {"executed='True' result='Inconclusive' success='False'", Outcome::skipped},
      {"executed='True' success='True'", Outcome::passed},
      {"executed='True' success='False'", Outcome::failed},
      {"executed='False'", Outcome::skipped},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.attributes);
    const ReadReport read = read_report(std::string{"<test-results name='x'><test-suite type='Assembly' "
                                                    "name='/b/a.dll'><results><test-case name='N.C.M' "} +
                                        row.attributes + "/></results></test-suite></test-results>");
    EXPECT_EQ(read.format, "nunit2");
    EXPECT_EQ(tally_of(read.counted.totals), "1 " + std::string{name_of(row.expected)});
  }
}

TEST(Nunit2, TellsOfAFixtureThatBroke) {
  struct Row {
    const char* name;
    const char* failure;
    bool told;
  };
  const Row rows[] = {
      {"its own", "<failure><message>TestFixtureTearDown failed</message></failure>", true},
      {"without a word", "<failure/>", true},
      {"a test in it", "<failure><message>Child test failed</message></failure>", false},
      {"nothing", "", false},
      {"ignored", "<reason><message>not on this machine</message></reason>", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(
        std::string{"<test-results><test-suite name='F' executed='True' success='False' result='Failure'>"} +
        row.failure +
        "<results><test-case name='F.A' executed='True' "
        "success='True'/></results></test-suite></test-results>");
    EXPECT_EQ(remark_of(read, "tests.suite_failed") != nullptr, row.told);
  }
}

TEST(Nunit3, TellsOfAFixtureThatBrokeWithoutAWord) {
  const ReadReport read = read_report(
      "<test-run><test-suite name='F' result='Failed' site='TearDown'><test-case name='A' fullname='F.A' "
      "result='Passed'/></test-suite></test-run>");
  const auto* remark = remark_of(read, "tests.suite_failed");
  ASSERT_NE(remark, nullptr);
  EXPECT_EQ(remark->text, "the fixture itself failed");
}

TEST(Xunit, ReadsTestsAndErrorsOutsideOfTests) {
  const ReadReport read = read_report(
      "<assemblies><assembly name='C:\\b\\a.dll' time='1.5'><errors><error type='assembly-cleanup' "
      "name='Fixture'><failure exception-type='E'><message>boom</message></failure></error></errors>"
      "<collection name='c'><test name='N.C.Passes' type='N.C' method='Passes' time='0.1' result='Pass'/>"
      "<test name='N.C.Fails(x: 1)' type='N.C' method='Fails' time='0.2' "
      "result='Fail'><failure><message>Assert.True() Failure</message><stack-trace>at N.C.Fails() in "
      "/w/C.cs:line 4</stack-trace></failure></test>"
      "<test name='N.C.Skips' type='N.C' time='0' result='Skip'><reason>not today</reason></test>"
      "<test name='N.C.Explicit' type='N.C' result='NotRun'/><test name='N.C.Odd' type='N.C' "
      "result='?'/></collection></assembly></assemblies>");
  EXPECT_EQ(read.format, "xunit");
  EXPECT_FALSE(read.counted.fault);
  EXPECT_EQ(tally_of(read.counted.totals), "1 errored, 1 failed, 1 not_run, 2 skipped, 1 passed");
  ASSERT_THAT(read.counted.cases, SizeIs(5));
  EXPECT_EQ(test_id(read.counted.cases[0]), "a.dll::Fixture");
  EXPECT_EQ(read.counted.cases[0].message, "boom");
  EXPECT_EQ(test_id(read.counted.cases[1]), "a.dll::N.C::Fails(x: 1)");
  EXPECT_EQ(read.counted.cases[1].line, 4U);
  EXPECT_EQ(read.counted.cases[2].message, "not today");
  EXPECT_EQ(read.counted.wall, std::chrono::milliseconds{1'500});
}

TEST(DotnetReports, NeverPassAgainstTheirOwnCounts) {
  const auto nunit3 = [](const std::string& run, const std::string& suite, const std::string& result) {
    return "<test-run " + run + "><test-suite name='a' " + suite + "><test-case name='t' result='" + result +
           "'/></test-suite></test-run>";
  };
  const auto nunit2 = [](const std::string& run, const std::string& suite) {
    return "<test-results " + run + "><test-suite name='a' " + suite +
           "><results><test-case name='t' result='Success'/></results></test-suite></test-results>";
  };
  const auto xunit = [](const std::string& counts, const std::string& result) {
    return "<assemblies><assembly name='a' " + counts + "><collection><test name='t' result='" + result +
           "'/></collection></assembly></assemblies>";
  };
  const auto counters = [](const std::string& counts) {
    return trx("<UnitTestResult testName='T' outcome='Passed'/>",
               "<ResultSummary outcome='Completed'><Counters total='1' " + counts + "/></ResultSummary>");
  };
  struct Row {
    const char* name;
    std::string text;
    bool told;
  };
  const Row rows[] = {
      {"NUnit 3, the run's count", nunit3("failed='8'", "", "Passed"), true},
      {"NUnit 3, the run's result", nunit3("result='Failed'", "", "Passed"), true},
      {"NUnit 3, a suite's result", nunit3("", "result='Failed'", "Passed"), true},
      {"NUnit 3, good", nunit3("result='Passed' failed='0'", "result='Passed'", "Passed"), false},
      {"NUnit 3, a test that failed", nunit3("result='Failed' failed='8'", "", "Failed"), false},
      {"NUnit 2, failures", nunit2("failures='1'", ""), true},
      {"NUnit 2, errors", nunit2("errors='1'", ""), true},
      {"NUnit 2, no success", nunit2("", "success='False'"), true},
      {"NUnit 2, good", nunit2("errors='0' failures='0'", "success='True'"), false},
      {"xUnit, failed", xunit("failed='1'", "Pass"), true},
      {"xUnit, errors", xunit("errors='1'", "Pass"), true},
      {"xUnit, good", xunit("failed='0' errors='0'", "Pass"), false},
      {"xUnit, a test that failed", xunit("failed='1'", "Fail"), false},
      {"TRX, failed", counters("failed='1'"), true},
      {"TRX, aborted", counters("aborted='1'"), true},
      {"TRX, a definition without a result",
       trx("<UnitTestResult testId='1' testName='T' outcome='Passed'/>",
           "<TestDefinitions><UnitTest id='1' name='T'/><UnitTest id='2' name='U'/></TestDefinitions>"),
       true},
      {"TRX, two results of one definition",
       trx("<UnitTestResult testId='1' testName='T' outcome='Passed'/>"
           "<UnitTestResult testId='1' testName='T' outcome='Passed'/>",
           "<TestDefinitions><UnitTest id='1' name='T'/></TestDefinitions>"),
       false},
      {"TRX, good", counters("passed='1' failed='0'"), false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(row.text);
    const auto* remark = remark_of(read, "tests.claimed_failures");
    ASSERT_EQ(remark != nullptr, row.told);
    if (row.told) {
      EXPECT_EQ(remark->weight, gate::testing::Weight::error);
    }
  }
}

TEST(DotnetReports, TellOfWarnings) {
  EXPECT_NE(remark_of(read_report(trx("<UnitTestResult testName='T' outcome='Warning'/>")), "tests.warned"),
            nullptr);
  EXPECT_NE(remark_of(read_report("<test-run><test-suite name='a'><test-case name='t' "
                                  "result='Warning'/></test-suite></test-run>"),
                      "tests.warned"),
            nullptr);
}

TEST(Trx, TellsOfARunThatDidNotEndWell) {
  const ReadReport read = read_report(trx("<UnitTestResult testName='T' outcome='Passed'/>",
                                          "<ResultSummary outcome='Exploded'></ResultSummary>"));
  EXPECT_NE(remark_of(read, "tests.suite_failed"), nullptr);
}

TEST(DotnetReports, NeverPassWhenCutAnywhere) {
  const std::string whole[] = {trx("<UnitTestResult testName='T' outcome='Passed'/>"),
                               "<test-run><test-suite type='Assembly' name='a'><test-case name='t' "
                               "result='Passed'/></test-suite></test-run>",
                               "<test-results><test-suite name='a'><results><test-case name='t' "
                               "result='Success'/></results></test-suite></test-results>",
                               "<assemblies><assembly name='a'><collection><test name='t' "
                               "result='Pass'/></collection></assembly></assemblies>"};
  for (const std::string& text : whole) {
    ASSERT_EQ(tally_of(read_report(text).counted.totals), "1 passed");
    ASSERT_FALSE(read_report(text).counted.fault);
    for (std::size_t end = 0; end < text.size(); ++end) {
      EXPECT_TRUE(read_report(std::string_view{text}.substr(0, end)).counted.fault)
          << text << " cut at byte " << end;
    }
  }
}

TEST(DotnetReports, OfOthersAreCountedAsTheyAreMeant) {
  REQUIRE_TEST_DATA(folder, "test-reports/dorny/fixtures");
  const KnownReport rows[] = {
      {"dotnet-trx.trx", "5 failed, 1 skipped, 5 passed"},
      {"dotnet-xunitv3.trx", "3 failed, 1 passed"},
      {"dotnet-nunit.xml", "2 errored, 3 failed, 1 skipped, 3 passed"},
      {"external/nunit-sample.xml", "1 errored, 1 failed, 2 not_run, 2 skipped, 12 passed"},
      {"external/FluentValidation.Tests.trx", "1 skipped, 803 passed"},
      {"external/SilentNotes.trx", "12 skipped, 67 passed"},
      {"empty/dotnet-trx.trx", ""},
  };
  expect_tallies(folder, rows);
}

}  // namespace
}  // namespace gate::load
