#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_data.h"
#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

using gate::testing::Outcome;
using gate::testing::TestCase;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string suite(const std::string& cases, const std::string& attributes = "") {
  return "<testsuite name=\"s\" " + attributes + ">" + cases + "</testsuite>";
}

TestCase only_case(const std::string& test) {
  const ReadReport read = read_all(suite(test));
  EXPECT_FALSE(read.counted.fault) << read.counted.fault->text;
  EXPECT_THAT(read.counted.cases, SizeIs(1));
  return read.counted.cases.empty() ? TestCase{} : read.counted.cases[0];
}

TEST(Junit, GivesEachTestOneOutcome) {
  struct Row {
    const char* name;
    const char* test;
    Outcome outcome;
  };
  const Row rows[] = {
      {"nothing said", R"(<testcase name="a"/>)", Outcome::passed},
      {"failure", R"(<testcase name="a"><failure/></testcase>)", Outcome::failed},
      {"error", R"(<testcase name="a"><error/></testcase>)", Outcome::errored},
      {"error beside failure and skip", R"(<testcase name="a"><skipped/><failure/><error/></testcase>)",
       Outcome::errored},
      {"failure beside skip", R"(<testcase name="a"><failure/><skipped/></testcase>)", Outcome::failed},
      {"an unknown status", R"(<testcase name="a" status="exploded"/>)", Outcome::errored},
      {"an unknown result", R"(<testcase name="a" status="run" result="incomplete"/>)", Outcome::errored},
      {"an unknown status of a failure", R"(<testcase name="a" status="exploded"><failure/></testcase>)",
       Outcome::failed},
      {"an unknown status of a skipped one", R"(<testcase name="a" status="waived"><skipped/></testcase>)",
       Outcome::skipped},
      {"a good status in capitals", R"(<testcase name="a" status="SUCCESSFUL" result="Completed"/>)",
       Outcome::passed},
      {"a failure in capitals", R"(<testcase name="a"><Failure/></testcase>)", Outcome::failed},
      {"an error in capitals", R"(<testcase name="a"><ERROR/></testcase>)", Outcome::errored},
      {"a failure by another name", R"(<testcase name="a"><fail/></testcase>)", Outcome::failed},
      {"an error by another name", R"(<testcase name="a"><aborted/></testcase>)", Outcome::errored},
      {"failure within something unknown",
       R"(<testcase name="a"><result><x><failure/></x></result></testcase>)", Outcome::failed},
      {"failure within a test in it",
       R"(<testcase name="a"><testcase name="b"><failure/></testcase></testcase>)", Outcome::failed},
      {"a failure that was printed", R"(<testcase name="a"><system-out><failure/></system-out></testcase>)",
       Outcome::passed},
      {"skip", R"(<testcase name="a"><skipped message="not today"/></testcase>)", Outcome::skipped},
      {"pytest xfail", R"(<testcase name="a"><skipped type="pytest.xfail" message="known"/></testcase>)",
       Outcome::xfailed},
      {"pytest skip", R"(<testcase name="a"><skipped type="pytest.skip" message="x"/></testcase>)",
       Outcome::skipped},
      {"unittest XFAIL", R"(<testcase name="a"><skipped type="XFAIL"/></testcase>)", Outcome::xfailed},
      {"a failure beside pytest's xfail is none it announced",
       R"(<testcase name="a"><skipped type="pytest.xfail"/><failure/></testcase>)", Outcome::failed},
      {"Catch2 mayfail",
       R"(<testcase name="a"><skipped message="TEST_CASE tagged with !mayfail"/><failure/></testcase>)",
       Outcome::xfailed},
      {"Catch2 mayfail that throws",
       R"(<testcase name="a"><skipped message="TEST_CASE tagged with !mayfail"/><error/></testcase>)",
       Outcome::errored},
      {"node todo that fails",
       R"(<testcase name="a"><skipped type="todo" message="true"/><failure/></testcase>)", Outcome::xfailed},
      {"a skip that only says todo", R"(<testcase name="a"><skipped message="todo"/><failure/></testcase>)",
       Outcome::failed},
      {"ctest's missing executable",
       R"(<testcase name="a" status="notrun"><skipped message="Unable to find executable"/></testcase>)",
       Outcome::not_run},
      {"ctest's chosen skip",
       R"(<testcase name="a" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>)",
       Outcome::skipped},
      {"ctest's skip by output",
       R"(<testcase name="a" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>)",
       Outcome::skipped},
      {"notrun without a reason", R"(<testcase name="a" status="notrun"/>)", Outcome::not_run},
      {"ctest disabled", R"(<testcase name="a" status="disabled"/>)", Outcome::disabled},
      {"GoogleTest disabled", R"(<testcase name="DISABLED_a" status="notrun" result="suppressed"/>)",
       Outcome::disabled},
      {"GoogleTest disabled, before 1.10", R"(<testcase name="DISABLED_a" status="notrun"/>)",
       Outcome::disabled},
      {"disabled attribute", R"(<testcase name="a" disabled="true"/>)", Outcome::disabled},
      {"disabled element", R"(<testcase name="a"><disabled/></testcase>)", Outcome::disabled},
      {"ctest fail without an element", R"(<testcase name="a" status="fail"/>)", Outcome::failed},
      {"status error", R"(<testcase name="a" status="error"/>)", Outcome::errored},
      {"status timeout", R"(<testcase name="a" status="Timeout"/>)", Outcome::errored},
      {"status ignored", R"(<testcase name="a" status="ignored"/>)", Outcome::skipped},
      {"a status that decides nothing", R"(<testcase name="a" status="run" result="completed"/>)",
       Outcome::passed},
      {"Surefire flaky failure", R"(<testcase name="a"><flakyFailure message="m"/></testcase>)",
       Outcome::flaky},
      {"Surefire flaky error", R"(<testcase name="a"><flakyError message="m"/></testcase>)", Outcome::flaky},
      {"failed on every run", R"(<testcase name="a"><failure/><rerunFailure/></testcase>)", Outcome::failed},
      {"marked flaky", R"(<testcase name="a" flaky="true"/>)", Outcome::flaky},
      {"marked flaky, and failed", R"(<testcase name="a" flaky="true"><failure/></testcase>)",
       Outcome::failed},
      {"elements of other namespaces", R"(<x:testcase xmlns:x="urn:x" x:name="a"><x:failure/></x:testcase>)",
       Outcome::failed},
      {"a failure in a test's output is text",
       R"(<testcase name="a"><system-out><failure/></system-out></testcase>)", Outcome::passed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(name_of(only_case(row.test).outcome), name_of(row.outcome));
  }
}

TEST(Junit, FindsTestsWhereverTheyStand) {
  struct Row {
    const char* name;
    const char* text;
    std::uint64_t tests;
    const char* last_suite;
  };
  const Row rows[] = {
      {"nested four deep",
       "<testsuites><testsuite name='a'><testsuite name='b'><testsuite name='c'><testsuite name='d'>"
       "<testcase name='t'/></testsuite></testsuite></testsuite></testsuite></testsuites>",
       1, "a/b/c/d"},
      {"between nested suites",
       "<testsuite name='a'><testcase name='1'/><testsuite name='b'><testcase "
       "name='2'/></testsuite><testcase name='3'/></testsuite>",
       3, "a"},
      {"directly under testsuites", "<testsuites name='all'><testcase name='t'/></testsuites>", 1, ""},
      {"root testsuite", "<testsuite name='a'><testcase name='t'/></testsuite>", 1, "a"},
      {"within something unknown",
       "<testsuite name='a'><tests><testsuite name='b'><testcase "
       "name='1'/></testsuite></tests><tests><testcase "
       "name='2'/></tests></testsuite>",
       2, "a"},
      {"printed by a suite",
       "<testsuite name='a'><testcase name='1'/><system-out><testcase name='2'/></system-out></testsuite>", 1,
       "a"},
      {"comments and instructions",
       "<?xml version='1.0'?><!-- c --><?pi x?><testsuites><!-- d --><testsuite><testcase "
       "name='t'/></testsuite></testsuites><!-- e -->",
       1, ""},
      {"the wrapper's name is no suite",
       "<testsuites name='AllTests'><testsuite name='S'><testcase name='t'/></testsuite></testsuites>", 1,
       "S"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_all(row.text);
    EXPECT_EQ(read.format, "junit");
    EXPECT_FALSE(read.counted.fault);
    EXPECT_EQ(read.counted.totals.total(), row.tests);
    ASSERT_FALSE(read.counted.cases.empty());
    EXPECT_EQ(read.counted.cases.back().suite, row.last_suite);
  }
}

TEST(Junit, SaysWhy) {
  struct Row {
    const char* name;
    const char* test;
    const char* message;
  };
  const Row rows[] = {
      {"message attribute",
       R"(<testcase name="a"><failure message="1 is not 2" type="T">trace</failure></testcase>)",
       "1 is not 2"},
      {"text alone", "<testcase name=\"a\"><failure type=\"T\">\n\n  it broke\n  at x</failure></testcase>",
       "it broke"},
      {"type alone", R"(<testcase name="a"><error type="NullPointerException"/></testcase>)",
       "NullPointerException"},
      {"nothing", R"(<testcase name="a"><failure/></testcase>)", "no message"},
      {"an unknown status", R"(<testcase name="a" status="exploded"/>)", "unknown status exploded"},
      {"an unknown element", R"(<testcase name="a"><fail/></testcase>)", "<fail>"},
      {"nothing but a status", R"(<testcase name="a" status="fail"><failure message=""/></testcase>)",
       "status fail, no message"},
      {"several",
       R"(<testcase name="a"><failure message="one"/><failure message="two"/><failure message="three"/></testcase>)",
       "one (and 2 more)"},
      {"behind a place", R"(<testcase name="a"><failure message="g.cpp:4&#x0A;Value of: false"/></testcase>)",
       "Value of: false"},
      {"CDATA in two", "<testcase name='a'><failure><![CDATA[a ]]]]><![CDATA[> b]]></failure></testcase>",
       "a ]]> b"},
      {"CDATA and text", "<testcase name='a'><failure>x<![CDATA[<y>]]>&amp;z</failure></testcase>", "x<y>&z"},
      {"colours", "<testcase name='a'><failure message='&#27;[31mred&#27;[0m end'/></testcase>", "red end"},
      {"colours that a tool spelled out",
       "<testcase name='a'><failure message='#x1B[31mred#x1B[0m'/></testcase>", "red"},
      {"a Python traceback",
       "<testcase name='a'><error>Traceback (most recent call last):\n  File \"x.py\", line 3\nValueError: "
       "no\n</error></testcase>",
       "ValueError: no"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(only_case(row.test).message, row.message);
  }
}

TEST(Junit, KeepsEveryFailuresText) {
  const TestCase test = only_case(
      R"(<testcase name="a"><failure message="one">first</failure><error>second</error></testcase>)");
  EXPECT_EQ(test.details, "first\n\nsecond");
}

TEST(Junit, LocatesByCaseThenFailureThenSuiteThenTrace) {
  struct Row {
    const char* name;
    const char* suite_attributes;
    const char* test;
    const char* file;
    std::size_t line;
  };
  const Row rows[] = {
      {"case", "file='s.c'",
       R"(<testcase name="a" file="c.c" line="3"><failure file="f.c" line="9"/></testcase>)", "c.c", 3},
      {"failure", "file='s.c'", R"(<testcase name="a"><failure file="f.c" line="9"/></testcase>)", "f.c", 9},
      {"suite", "file='s.c'", R"(<testcase name="a"><failure>at t.c:7</failure></testcase>)", "s.c", 0},
      {"trace", "", R"(<testcase name="a"><failure>at t.c:7</failure></testcase>)", "t.c", 7},
      {"Python trace", "",
       R"(<testcase name="a"><failure>  File "p/x.py", line 12, in f</failure></testcase>)", "p/x.py", 12},
      {".NET trace", "",
       R"(<testcase name="a"><failure>   at A.B() in C:\w\F.cs:line 67</failure></testcase>)", "C:\\w\\F.cs",
       67},
      {"Java trace", "", R"(<testcase name="a"><error>at o.T.m(T.java:29)</error></testcase>)", "T.java", 29},
      {"JavaScript trace", "",
       R"(<testcase name="a"><error>at Context.f (m.spec.js:2:88)</error></testcase>)", "m.spec.js", 2},
      {"a host and port are no place", "",
       R"(<testcase name="a"><error>connect localhost:8080 at 12:30:45</error></testcase>)", "", 0},
      {"a line that is none", "", R"(<testcase name="a" file="c.c" line="-3"><failure/></testcase>)", "c.c",
       0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_all(suite(row.test, row.suite_attributes));
    ASSERT_THAT(read.counted.cases, SizeIs(1));
    EXPECT_EQ(read.counted.cases[0].file, row.file);
    EXPECT_EQ(read.counted.cases[0].line, row.line);
  }
}

TEST(Junit, ListsAttempts) {
  const TestCase flaky = only_case(
      R"(<testcase name="a" time="0.3"><flakyFailure message="first"><stackTrace>trace 1</stackTrace><system-out>noise</system-out></flakyFailure><flakyError message="second" time="0.2">trace 2</flakyError></testcase>)");
  ASSERT_THAT(flaky.attempts, SizeIs(3));
  EXPECT_EQ(flaky.attempts[0].outcome, Outcome::failed);
  EXPECT_EQ(flaky.attempts[0].details, "trace 1");
  EXPECT_EQ(flaky.attempts[1].outcome, Outcome::errored);
  EXPECT_EQ(flaky.attempts[1].duration, milliseconds{200});
  EXPECT_EQ(flaky.attempts[2].outcome, Outcome::passed);
  EXPECT_EQ(flaky.message, "first");

  const TestCase failed = only_case(
      R"(<testcase name="a"><failure message="first"/><rerunFailure message="second"/></testcase>)");
  ASSERT_THAT(failed.attempts, SizeIs(2));
  EXPECT_EQ(failed.attempts[0].message, "first");
  EXPECT_EQ(failed.attempts[1].message, "second");
}

TEST(Junit, LeavesUnmarkedDuplicatesApart) {
  const ReadReport read = read_report(suite("<testcase name='a'><failure/></testcase><testcase name='a'/>"));
  EXPECT_EQ(tally_of(read.counted.totals), "1 failed, 1 passed");
}

TEST(Junit, NamesWhatHasNoName) {
  const ReadReport read =
      read_all("<testsuite><testcase/><testcase name=''/><testcase classname='C'/></testsuite>");
  ASSERT_THAT(read.counted.cases, SizeIs(3));
  EXPECT_EQ(read.counted.cases[0].name, "(unnamed #1)");
  EXPECT_EQ(read.counted.cases[1].name, "(unnamed #2)");
  EXPECT_EQ(test_id(read.counted.cases[2]), "C::(unnamed #3)");
}

TEST(Junit, KeepsLongNamesApart) {
  const std::string long_name(70'000, 'x');
  const ReadReport read =
      read_all(suite("<testcase name='" + long_name + "1'/><testcase name='" + long_name + "2'/>"));
  ASSERT_THAT(read.counted.cases, SizeIs(2));
  EXPECT_LE(read.counted.cases[0].name.size(), 4'096U);
  EXPECT_NE(read.counted.cases[0].name, read.counted.cases[1].name);
}

TEST(Junit, CountsElementsAndTellsOfAttributesThatDiffer) {
  const ReadReport read =
      read_report(suite("<testcase name='a'/><testcase name='b'/>", "tests='9' failures='0'"));
  EXPECT_EQ(tally_of(read.counted.totals), "2 passed");
  const auto* remark = remark_of(read, "tests.count_mismatch");
  ASSERT_NE(remark, nullptr);
  EXPECT_EQ(remark->weight, gate::testing::Weight::note);
  EXPECT_THAT(remark->text, HasSubstr("say 9 tests, it holds 2 tests"));
  EXPECT_EQ(remark_of(read_report(suite("<testcase name='a'/>", "tests='1'")), "tests.count_mismatch"),
            nullptr);
}

TEST(Junit, TellsOfFailuresThatOnlyAttributesKnow) {
  const ReadReport read = read_report(suite("<testcase name='a'/>", "tests='1' failures='1'"));
  EXPECT_EQ(tally_of(read.counted.totals), "1 passed");
  const auto* remark = remark_of(read, "tests.claimed_failures");
  ASSERT_NE(remark, nullptr);
  EXPECT_EQ(remark->weight, gate::testing::Weight::error);
  const ReadReport flaky =
      read_report(suite("<testcase name='a'><flakyFailure/></testcase>", "tests='1' failures='1'"));
  ASSERT_NE(remark_of(flaky, "tests.claimed_failures"), nullptr);
  EXPECT_EQ(remark_of(flaky, "tests.claimed_failures")->weight, gate::testing::Weight::warning);
}

TEST(Junit, UsesAttributesOnlyWhereNoTestIsListed) {
  const ReadReport read = read_report(
      "<testsuites><testsuite name='a' tests='6' failures='2' errors='1' skipped='1'/><testsuite name='b' "
      "tests='1'><testcase name='t'/></testsuite></testsuites>");
  EXPECT_EQ(tally_of(read.counted.totals), "1 errored, 2 failed, 1 skipped, 3 passed");
  ASSERT_THAT(read.counted.claims, SizeIs(1));
  EXPECT_EQ(read.counted.claims[0].suite, "a");
  const ReadReport nested = read_report("<testsuites tests='4'><testsuite name='a' tests='4'/></testsuites>");
  EXPECT_EQ(nested.counted.totals.total(), 4U) << "a parent's claim repeats its child's";
  const ReadReport absurd = read_report("<testsuite tests='2' failures='5' errors='99999999999999999999'/>");
  EXPECT_EQ(tally_of(absurd.counted.totals), "2 failed") << "never negative";
}

TEST(Junit, TellsOfASuiteThatItselfFailed) {
  const ReadReport read = read_report(suite("<error message='set-up broke'/><testcase name='a'/>"));
  const auto* remark = remark_of(read, "tests.suite_failed");
  ASSERT_NE(remark, nullptr);
  EXPECT_EQ(remark->weight, gate::testing::Weight::error);
  EXPECT_EQ(remark->text, "set-up broke");
}

TEST(Junit, AddsUpTimesAndTakesTheWallFromTheRoot) {
  const ReadReport read = read_report(
      "<testsuites time='1.5'><testsuite name='a' time='2'><testcase name='t' time='1,234.5'/></testsuite>"
      "<testsuite name='b' time='3'><testcase name='u' time='0,160'/></testsuite></testsuites>");
  EXPECT_EQ(read.counted.totals.duration, milliseconds{1'234'660});
  EXPECT_EQ(read.counted.wall, milliseconds{1'500});
  const ReadReport parallel = read_report(
      "<testsuites><testsuite name='a' time='2' timestamp='2026-11-20T10:00:00'><testcase "
      "name='t'/></testsuite>"
      "<testsuite name='b' time='3' timestamp='2026-11-20T10:00:01'><testcase "
      "name='u'/></testsuite></testsuites>");
  EXPECT_EQ(parallel.counted.wall, milliseconds{4'000});
}

TEST(Junit, ReportsATruncatedFileAndKeepsTheWholeTests) {
  const std::string text =
      "<testsuite name='s'><testcase name='a'/><testcase name='b'><failure/></testcase><testcase "
      "name='c'></testsuite>";
  const ReadReport cut = read_report(text.substr(0, text.find("<testcase name='c'>") + 10));
  EXPECT_EQ(tally_of(cut.counted.totals), "1 failed, 1 passed");
  ASSERT_TRUE(cut.counted.fault);
  EXPECT_EQ(cut.counted.fault->line, 1U);
  const ReadReport mismatched = read_report(text);
  ASSERT_TRUE(mismatched.counted.fault);
  EXPECT_EQ(mismatched.counted.fault->text, "mismatched tag");
}

TEST(Junit, IsTheSameInChunksOfAnySize) {
  const std::string text =
      "\xEF\xBB\xBF<?xml version='1.0'?>\n<testsuites><testsuite name='\xC3\xA9 \xF0\x9F\x98\x80' "
      "tests='2'><testcase name='a&#27;b' time='0.1'>"
      "<failure message='\x1B[31mred &amp; blue'>x.c:3: \xFF\n<![CDATA[&#27; "
      "]]></failure></testcase><testcase name='b'/></testsuite></testsuites>";
  const ReadReport whole = read_report(text);
  EXPECT_EQ(tally_of(whole.counted.totals), "1 failed, 1 passed");
  for (std::size_t chunk = 1; chunk < 40; ++chunk) {
    SCOPED_TRACE(chunk);
    const ReadReport pieces = read_report(text, chunk);
    EXPECT_EQ(pieces.counted, whole.counted);
  }
}

TEST(Junit, NeverPassesWhenCutAnywhere) {
  const std::string text =
      "<?xml version='1.0' encoding='UTF-8'?>\n<testsuites>\n <testsuite name='s' tests='2'>\n  <testcase "
      "name='a' time='0.1'/>\n"
      "  <testcase name='b'><skipped message='&lt;'/></testcase>\n </testsuite>\n</testsuites>";
  ASSERT_FALSE(read_report(text).counted.fault);
  for (std::size_t end = 0; end < text.size(); ++end) {
    EXPECT_TRUE(read_report(std::string_view{text}.substr(0, end)).counted.fault) << "cut at byte " << end;
  }
}

TEST(Junit, TakesTenThousandSuitesWithinEachOtherAndNoMore) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "<testsuite name='s'>";
    text += "<testcase name='t'/>";
    for (std::size_t i = 0; i < depth; ++i) text += "</testsuite>";
    return text;
  };
  const ReadReport deep = read_report(nested(9'999));
  EXPECT_FALSE(deep.counted.fault);
  EXPECT_EQ(deep.counted.totals.total(), 1U);
  const ReadReport deeper = read_report(nested(10'001));
  ASSERT_TRUE(deeper.counted.fault);
  EXPECT_THAT(deeper.counted.fault->text, HasSubstr("nested deeper than 10000"));
}

TEST(Junit, RefusesADocumentTypeDeclaration) {
  const ReadReport read = read_report(
      "<!DOCTYPE testsuites [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
      "\"&a;&a;&a;\">]><testsuites><testsuite><testcase name='&b;'/></testsuite></testsuites>");
  ASSERT_TRUE(read.counted.fault);
  EXPECT_THAT(read.counted.fault->text, HasSubstr("document type declaration is refused"));
  EXPECT_EQ(read.counted.totals.total(), 0U);
}

TEST(Junit, RefusesATagThatNeverEnds) {
  const ReadReport read = read_report("<testsuite name='" + std::string(3U << 20U, 'x') + "'/>", 64U << 10U);
  ASSERT_TRUE(read.counted.fault);
  EXPECT_THAT(read.counted.fault->text, HasSubstr("longer than 1048576 bytes"));
}

TEST(Junit, CapsLongTexts) {
  const ReadReport read = read_report(suite("<testcase name='a'><failure>" + std::string(11U << 20U, 'x') +
                                            "</failure><system-out>" + std::string(11U << 20U, 'y') +
                                            "</system-out></testcase>"));
  ASSERT_FALSE(read.counted.fault);
  ASSERT_THAT(read.counted.cases, SizeIs(1));
  EXPECT_EQ(read.counted.cases[0].details.size(), 16'384U);
  EXPECT_NE(remark_of(read, "tests.capped_text"), nullptr);
}

TEST(Junit, BoundsWhatItKeepsAndCountsTheRest) {
  std::string cases;
  for (int i = 0; i < 50; ++i) cases += "<testcase name='f" + std::to_string(i) + "'><failure/></testcase>";
  gate::testing::TallyLimits limits;
  limits.failures = 20;
  const ReadReport read = read_report(suite(cases), 4'096, limits);
  EXPECT_EQ(read.counted.totals[Outcome::failed], 50U);
  EXPECT_THAT(read.counted.cases, SizeIs(20));
  EXPECT_EQ(read.counted.omitted_cases, 30U);
}

// What the runners themselves said of these suites (TRUTH.json beside them).
TEST(Junit, AgreesWithTheRunnersThemselves) {
  REQUIRE_TEST_DATA(folder, "test-reports/generated");
  const KnownReport rows[] = {
      {"gtest-1.12.1.xml", "3 failed, 1 skipped, 1 disabled, 5 passed"},
      {"gtest-filtered.xml", "1 failed, 1 skipped, 1 disabled, 2 passed"},
      {"catch2-2.13.10.xml", "1 errored, 3 failed, 1 xfailed, 3 passed"},
      {"ctest-3.25.1.xml", "3 failed, 1 not_run, 1 skipped, 1 disabled, 3 passed"},
      {"ctest-repeat.xml", "3 failed, 1 not_run, 1 skipped, 1 disabled, 3 passed"},
      {"pytest-7.2.1-xunit1.xml", "3 errored, 5 failed, 1 xfailed, 1 skipped, 10 passed"},
      {"mocha-xunit.xml", "3 failed, 2 skipped, 1 passed"},
  };
  expect_tallies(folder, rows);
}

}  // namespace
}  // namespace gate::load
