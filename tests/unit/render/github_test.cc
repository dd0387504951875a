#include "gate/render/github.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "tests/unit/render/golden.h"
#include "tests/unit/render/reports.h"
#include "tests/unit/render/runner_model.h"

namespace gate::test {
namespace {

using testing::HasSubstr;

const std::string kDelimiter = "ghadelimiter_0f1e2d3c4b5a69788796a5b4c3d2e1f0";

std::size_t lines_of(const std::string& text, std::string_view start) {
  std::size_t count = 0;
  for (const std::string_view line : split(text, '\n')) {
    count += line.substr(0, start.size()) == start ? 1U : 0U;
  }
  return count;
}

// How many different tests of big_report() a text names, in a table or in a list.
std::size_t named_in(const std::string& text) {
  constexpr std::string_view kStart = "suite::Case::test_";
  std::set<std::string> names;
  for (std::size_t at = text.find(kStart); at != std::string::npos; at = text.find(kStart, at + 1)) {
    const std::size_t digits = at + kStart.size();
    names.insert(text.substr(digits, text.find_first_not_of("0123456789", digits) - digits));
  }
  return names.size();
}

TEST(Annotations, ReachTheRunnerAsTheyWereMeant) {
  policy::Report report;
  report.active = {policy::violation("schema.minimum", policy::Severity::error, "a,b:c%.json",
                                     "100% wrong: a::b,c\nnext")};
  report.active[0].location = {"a,b:c%.json", 3, 14, "/qty"};
  const auto commands = runner_commands(render::github_annotations(report));
  ASSERT_EQ(commands.size(), 1U);
  const RunnerCommand expected{
      "error",
      {{"title", "schema.minimum"}, {"file", "a,b:c%.json"}, {"line", "3"}, {"col", "14"}},
      "/qty: 100% wrong: a::b,c\\nnext"};
  EXPECT_EQ(commands[0], expected);
}

TEST(Annotations, AreWarningsInWarnMode) {
  policy::Report report;
  report.mode = policy::Mode::warn;
  report.active = {policy::violation("r", policy::Severity::error, "s", "m")};
  EXPECT_EQ(render::github_annotations(report), "::warning title=r::s: m\n");
}

TEST(Annotations, StayWithinTenALevelAStep) {
  struct Row {
    const char* name;
    std::size_t findings;
    std::size_t used;
    std::size_t commands;
    bool pointer;
  };
  const Row rows[] = {{"one fits", 1, 0, 1, false},       {"ten fit", 10, 0, 10, false},
                      {"eleven do not", 11, 0, 10, true}, {"ten thousand", 10'000, 0, 10, true},
                      {"some are used", 5, 6, 4, true},   {"one slot is left", 5, 9, 1, true},
                      {"all are used", 5, 10, 0, false},  {"more than all", 5, 12, 0, false}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto commands =
        runner_commands(render::github_annotations(big_report(row.findings), {row.used, 0, 0}));
    const auto errors =
        std::count_if(commands.begin(), commands.end(), [](const auto& c) { return c.name == "error"; });
    EXPECT_EQ(static_cast<std::size_t>(errors), row.commands);
    const bool points =
        !commands.empty() && commands.front().data.find("the job summary lists them") != std::string::npos;
    EXPECT_EQ(points, row.pointer);
  }
}

TEST(Annotations, CountWhatIsNotListed) {
  policy::Report report = big_report(1);
  report.omitted.errors = 41;
  const auto commands = runner_commands(render::github_annotations(report));
  ASSERT_EQ(commands.size(), 2U);
  EXPECT_EQ(commands[0].data, "42 findings: the first 1 are annotated, the job summary lists them");
}

TEST(AsGithub, PrintsAsTextWhatFoundNoSlot) {
  const std::string text = render::as_github(big_report(12));
  EXPECT_EQ(lines_of(text, "::error "), 10U);
  EXPECT_EQ(lines_of(text, "tests/case_"), 3U);
  EXPECT_THAT(text, HasSubstr("failed: 12 findings, 0 exempted"));
}

TEST(StepSummary, StaysBelowItsLimitAndNamesEveryFailure) {
  const policy::Report report = big_report(10'000);
  for (const std::size_t used : {std::size_t{0}, std::size_t{400'000}, std::size_t{600'000}}) {
    SCOPED_TRACE(used);
    const std::string text = render::github_step_summary(report, used);
    EXPECT_LE(text.size() + used, 1'000'000U);
    EXPECT_EQ(named_in(text), 10'000U);
  }
}

TEST(StepSummary, SaysHowManyItCouldNotName) {
  const std::string text = render::github_step_summary(big_report(10'000), 900'000);
  EXPECT_LE(text.size(), 100'000U);
  const std::size_t named = lines_of(text, "suite::Case::test_");
  EXPECT_GT(named, 3'000U);
  EXPECT_THAT(text, HasSubstr("… and " + grouped(10'000 - named) + " more."));
}

TEST(StepSummary, IsEmptyRatherThanTooLong) {
  EXPECT_EQ(render::github_step_summary(big_report(3), 999'990), "");
  EXPECT_EQ(render::github_step_summary(big_report(3), 2'000'000), "");
}

TEST(Comment, FitsWhateverTheReportHolds) {
  std::vector<NamedReport> reports = sample_reports();
  reports.push_back({"many", big_report(10'000)});
  policy::Report wide = big_report(3'000);
  for (policy::Finding& finding : wide.active) {
    finding.subject = "suite::😀漢字||``" + finding.subject + std::string(300, '|');
  }
  reports.push_back({"wide", wide});
  policy::Report worst = hostile_report();
  worst.active.assign(2'000, worst.active.front());
  worst.checks.assign(500, worst.checks.front());
  reports.push_back({"worst", worst});
  for (const auto& [name, report] : reports) {
    SCOPED_TRACE(name);
    const std::string text = render::comment_body(report, 500);
    EXPECT_LE(count_utf16_units(text) + 500, 65'536U);
    EXPECT_LE(text.size() + 500, 262'144U);
    EXPECT_THAT(text, HasSubstr(policy::name_of(report.verdict)));
    EXPECT_THAT(runner_commands(text), testing::IsEmpty());
  }
}

TEST(Comment, NamesAsManyFailuresAsFit) {
  const std::string text = render::comment_body(big_report(10'000));
  const std::size_t named = lines_of(text, "suite::Case::test_");
  EXPECT_GT(named, 2'200U);
  EXPECT_THAT(text, HasSubstr("… and " + grouped(10'000 - named) + " more."));
  const std::string shorter = render::comment_body(big_report(1'500));
  EXPECT_EQ(lines_of(shorter, "suite::Case::test_"), 1'500U);
}

TEST(GithubOutput, WritesAnEntryThatTheRunnerReadsBack) {
  const auto entry = render::github_output("verdict", "failed\nEOF\nother=1", kDelimiter);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(*entry, "verdict<<" + kDelimiter + "\nfailed\nEOF\nother=1\n" + kDelimiter + "\n");
}

TEST(GithubOutput, RefusesWhatCouldForgeAnEntry) {
  struct Row {
    const char* name;
    std::string output;
    std::string value;
    std::string delimiter;
    ErrorCode code;
  };
  const Row rows[] = {
      {"value holds the delimiter", "verdict", "a\n" + kDelimiter + "\nb=1", kDelimiter, ErrorCode::refused},
      {"a short delimiter", "verdict", "a", "EOF", ErrorCode::refused},
      {"a delimiter of two lines", "verdict", "a", kDelimiter + "\nx", ErrorCode::refused},
      {"a name with an equals sign", "a=b", "a", kDelimiter, ErrorCode::usage},
      {"a name of two lines", "a\nb", "a", kDelimiter, ErrorCode::usage},
      {"no name", "", "a", kDelimiter, ErrorCode::usage},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto entry = render::github_output(row.output, row.value, row.delimiter);
    ASSERT_TRUE(entry.has_error());
    EXPECT_EQ(entry.error().code, row.code);
  }
}

}  // namespace
}  // namespace gate::test
