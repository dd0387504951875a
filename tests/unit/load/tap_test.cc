#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/load/tap_line.h"
#include "tests/support/test_data.h"
#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(TapLine, TakesTestLinesApart) {
  using Directive = TapLine::Directive;
  struct Row {
    const char* line;
    bool ok;
    std::optional<std::uint64_t> number;
    const char* description;
    Directive directive;
    const char* reason;
  };
  const Row rows[] = {
      {"ok", true, std::nullopt, "", Directive::none, ""},
      {"ok 1", true, 1, "", Directive::none, ""},
      {"ok 1 - adds", true, 1, "adds", Directive::none, ""},
      {"ok 1 adds", true, 1, "adds", Directive::none, ""},
      {"ok - adds", true, std::nullopt, "adds", Directive::none, ""},
      {"not ok 2 - adds # TODO later", false, 2, "adds", Directive::todo, "later"},
      {"not ok 2 # todo", false, 2, "", Directive::todo, ""},
      {"ok 3 adds # SKIP no network", true, 3, "adds", Directive::skip, "no network"},
      {"ok 3 adds # Skipped: no network", true, 3, "adds", Directive::skip, "no network"},
      {"ok 4 - issue #12 and # more", true, 4, "issue #12 and # more", Directive::none, ""},
      {"ok 4 - escaped \\# SKIP it \\\\", true, 4, "escaped # SKIP it \\", Directive::none, ""},
      {"ok 5 - todos # todolist", true, 5, "todos # todolist", Directive::none, ""},
      {"ok 6 - timed # time=12ms", true, 6, "timed", Directive::none, ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.line);
    const TapLine line = parse_tap_line(row.line);
    ASSERT_EQ(line.kind, TapLine::Kind::test);
    EXPECT_EQ(line.ok, row.ok);
    EXPECT_EQ(line.number, row.number);
    EXPECT_EQ(line.description, row.description);
    EXPECT_EQ(line.directive, row.directive);
    EXPECT_EQ(line.reason, row.reason);
  }
  EXPECT_EQ(parse_tap_line("ok 6 - timed # time=12ms").duration, std::chrono::milliseconds{12});
}

TEST(TapLine, KnowsLinesByTheirKind) {
  using Kind = TapLine::Kind;
  struct Row {
    const char* line;
    Kind kind;
  };
  const Row rows[] = {
      {"TAP version 14", Kind::version}, {"1..4", Kind::plan},
      {"1..0 # SKIP all", Kind::plan},   {"1..x", Kind::other},
      {"1..4 tests", Kind::other},       {"Bail out! disk full", Kind::bail_out},
      {"# Subtest: a", Kind::subtest},   {"# note", Kind::comment},
      {"  ---", Kind::yaml_start},       {"  ...", Kind::yaml_end},
      {"okay then", Kind::other},        {"not okay", Kind::other},
      {"notok 1", Kind::other},          {"", Kind::other},
      {"pragma +bail", Kind::other},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.line);
    EXPECT_EQ(parse_tap_line(row.line).kind, row.kind);
  }
}

TEST(Tap, CountsAndFaults) {
  struct Row {
    const char* name;
    const char* text;
    const char* tally;
    const char* fault;  // empty: none
  };
  const Row rows[] = {
      {"plan first", "1..2\nok 1\nok 2\n", "2 passed", ""},
      {"plan last", "ok 1\nnot ok 2\n1..2\n", "1 failed, 1 passed", ""},
      {"version 13", "TAP version 13\n1..1\nok 1 - a\n", "1 passed", ""},
      {"no line feed at the end", "1..1\nok 1", "1 passed", ""},
      {"carriage returns", "1..1\r\nok 1 - a\r\n", "1 passed", ""},
      {"directives", "1..5\nok 1 # SKIP x\nnot ok 2 # TODO x\nok 3 # TODO x\nnot ok 4 # SKIP x\nok 5\n",
       "1 failed, 1 xfailed, 1 skipped, 2 passed", ""},
      {"other output between", "hello\n1..1\nworld\nok 1\nbye\n", "1 passed", ""},
      {"no plan", "ok 1\nok 2\n", "2 passed", "no plan"},
      {"too few", "1..3\nok 1\nok 2\n", "2 passed", "3 tests planned, 2 there"},
      {"too many", "1..1\nok 1\nok 2\n", "2 passed", "1 test planned, 2 there"},
      {"a second plan", "1..1\nok 1\n1..1\n", "1 passed", "a second plan"},
      {"a test behind the closing plan", "ok 1\n1..1\nok 2\n", "2 passed", "behind the plan"},
      {"bail out", "1..3\nok 1\nBail out! disk full\nok 2\nok 3\n", "1 passed", "bailed out: disk full"},
      {"everything skipped", "1..0 # SKIP no display\n", "", ""},
      {"two documents in one file", "TAP version 13\n1..1\nok 1\nTAP version 13\n1..1\nok 1\n", "2 passed",
       ""},
      {"two documents, the first cut", "TAP version 13\n1..2\nok 1\nTAP version 13\n1..1\nok 1\n", "2 passed",
       "2 tests planned, 1 there"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(row.text);
    EXPECT_EQ(read.format, "tap");
    EXPECT_EQ(tally_of(read.counted.totals), row.tally);
    EXPECT_EQ(read.counted.fault.has_value(), *row.fault != '\0');
    if (read.counted.fault) {
      EXPECT_THAT(read.counted.fault->text, HasSubstr(row.fault));
    }
  }
}

TEST(Tap, CountsSubtestsInsteadOfWhatSumsThemUp) {
  struct Row {
    const char* name;
    const char* text;
    const char* tally;
    const char* fault;
  };
  const Row rows[] = {
      {"version 14",
       "TAP version 14\n1..1\n# Subtest: outer\n    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - outer\n",
       "1 failed, 1 passed", ""},
      {"two deep",
       "1..1\n    # Subtest: in\n        ok 1 - a\n        1..1\n    ok 1 - in\n    1..1\nok 1 - outer\n",
       "1 passed", ""},
      {"a parent that fails alone", "1..1\n# Subtest: outer\n    ok 1 - a\n    1..1\nnot ok 1 - outer\n",
       "1 failed, 1 passed", ""},
      {"named one within the other",
       "1..1\n# Subtest: a\n    # Subtest: b\n        not ok 1 - c\n        1..1\n    not ok 1 - b\n    "
       "1..1\nnot ok 1 - a\n",
       "1 failed", ""},
      {"an empty subtest", "1..1\n# Subtest: outer\n    1..0\nok 1 - outer\n", "1 passed", ""},
      {"a subtest cut off", "1..2\n# Subtest: outer\n    ok 1 - a\n    1..2\nok 1 - outer\nok 2\n",
       "2 passed", "2 tests planned in outer, 1 there"},
      {"the file ends within a subtest", "1..1\n# Subtest: outer\n    1..2\n    ok 1 - a\n", "1 passed",
       "2 tests planned in outer, 1 there"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(row.text);
    EXPECT_EQ(tally_of(read.counted.totals), row.tally);
    EXPECT_EQ(read.counted.fault.has_value(), *row.fault != '\0')
        << (read.counted.fault ? read.counted.fault->text : "");
    if (read.counted.fault) {
      EXPECT_THAT(read.counted.fault->text, HasSubstr(row.fault));
    }
  }
  const ReadReport named = read_report(rows[0].text);
  ASSERT_THAT(named.counted.cases, SizeIs(1));
  EXPECT_EQ(test_id(named.counted.cases[0]), "outer::b");
  const ReadReport nested = read_report(rows[3].text);
  ASSERT_THAT(nested.counted.cases, SizeIs(1));
  EXPECT_EQ(test_id(nested.counted.cases[0]), "a/b::c");
}

TEST(Tap, SaysWhyFromDiagnostics) {
  struct Row {
    const char* name;
    const char* text;
    const char* message;
    const char* file;
    std::size_t line;
  };
  const Row rows[] = {
      {"comment", "1..1\nnot ok 1 - a\n# 1 is not 2\n#   at x.js:3\n", "1 is not 2", "x.js", 3},
      {"YAML", "1..1\nnot ok 1 - a\n  ---\n  message: 'First line invalid'\n  at: t/x.t:7\n  ...\n",
       "First line invalid", "t/x.t", 7},
      {"node's YAML",
       "1..1\nnot ok 1 - a\n  ---\n  duration_ms: 12.5\n  error: |-\n    Expected values\n  ...\n",
       "Expected values", "", 0},
      {"bats", "1..1\nnot ok 1 a\n# (in test file t.bats, line 2)\n", "(in test file t.bats, line 2)",
       "t.bats", 2},
      {"a reason", "1..1\nnot ok 1 a # TODO later\n", "later", "", 0},
      {"nothing", "1..1\nnot ok 1 a\n", "no message", "", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadReport read = read_report(row.text);
    EXPECT_FALSE(read.counted.fault);
    ASSERT_THAT(read.counted.cases, SizeIs(1));
    EXPECT_EQ(read.counted.cases[0].message, row.message);
    EXPECT_EQ(read.counted.cases[0].file, row.file);
    EXPECT_EQ(read.counted.cases[0].line, row.line);
  }
  EXPECT_EQ(read_report(rows[2].text).counted.cases[0].duration, std::chrono::microseconds{12'500});
}

TEST(Tap, ABlockThatNeverEndsSwallowsNoTests) {
  const ReadReport read = read_report("1..2\nok 1\n  ---\n  key: value\nnot ok 2\n");
  EXPECT_FALSE(read.counted.fault);
  EXPECT_EQ(tally_of(read.counted.totals), "1 failed, 1 passed");
}

TEST(Tap, NotesNumbersOutOfSequence) {
  const ReadReport read = read_report("1..2\nok 2\nok 1\n");
  EXPECT_FALSE(read.counted.fault);
  ASSERT_NE(remark_of(read, "tests.out_of_sequence"), nullptr);
}

TEST(Tap, NeverPassesWhenCutAnywhere) {
  const std::string text =
      "TAP version 14\nok 1 - a\n    # Subtest: b\n    ok 1 - c\n    1..1\nok 2 - b\n1..2\n";
  ASSERT_FALSE(read_report(text).counted.fault);
  for (std::size_t end = 0; end < text.size() - 1; ++end) {
    EXPECT_TRUE(read_report(std::string_view{text}.substr(0, end)).counted.fault) << "cut at byte " << end;
  }
}

TEST(Tap, OfBats) {
  REQUIRE_TEST_DATA(file, "test-reports/generated/bats-1.8.2.tap");
  const ReadReport read = read_report(test::contents_of(file));
  EXPECT_FALSE(read.counted.fault);
  EXPECT_EQ(tally_of(read.counted.totals), "1 failed, 1 skipped, 1 passed");
}

}  // namespace
}  // namespace gate::load
