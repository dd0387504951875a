#include "gate/checks/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/load/json_positions.h"
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

Finding refusal(std::string rule, const std::string& path, std::string message) {
  Finding finding = policy::violation(std::move(rule), policy::Severity::error, path, std::move(message));
  finding.location.file = path;
  return finding;
}

void doubt_commit(const std::optional<std::string>& commit, const std::string& path,
                  const Freshness& freshness, std::vector<Finding>& doubts) {
  if (!freshness.git_sha || commit == freshness.git_sha) return;
  doubts.push_back(doubt("report.other_commit", Reason::stale, path,
                         fmt::format("it is about {}, this run is about {}",
                                     commit.value_or("no known commit"), *freshness.git_sha)));
}

void doubt_age(Timestamp finished_at, const std::string& path, const Freshness& freshness,
               std::vector<Finding>& doubts) {
  constexpr std::chrono::minutes kClockSkew{5};
  const auto age = freshness.as_of - finished_at;
  if (age < -kClockSkew) {
    doubts.push_back(doubt("report.from_the_future", Reason::inconclusive, path,
                           fmt::format("it ended at {}, after {}: a clock is wrong", to_string(finished_at),
                                       to_string(freshness.as_of))));
  }
  if (!freshness.max_age || age <= *freshness.max_age) return;
  doubts.push_back(doubt("report.too_old", Reason::stale, path,
                         fmt::format("it ended {} ago, the policy allows {}", human_duration(age),
                                     human_duration(*freshness.max_age))));
}

bool accepts_undecided(const policy::Report& report) {
  return std::any_of(report.stamps.begin(), report.stamps.end(), [](const std::string& stamp) {
    return stamp.find(policy::kAcceptedUndecided) != std::string::npos;
  });
}

// A step may not have been laxer than a policy that is locked.
void doubt_laxness(const policy::Report& report, const std::string& path, const Freshness& freshness,
                   std::vector<Finding>& doubts) {
  if (!freshness.locked_to_strict) return;
  if (report.mode == policy::Mode::warn) {
    doubts.push_back(
        refusal("report.loosened", path, "it was made in warn mode, and the policy is locked to strict"));
  }
  if (accepts_undecided(report)) {
    doubts.push_back(refusal("report.loosened", path,
                             "it was made with --accept undecided, and the policy is locked to strict"));
  }
}

// Limits, registers and days are settings of the run: only the same policy makes them the same.
void doubt_policy(const policy::Report& report, const std::string& path, const Freshness& freshness,
                  std::vector<Finding>& doubts) {
  if (!freshness.policy_sha256) return;
  const bool same = std::any_of(report.inputs.begin(), report.inputs.end(),
                                [&](const auto& input) { return input.sha256 == *freshness.policy_sha256; });
  if (same) return;
  doubts.push_back(refusal("report.other_policy", path,
                           "it was not made under this policy, which is locked: run its step with --policy"));
}

std::uint64_t undecided_in(const policy::Report& report) {
  const auto listed = std::count_if(report.active.begin(), report.active.end(), [](const Finding& finding) {
    return finding.kind == policy::FindingKind::undecided;
  });
  return static_cast<std::uint64_t>(listed) + report.omitted.undecided;
}

bool counts_error(const policy::Report& report) {
  if (report.mode == policy::Mode::strict && report.omitted.errors > 0) return true;
  if (report.tally.findings > undecided_in(report)) return true;
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
  const auto verdict = policy::name_of(report.verdict);
  if (counts_error(report)) {
    doubts.push_back(refusal("report.contradiction", path,
                             fmt::format("it says {} and counts a finding that fails it", verdict)));
  } else if (undecided_in(report) > 0 && !accepts_undecided(report)) {
    doubts.push_back(doubt("report.contradiction", Reason::inconclusive, path,
                           fmt::format("it says {} and counts what could not be decided", verdict)));
  } else if (examined_by(report) == 0 && report.tally.warnings == 0) {
    doubts.push_back(doubt("report.unearned", Reason::no_data, path,
                           fmt::format("it says {} and examined nothing", verdict)));
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
  std::string_view why = error.message;
  if (why.starts_with(path + ":")) why.remove_prefix(path.size() + 1);
  why = trim(why);
  if (error.code == ErrorCode::malformed) {
    const load::PlacedMessage placed = load::placed_message(why);
    Finding finding = refusal("report.malformed", path, placed.message);
    finding.location.line = placed.position.line;
    finding.location.column = placed.position.column;
    return finding;
  }
  const Reason reason = error.code == ErrorCode::unavailable ? Reason::inconclusive : Reason::no_data;
  return doubt("report.unreadable", reason, path, std::string{why});
}

std::vector<Finding> find_doubts(const policy::Report& report, const std::string& path,
                                 const Freshness& freshness) {
  std::vector<Finding> doubts;
  doubt_commit(report.run.git_sha, path, freshness, doubts);
  doubt_age(report.run.finished_at, path, freshness, doubts);
  doubt_policy(report, path, freshness, doubts);
  doubt_laxness(report, path, freshness, doubts);
  doubt_verdict(report, path, doubts);
  return doubts;
}

std::vector<Finding> find_doubts(const policy::Evidence& found, const std::string& path,
                                 const Freshness& freshness) {
  std::vector<Finding> doubts;
  if (const Value* revision = found.facts.find("revision")) {
    doubt_commit(*revision->as_string(), path, freshness, doubts);
  }
  const Value* finished = found.facts.find("finished_at");
  if (finished != nullptr) {
    doubt_age(*parse_timestamp(*finished->as_string()), path, freshness, doubts);
  } else if (freshness.max_age) {
    doubts.push_back(doubt("report.age_unknown", Reason::stale, path,
                           "it does not say when it was made (endTimeUtc), and the policy limits its age"));
  }
  return doubts;
}

}  // namespace gate::checks
