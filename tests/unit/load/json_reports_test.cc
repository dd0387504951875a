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

std::string gtest_report(const std::string& tests, int claimed = 1) {
  return R"({"tests":)" + std::to_string(claimed) +
         R"(,"name":"AllTests","time":"1.5s","testsuites":[{"name":"S","tests":1,"testsuite":[)" + tests +
         "]}]}";
}

std::string ctrf_report(const std::string& tests, const std::string& summary = R"("tests":1,"failed":0)") {
  return R"({"reportFormat":"CTRF","specVersion":"1.0.0","results":{"tool":{"name":"t"},"summary":{)" +
         summary + R"(},"tests":[)" + tests + "]}}";
}

TEST(GtestJson, GivesEachTestOneOutcome) {
  struct Row {
    const char* name;
    const char* test;
    Outcome outcome;
  };
  const Row rows[] = {
      {"passed", R"({"name":"a","status":"RUN","result":"COMPLETED"})", Outcome::passed},
      {"failed", R"({"name":"a","status":"RUN","result":"COMPLETED","failures":[{"failure":"x.cc:3\nno"}]})",
       Outcome::failed},
      {"skipped", R"({"name":"a","status":"RUN","result":"SKIPPED"})", Outcome::skipped},
      {"disabled", R"({"name":"DISABLED_a","status":"NOTRUN","result":"SUPPRESSED"})", Outcome::disabled},
      {"disabled, before 1.10", R"({"name":"DISABLED_a","status":"NOTRUN"})", Outcome::disabled},
      {"not run", R"({"name":"a","status":"NOTRUN"})", Outcome::not_run},
      {"interrupted", R"({"name":"a","status":"RUN","result":"INTERRUPTED"})", Outcome::errored},
      {"an unknown status", R"({"name":"a","status":"EXPLODED"})", Outcome::errored},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(gtest_report(row.test));
    EXPECT_EQ(read.format, "gtest-json");
    EXPECT_EQ(tally_of(read.counted.totals), "1 " + std::string{name_of(row.outcome)});
  }
}

TEST(GtestJson, ReadsPlaceTimeAndEveryFailure) {
  const ReadReport read = read_report(gtest_report(
      R"({"name":"a","classname":"S","file":"x.cc","line":3,"time":"0.25s","status":"RUN","result":"COMPLETED","failures":[{"failure":"x.cc:4\nfirst"},{"failure":"second"}]})",
      2));
  ASSERT_THAT(read.counted.cases, SizeIs(1));
  const auto& test = read.counted.cases[0];
  EXPECT_EQ(test_id(test), "S::S::a");
  EXPECT_EQ(test.message, "first (and 1 more)");
  EXPECT_EQ(test.details, "x.cc:4\nfirst\n\nsecond");
  EXPECT_EQ(test.file, "x.cc");
  EXPECT_EQ(test.line, 3U);
  EXPECT_EQ(test.duration, std::chrono::milliseconds{250});
  EXPECT_EQ(read.counted.wall, std::chrono::milliseconds{1'500});
  EXPECT_NE(remark_of(read, "tests.count_mismatch"), nullptr);
}

TEST(Ctrf, GivesEachTestOneOutcome) {
  struct Row {
    const char* name;
    const char* test;
    Outcome outcome;
  };
  const Row rows[] = {
      {"passed", R"({"name":"a","status":"passed","duration":1})", Outcome::passed},
      {"flaky", R"({"name":"a","status":"passed","flaky":true,"duration":1})", Outcome::flaky},
      {"failed", R"({"name":"a","status":"failed","duration":1})", Outcome::failed},
      {"failed, and flaky means nothing", R"({"name":"a","status":"failed","flaky":true,"duration":1})",
       Outcome::failed},
      {"errored", R"({"name":"a","status":"failed","rawStatus":"errored"})", Outcome::errored},
      {"timed out", R"({"name":"a","status":"failed","rawStatus":"timedOut"})", Outcome::errored},
      {"not run", R"({"name":"a","status":"failed","rawStatus":"not_run"})", Outcome::not_run},
      {"a raw status cannot undo a failure", R"({"name":"a","status":"failed","rawStatus":"skipped"})",
       Outcome::failed},
      {"nor hide one", R"({"name":"a","status":"passed","rawStatus":"failed"})", Outcome::failed},
      {"skipped", R"({"name":"a","status":"skipped"})", Outcome::skipped},
      {"pending", R"({"name":"a","status":"pending"})", Outcome::skipped},
      {"disabled", R"({"name":"a","status":"pending","rawStatus":"disabled"})", Outcome::disabled},
      {"other", R"({"name":"a","status":"other"})", Outcome::errored},
      {"an expected failure", R"({"name":"a","status":"other","rawStatus":"xfailed"})", Outcome::xfailed},
      {"other that claims to have passed", R"({"name":"a","status":"other","rawStatus":"passed"})",
       Outcome::errored},
      {"no status", R"({"name":"a"})", Outcome::errored},
      {"no object", "7", Outcome::errored},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(ctrf_report(row.test));
    EXPECT_EQ(read.format, "ctrf");
    EXPECT_EQ(tally_of(read.counted.totals), "1 " + std::string{name_of(row.outcome)});
  }
}

TEST(Ctrf, ReadsSuitesAttemptsAndTimes) {
  const ReadReport read = read_report(ctrf_report(
      R"({"name":"a","status":"passed","flaky":true,"duration":300,"suite":["x","y"],"filePath":"a.ts","line":4,"retryAttempts":[{"attempt":1,"status":"failed","message":"timeout","duration":120},{"attempt":2,"status":"passed"}]})",
      R"("tests":1,"start":1700000000000,"stop":1700000002500)"));
  ASSERT_THAT(read.counted.cases, SizeIs(1));
  const auto& test = read.counted.cases[0];
  EXPECT_EQ(test_id(test), "x/y::a");
  EXPECT_EQ(test.duration, std::chrono::milliseconds{300});
  ASSERT_THAT(test.attempts, SizeIs(2));
  EXPECT_EQ(test.attempts[0].outcome, Outcome::failed);
  EXPECT_EQ(test.message, "timeout");
  EXPECT_EQ(read.counted.wall, std::chrono::milliseconds{2'500});
}

TEST(GtestJson, WarnsOfFailuresThatOnlyItsCountsKnow) {
  const ReadReport read = read_report(
      R"({"tests":2,"failures":2,"testsuites":[{"name":"S","testsuite":[{"name":"a","status":"RUN","result":"COMPLETED"}]}]})");
  ASSERT_NE(remark_of(read, "tests.claimed_failures"), nullptr);
  ASSERT_NE(remark_of(read, "tests.count_mismatch"), nullptr);
}

TEST(Ctrf, WarnsOfFailuresThatOnlyTheSummaryKnows) {
  const ReadReport read =
      read_report(ctrf_report(R"({"name":"a","status":"passed"})", R"("tests":5,"failed":2)"));
  ASSERT_NE(remark_of(read, "tests.claimed_failures"), nullptr);
  ASSERT_NE(remark_of(read, "tests.count_mismatch"), nullptr);
}

TEST(JsonReports, GiveAFaultItsPlace) {
  const ReadReport read = read_report("{\n \"reportFormat\": \"CTRF\",\n \"results\": }");
  EXPECT_EQ(read.format, "ctrf");
  ASSERT_TRUE(read.counted.fault);
  EXPECT_EQ(read.counted.fault->line, 3U);
  EXPECT_GT(read.counted.fault->column, 0U);
}

TEST(JsonReports, AreRefusedOverTheirLimit) {
  const ReadReport read = read_report(ctrf_report(R"({"name":")" + std::string(17U << 20U, 'x') + R"("})"));
  ASSERT_TRUE(read.counted.fault);
  EXPECT_THAT(read.counted.fault->text, HasSubstr("longer than the 16777216 bytes"));
}

TEST(JsonReports, NeverPassWhenCutAnywhere) {
  for (const std::string& text : {gtest_report(R"({"name":"a","status":"RUN","result":"COMPLETED"})"),
                                  ctrf_report(R"({"name":"a","status":"passed"})")}) {
    ASSERT_EQ(tally_of(read_report(text).counted.totals), "1 passed");
    for (std::size_t end = 0; end < text.size(); ++end) {
      EXPECT_TRUE(read_report(std::string_view{text}.substr(0, end)).counted.fault) << "cut at byte " << end;
    }
  }
}

TEST(JsonReports, OfOthers) {
  REQUIRE_TEST_DATA(folder, "test-reports");
  const KnownReport rows[] = {
      {"generated/gtest-1.12.1.json", "3 failed, 1 skipped, 1 disabled, 5 passed"},
      {"ctrf/examples/comprehensive.json", "1 failed, 1 flaky, 1 passed"},
      {"ctrf/examples/minimal.json", "1 passed"},
      {"ctrf/examples/with-retries.json", "1 flaky, 1 passed"},
      {"ctrf/examples/with-diagnostics.json", "1 failed"},
  };
  expect_tallies(folder, rows);
}

}  // namespace
}  // namespace gate::load
