#include "gate/checks/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/load/json.h"
#include "gate/load/report_json.h"
#include "gate/load/sarif_json.h"

namespace gate::checks {
namespace {

using policy::Finding;
using policy::Reason;
using policy::Verdict;

// Reports hold their findings' texts: larger than other documents, and still bounded.
constexpr std::uint64_t kLargestReport = 64U << 20U;

Finding doubt(std::string rule, Reason reason, const std::string& path, std::string message) {
  Finding finding = policy::undecided(std::move(rule), reason, path, std::move(message));
  finding.location.file = path;
  return finding;
}

void doubt_commit(const policy::Report& report, const std::string& path, const Freshness& freshness,
                  std::vector<Finding>& doubts) {
  if (!freshness.git_sha || report.run.git_sha == freshness.git_sha) return;
  doubts.push_back(doubt("report.other_commit", Reason::stale, path,
                         fmt::format("it is about {}, this run is about {}",
                                     report.run.git_sha.value_or("no known commit"), *freshness.git_sha)));
}

void doubt_age(const policy::Report& report, const std::string& path, const Freshness& freshness,
               std::vector<Finding>& doubts) {
  constexpr std::chrono::minutes kClockSkew{5};
  const auto age = freshness.as_of - report.run.finished_at;
  if (age < -kClockSkew) {
    doubts.push_back(doubt("report.from_the_future", Reason::inconclusive, path,
                           fmt::format("it ended at {}, after {}: a clock is wrong",
                                       to_string(report.run.finished_at), to_string(freshness.as_of))));
  }
  if (!freshness.max_age || age <= *freshness.max_age) return;
  doubts.push_back(doubt("report.too_old", Reason::stale, path,
                         fmt::format("it ended {} ago, the policy allows {}", human_duration(age),
                                     human_duration(*freshness.max_age))));
}

bool holds_error(const policy::Report& report) {
  if (report.mode == policy::Mode::strict && report.omitted.errors > 0) return true;
  return std::any_of(report.active.begin(), report.active.end(), [&](const Finding& finding) {
    return finding.kind == policy::FindingKind::violation &&
           policy::effective_severity(report.mode, finding) == policy::Severity::error;
  });
}

std::uint64_t examined_by(const policy::Report& report) {
  std::uint64_t sum = 0;
  for (const policy::Examined& examined : report.examined) sum += examined.count;
  return sum;
}

void doubt_verdict(const policy::Report& report, const std::string& path, std::vector<Finding>& doubts) {
  const bool lets_pass = report.verdict == Verdict::passed || report.verdict == Verdict::warned;
  if (!lets_pass) return;
  if (holds_error(report)) {
    Finding finding = policy::violation(
        "report.contradiction", policy::Severity::error, path,
        fmt::format("it says {} and lists a finding that fails it", policy::name_of(report.verdict)));
    finding.location.file = path;
    doubts.push_back(std::move(finding));
  } else if (examined_by(report) == 0 && report.verdict == Verdict::passed) {
    doubts.push_back(doubt("report.unearned", Reason::no_data, path, "it says passed and examined nothing"));
  }
}

}  // namespace

Result<ForeignReport> load_report(const std::string& path, const ports::Files& files) {
  const auto text = files.read(path, kLargestReport);
  if (!text) return text.error();
  load::JsonLimits limits;
  limits.bytes = kLargestReport;
  const auto document = load::parse_json(*text, limits);
  if (!document) return document.error().within(path);
  if (load::is_report(document->root)) {
    auto report = load::report_from_json(document->root);
    if (!report) return report.error().within(path);
    return ForeignReport{std::move(*report)};
  }
  if (!load::is_sarif(document->root)) {
    return Error{ErrorCode::malformed, fmt::format("{}: neither a report of ours nor SARIF 2.1.0", path)};
  }
  auto evidence = load::evidence_from_sarif(document->root, path);
  if (!evidence) return evidence.error().within(path);
  return ForeignReport{std::move(*evidence)};
}

Finding unreadable_report(const Error& error, const std::string& path) {
  if (error.code != ErrorCode::malformed) {
    const Reason reason = error.code == ErrorCode::unavailable ? Reason::inconclusive : Reason::no_data;
    return doubt("report.unreadable", reason, path, error.message);
  }
  Finding finding = policy::violation("report.malformed", policy::Severity::error, path, error.message);
  finding.location.file = path;
  return finding;
}

std::vector<Finding> find_doubts(const policy::Report& report, const std::string& path,
                                 const Freshness& freshness) {
  std::vector<Finding> doubts;
  doubt_commit(report, path, freshness, doubts);
  doubt_age(report, path, freshness, doubts);
  doubt_verdict(report, path, doubts);
  return doubts;
}

}  // namespace gate::checks
