#include "gate/checks/tests.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gate/base/glob.h"
#include "gate/checks/inputs.h"
#include "gate/checks/test_findings.h"
#include "gate/checks/test_limits.h"
#include "gate/checks/test_reports.h"
#include "gate/load/summary_json.h"
#include "gate/testing/copies.h"
#include "gate/testing/parts.h"
#include "gate/testing/summary.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::Finding;
using policy::TestsSettings;
using testing::TestRun;

// What is read of a folder; a file that is named is read whatever its name.
const std::vector<std::string_view> kExtensions{".xml", ".trx", ".tap", ".json", ".jsonl", ".ndjson"};
constexpr std::uint64_t kMaxBaseline = std::uint64_t{16} << 20U;

testing::TallyLimits limits_of(const TestsSettings& settings) {
  testing::TallyLimits limits;
  limits.all_cases = settings.all_cases || settings.ctrf;
  for (const auto& [suite, unused] : settings.suites) limits.suites.push_back(suite);
  return limits;
}

std::vector<bool> named_of(const std::vector<TestReport>& reports, const std::vector<std::string>& patterns) {
  std::vector<bool> named;
  for (const TestReport& report : reports) {
    named.push_back(std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      return pattern == report.path || (is_glob(pattern) && glob_matches(pattern, report.path));
    }));
  }
  return named;
}

std::vector<testing::Copy> copies_among(const std::vector<TestReport>& reports) {
  std::vector<testing::Countable> countable;
  for (const TestReport& report : reports) {
    if (report.is_attempt) {
      countable.push_back({report.path, report.path, 0, testing::Duration{0}, {}});
      continue;
    }
    countable.push_back({report.path, report.sha256, report.counted.totals.total(),
                         report.counted.totals.duration, report.counted.digest});
  }
  return testing::find_copies(countable);
}

void add_report(TestRun& run, TestReport& report, bool counted, std::size_t index) {
  testing::CountedReport& holds = report.counted;
  run.reports.push_back({report.path, report.format, report.sha256, report.bytes, holds.totals, counted});
  if (!counted) return;
  testing::add(run.totals, holds.totals);
  for (std::size_t i = 0; i < run.suites.size(); ++i) testing::add(run.suites[i].totals, holds.suites[i]);
  run.wall = std::max(run.wall, holds.wall.value_or(holds.totals.duration));
  if (holds.started_at)
    run.started_at = std::min(run.started_at.value_or(*holds.started_at), *holds.started_at);
  run.omitted_cases += holds.omitted_cases;
  for (testing::TestCase& test : holds.cases) {
    run.cases.push_back(std::move(test));
    run.cases.back().report = index;
  }
  holds.cases.clear();
}

// Takes the tests out of `reports`.
TestRun count_run(std::vector<TestReport>& reports, const std::vector<testing::Copy>& copies,
                  const TestsSettings& settings) {
  TestRun run;
  run.name = settings.name;
  run.release = settings.release;
  for (const auto& [suite, unused] : settings.suites) run.suites.push_back({suite, {}});
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const bool copied =
        std::any_of(copies.begin(), copies.end(), [i](const auto& copy) { return copy.report == i; });
    add_report(run, reports[i], !copied && !reports[i].is_attempt, i);
  }
  return run;
}

testing::Parts parts_of(const std::vector<std::string>& names, const std::vector<TestReport>& reports,
                        const TestRun& run) {
  std::vector<testing::PartSource> sources;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!run.reports[i].counted) continue;
    sources.push_back({reports[i].path, reports[i].counted.totals.decisive(), reports[i].counted.top_suites});
  }
  return testing::find_parts(names, sources);
}

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(findings));
}

bool deserves_finding(const testing::TestCase& test) {
  return is_failure(test.outcome) || test.outcome == testing::Outcome::flaky;
}

// Failures that are counted but not kept stand in the report as numbers, and count all the same.
void count_omitted(const TestRun& run, const std::vector<AppliedLimits>& limits, std::uint64_t claimed,
                   Evidence& evidence) {
  const auto kept = static_cast<std::uint64_t>(
      std::count_if(run.cases.begin(), run.cases.end(),
                    [](const testing::TestCase& test) { return is_failure(test.outcome); }));
  const std::uint64_t missing = run.totals.failures() - std::min(run.totals.failures(), kept + claimed);
  const bool tolerated =
      limits.front().tolerates() &&
      std::all_of(limits.begin(), limits.end(), [](const AppliedLimits& l) { return l.kept(); });
  (tolerated ? evidence.omitted.warnings : evidence.omitted.errors) += missing;
}

void find_bad_tests(const TestRun& run, const std::vector<TestReport>& reports,
                    const std::vector<AppliedLimits>& limits, const ports::Files& files,
                    std::vector<Finding>& findings, Evidence& evidence) {
  SourceFiles sources{files};
  for (const bool failures : {true, false}) {
    for (const testing::TestCase& test : run.cases) {
      if (deserves_finding(test) && is_failure(test.outcome) == failures) {
        findings.push_back(finding_about(test, limits, sources));
      }
    }
  }
  std::uint64_t claimed = 0;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!run.reports[i].counted) continue;
    for (const testing::Claim& claim : reports[i].counted.claims) {
      claimed += claim.totals.failures();
      if (claim.totals.failures() > 0) findings.push_back(finding_about(claim, reports[i].path, limits));
    }
  }
  count_omitted(run, limits, claimed, evidence);
}

Result<std::optional<testing::Totals>> load_baseline(const TestsSettings& settings,
                                                     const ports::Files& files) {
  if (!settings.baseline) return std::optional<testing::Totals>{};
  const auto text = files.read(*settings.baseline, kMaxBaseline);
  if (!text) return text.error();
  const auto totals = load::totals_from_summary(*text);
  if (!totals) return totals.error().within(*settings.baseline);
  return std::optional{*totals};
}

void describe(const TestRun& run, const policy::RunContext& context, const TestsSettings& settings,
              CheckedTests& checked) {
  const testing::SummaryOrigin origin{context.tool.name, context.tool.version, context.run_id,
                                      context.git_sha, context.started_at};
  checked.summary = testing::summary_value(run, origin, settings.all_cases);
  Evidence& evidence = checked.evidence;
  policy::count(evidence, "reports", run.reports.size());
  policy::count(evidence, "tests", run.totals.total());
  if (const auto rate = testing::pass_rate(run.totals)) evidence.facts.set("pass_rate", *rate + "%");
  for (const testing::ReportFile& report : run.reports) {
    evidence.inputs.push_back({report.path, report.sha256, report.bytes});
  }
  evidence.results = checked.summary;
  evidence.shown = {"test_results"};
}

}  // namespace

Result<CheckedTests> check_tests(const TestsSettings& settings, const policy::RunContext& context,
                                 const ports::Files& files, std::size_t jobs) {
  if (settings.reports.empty()) return Error{ErrorCode::usage, "no test reports are named"};
  const auto names = testing::expand_parts(settings.expect);
  if (!names) return names.error().within("expect");
  const auto baseline = load_baseline(settings, files);
  if (!baseline) return baseline.error();
  auto inputs = expand_inputs(settings.reports, kExtensions, files);
  if (!inputs) return inputs.error();
  auto reports = read_test_reports(inputs->paths, limits_of(settings), files, jobs);
  if (!reports) return reports.error();

  fold_attempts(*reports, limits_of(settings).suites);
  const std::vector<testing::Copy> copies = copies_among(*reports);
  TestRun run = count_run(*reports, copies, settings);
  const auto limits = apply_limits(settings, run);
  if (!limits) return limits.error();

  CheckedTests checked;
  const std::string subject = settings.name.empty() ? "test run" : settings.name;
  std::vector<Finding> findings = std::move(inputs->findings);
  append(findings, find_missing_parts(*names, parts_of(*names, *reports, run)));
  append(findings, find_zero_tests(*limits, subject, settings.allow_empty));
  if (*baseline) append(findings, find_lost_tests(run.totals, **baseline, settings.max_lost_tests, subject));
  append(findings, find_over_limits(*limits, subject));
  find_bad_tests(run, *reports, *limits, files, findings, checked.evidence);
  append(findings, find_copied(*reports, copies));
  append(findings, find_report_faults(*reports, named_of(*reports, settings.reports), settings.allow_empty));
  policy::keep_findings(std::move(findings), settings.max_errors, checked.evidence);
  describe(run, context, settings, checked);
  checked.run = std::move(run);
  return checked;
}

}  // namespace gate::checks
