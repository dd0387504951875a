#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_data.h"
#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// An event of package p; `test` may be empty.
std::string event(const std::string& action, const std::string& test = "", const std::string& more = "") {
  return R"({"Time":"2026-11-20T10:00:00Z","Action":")" + action + R"(","Package":"p")" +
         (test.empty() ? "" : R"(,"Test":")" + test + "\"") + more + "}\n";
}

std::string printed(const std::string& test, const std::string& text) {
  return event("output", test, R"(,"Output":")" + text + "\\n\"");
}

TEST(GoJson, CountsAndFaults) {
  struct Row {
    const char* name;
    std::string text;
    const char* tally;
    const char* fault;
  };
  const Row rows[] = {
      {"a pass", event("run", "A") + event("pass", "A", R"(,"Elapsed":0.5)") + event("pass"), "1 passed", ""},
      {"pass, fail and skip",
       event("run", "A") + event("pass", "A") + event("run", "B") + event("fail", "B") + event("run", "C") +
           event("skip", "C") + event("fail"),
       "1 failed, 1 skipped, 1 passed", ""},
      {"no test files", event("skip"), "", ""},
      {"a package that fails without a failing test", event("run", "A") + event("pass", "A") + event("fail"),
       "1 errored, 1 passed", ""},
      {"a panic: no end event, the package fails",
       event("run", "A") + printed("A", "panic: boom") + event("fail"), "1 errored", ""},
      {"no end event, but what was printed",
       event("run", "A") + printed("A", "--- PASS: A (0.00s)") + event("pass"), "1 passed", ""},
      {"no end event, and nothing printed", event("run", "A") + event("pass"), "1 errored", ""},
      {"printed a failure, and never ended",
       event("run", "A") + printed("A", "--- FAIL: A (0.00s)") + event("fail"), "1 failed", ""},
      {"subtests count beside their parents",
       event("run", "A") + event("run", "A/b") + event("fail", "A/b") + event("fail", "A") + event("fail"),
       "2 failed", ""},
      {"a build that failed",
       R"({"ImportPath":"p","Action":"build-output","Output":"x.go:3:1: syntax error\n"})"
       "\n"
       R"({"ImportPath":"p","Action":"build-fail"})"
       "\n" +
           event("start") + event("fail", "", R"(,"FailedBuild":"p")"),
       "1 errored", ""},
      {"a build that failed, and nothing more",
       R"({"ImportPath":"p","Action":"build-fail"})"
       "\n",
       "1 errored", ""},
      {"cut within a package", event("run", "A") + event("pass", "A"), "1 passed", "package p still runs"},
      {"cut within a test", event("run", "A"), "1 errored", "package p still runs"},
      {"cut within a line", event("run", "A") + event("pass", "A") + event("pass") + R"({"Time":"2026-)",
       "1 passed", "1:"},
      {"a line that is no JSON", event("run", "A") + "{\"Action\":}\n" + event("pass", "A") + event("pass"),
       "1 passed", "1:"},
      {"a plain line that a package did not build",
       event("run", "A") + event("pass", "A") + event("pass") + "FAIL\tq [build failed]\n",
       "1 errored, 1 passed", ""},
      {"a plain line that a package was not set up, before the events",
       "FAIL\tq [setup failed]\n" + event("run", "A") + event("pass", "A") + event("pass"),
       "1 errored, 1 passed", ""},
      {"a plain line of the package that failed by an event too",
       event("run", "A") + event("fail", "A") + "FAIL\tp\t0.01s\n" + event("fail") + "FAIL\n", "1 failed",
       ""},
      {"a bare FAIL", event("run", "A") + event("pass", "A") + event("pass") + "FAIL\n",
       "1 errored, 1 passed", ""},
      {"a bare panic", "panic: boom\n" + event("run", "A") + event("pass", "A") + event("pass"),
       "1 errored, 1 passed", ""},
      {"the output of a package that it did not set up",
       event("run", "A") + event("pass", "A") + printed("", "FAIL\\tp [setup failed]") + event("pass"),
       "1 errored, 1 passed", ""},
      {"the output of a test that speaks of another's build",
       event("run", "A") + printed("A", "FAIL\\tq [build failed]") + event("pass", "A") + event("pass"),
       "1 passed", ""},
      {"the same test twice",
       event("run", "A") + event("fail", "A") + event("run", "A") + event("pass", "A") + event("fail"),
       "1 failed, 1 passed", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(row.text);
    EXPECT_EQ(read.format, "go-json");
    EXPECT_EQ(tally_of(read.counted.totals), row.tally);
    EXPECT_EQ(read.counted.fault.has_value(), *row.fault != '\0')
        << (read.counted.fault ? read.counted.fault->text : "");
    if (read.counted.fault) {
      EXPECT_THAT(read.counted.fault->text, HasSubstr(row.fault));
    }
  }
}

TEST(GoJson, SaysWhyFromWhatTheTestPrinted) {
  const ReadReport read = read_report(
      event("run", "A") + printed("A", "=== RUN   A") + printed("A", "    calc_test.go:19: got 2") +
      printed("A", "--- FAIL: A (0.89s)") + event("fail", "A", R"(,"Elapsed":0.89)") + event("fail"));
  ASSERT_THAT(read.counted.cases, SizeIs(1));
  const auto& test = read.counted.cases[0];
  EXPECT_EQ(test_id(test), "p::A");
  EXPECT_EQ(test.message, "calc_test.go:19: got 2");
  EXPECT_EQ(test.file, "calc_test.go");
  EXPECT_EQ(test.line, 19U);
  EXPECT_EQ(test.duration, std::chrono::milliseconds{890});
}

TEST(GoJson, SaysThatASubtestFailedOrThePackageDid) {
  const ReadReport read =
      read_report(event("run", "A") + event("run", "A/b") + event("fail", "A/b") + event("fail", "A") +
                  event("run", "C") + printed("C", "panic: index out of range [recovered]") +
                  printed("C", "goroutine 7") + event("fail"));
  ASSERT_THAT(read.counted.cases, SizeIs(3));
  EXPECT_EQ(read.counted.cases[1].message, "a subtest failed");
  EXPECT_EQ(read.counted.cases[2].message, "panic: index out of range [recovered]");
  const ReadReport built = read_report(
      R"({"ImportPath":"q [q.test]","Action":"build-output","Output":"# q\n"})"
      "\n"
      R"({"ImportPath":"q [q.test]","Action":"build-output","Output":"q/x.go:3:1: syntax error\n"})"
      "\n"
      R"({"ImportPath":"q [q.test]","Action":"build-fail"})"
      "\n"
      R"({"Action":"fail","Package":"q","FailedBuild":"q [q.test]"})"
      "\n");
  ASSERT_THAT(built.counted.cases, SizeIs(1));
  EXPECT_EQ(test_id(built.counted.cases[0]), "q::(package)");
  EXPECT_EQ(built.counted.cases[0].file, "q/x.go");
}

TEST(GoJson, PassesOverOtherLinesAndNotesThem) {
  const ReadReport read = read_report("go: downloading x v1.0\n" + event("run", "A") +
                                      "stray output\n{ not an event\n" + event("pass", "A") + event("pass"));
  EXPECT_EQ(read.format, "go-json");
  EXPECT_FALSE(read.counted.fault);
  EXPECT_EQ(tally_of(read.counted.totals), "1 passed");
  const auto* remark = remark_of(read, "tests.other_lines");
  ASSERT_NE(remark, nullptr);
  EXPECT_THAT(remark->text, HasSubstr("3 lines"));
  EXPECT_EQ(remark->line, 1U);
}

TEST(GoJson, RefusesALineWithoutEnd) {
  const ReadReport read =
      read_report(event("run", "A") + R"({"Action":"output","Output":")" + std::string(5U << 20U, 'x') +
                      "\"}\n" + event("pass", "A") + event("pass"),
                  64U << 10U);
  ASSERT_TRUE(read.counted.fault);
  EXPECT_THAT(read.counted.fault->text, HasSubstr("longer than 4194304 bytes"));
}

TEST(GoJson, NeverPassesWhenCutAnywhere) {
  const std::string text =
      event("start") + event("run", "A") + printed("A", "--- PASS: A") + event("pass", "A") + event("pass");
  ASSERT_FALSE(read_report(text).counted.fault);
  for (std::size_t end = 0; end + 1 < text.size(); ++end) {
    const ReadReport read = read_report(std::string_view{text}.substr(0, end));
    EXPECT_TRUE(read.counted.fault || read.counted.totals.failures() > 0) << "cut at byte " << end;
  }
}

TEST(GoJson, AgreesWithGotestsum) {
  REQUIRE_TEST_DATA(folder, "test-reports/gotestsum/testjson");
  const KnownReport rows[] = {
      {"input/go-test-json.out", "1 errored, 12 failed, 5 skipped, 42 passed"},
      {"input/go-test-json-with-shuffle.out", "1 errored, 12 failed, 5 skipped, 42 passed"},
      {"input/go-test-json-with-parallel-fails.out", "8 failed, 4 passed"},
      {"input/go-test-json-missing-test-fail.out", "1 errored"},
      {"input/go-test-json-missing-skip-msg.out", "2 skipped, 40 passed"},
      {"input/go-test-json-with-attributes.out", "1 passed"},
      {"go-test-json-with-nonjson-stdout.out", "1 passed"},
  };
  expect_tallies(folder, rows);
}

}  // namespace
}  // namespace gate::load
