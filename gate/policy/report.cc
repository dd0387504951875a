#include "gate/policy/report.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::policy {
namespace {

// The mode in force on the day of the run, and why it is not the one that was asked for.
struct EffectiveMode {
  Mode mode = Mode::strict;
  std::string stamp;
};

EffectiveMode effective_mode(const Policy& policy, Date today) {
  if (policy.mode == Mode::strict) return {};
  if (policy.mode_from_command_line)
    return {Mode::warn, "mode warn from the command line: findings do not block this run"};
  if (policy.warn_until && today > *policy.warn_until) {
    return {Mode::strict, fmt::format("warn mode ended on {}: strict again", to_string(*policy.warn_until))};
  }
  if (!policy.warn_until) return {Mode::strict, "mode warn without warn_until: strict"};
  return {Mode::warn,
          fmt::format("mode warn until {}: findings do not block", to_string(*policy.warn_until))};
}

void tally_up(Tally& tally, Mode mode, const Finding& finding) {
  if (finding.kind == FindingKind::undecided) {
    ++tally.findings;
    return;
  }
  switch (effective_severity(mode, finding)) {
    case Severity::error: ++tally.findings; break;
    case Severity::warning: ++tally.warnings; break;
    case Severity::note: ++tally.notes; break;
  }
}

// What the findings say before `--accept` and `--deny` are heard.
struct Counts {
  std::uint64_t errors = 0;
  std::uint64_t undecided = 0;
  std::uint64_t warnings = 0;
};

Counts count_of(Mode mode, const std::vector<Finding>& active, const Omitted& omitted) {
  Counts counts;
  for (const Finding& finding : active) {
    if (finding.kind == FindingKind::undecided) {
      ++counts.undecided;
    } else if (effective_severity(mode, finding) == Severity::error) {
      ++counts.errors;
    } else if (effective_severity(mode, finding) == Severity::warning) {
      ++counts.warnings;
    }
  }
  counts.undecided += omitted.undecided;
  counts.warnings += omitted.warnings;
  (mode == Mode::strict ? counts.errors : counts.warnings) += omitted.errors;
  return counts;
}

Verdict verdict_of(const Counts& counts) {
  if (counts.errors > 0) return Verdict::failed;
  if (counts.undecided > 0) return Verdict::undecided;
  return counts.warnings > 0 ? Verdict::warned : Verdict::passed;
}

// The first finding of the kind that decided, in a line.
std::string decisive(Mode mode, const std::vector<Finding>& active, Verdict verdict) {
  for (const Finding& finding : active) {
    const bool is_undecided = finding.kind == FindingKind::undecided;
    const Severity severity = effective_severity(mode, finding);
    const bool decides = (verdict == Verdict::failed && !is_undecided && severity == Severity::error) ||
                         (verdict == Verdict::undecided && is_undecided) ||
                         (verdict == Verdict::warned && !is_undecided && severity == Severity::warning);
    if (!decides) continue;
    if (finding.subject.empty()) return finding.message;
    return fmt::format("{}: {}", finding.subject, finding.message);
  }
  return {};
}

std::string examined_line(const std::vector<Examined>& examined) {
  std::vector<std::string> parts;
  for (const Examined& e : examined) parts.push_back(fmt::format("{} {}", grouped(e.count), e.kind));
  return parts.empty() ? "nothing examined" : join(parts, ", ");
}

void apply_overrides(const Policy& policy, Report& report) {
  if (policy.accept_undecided && report.verdict == Verdict::undecided) {
    report.stamps.emplace_back("--accept undecided: what could not be decided does not block this run");
    report.verdict = report.tally.warnings > 0 ? Verdict::warned : Verdict::passed;
  }
  if (policy.deny_warned && report.verdict == Verdict::warned) {
    report.stamps.emplace_back("--deny warned: a warning blocks this run");
    report.verdict = Verdict::failed;
  }
}

// Keeps the first `limit` findings and counts the rest.
void bound_active(Report& report, std::size_t limit) {
  if (report.active.size() <= limit) return;
  // Stable by weight, so that what blocks the release is listed before what only warns.
  const auto weight = [&](const Finding& f) {
    if (f.kind == FindingKind::undecided) return 1;
    const Severity severity = effective_severity(report.mode, f);
    return severity == Severity::error ? 0 : severity == Severity::warning ? 2 : 3;
  };
  std::stable_sort(report.active.begin(), report.active.end(),
                   [&](const Finding& a, const Finding& b) { return weight(a) < weight(b); });
  for (std::size_t i = limit; i < report.active.size(); ++i) omit(report.omitted, report.active[i]);
  report.active.resize(limit);
}

void set_tally(Report& report) {
  report.tally = Tally{};
  for (const Finding& finding : report.active) tally_up(report.tally, report.mode, finding);
  report.tally.exempted = report.exempted.size();
  report.tally.findings += report.omitted.undecided;
  report.tally.warnings += report.omitted.warnings;
  report.tally.notes += report.omitted.notes;
  (report.mode == Mode::strict ? report.tally.findings : report.tally.warnings) += report.omitted.errors;
}

bool explains_nothing(const std::vector<Finding>& findings) {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& f) { return f.kind != FindingKind::note; });
}

std::string severity_level(const Report& merged) {
  const auto required = [](const CheckRow& row) { return row.required; };
  const auto blocked = [](const CheckRow& row) {
    return row.required && (row.verdict == Verdict::failed || row.verdict == Verdict::undecided);
  };
  const auto all = std::count_if(merged.checks.begin(), merged.checks.end(), required);
  const auto bad = std::count_if(merged.checks.begin(), merged.checks.end(), blocked);
  if (bad > 0) return bad == all ? "P0" : "P1";
  if (merged.verdict == Verdict::failed || merged.verdict == Verdict::undecided) return "P1";
  return merged.verdict == Verdict::warned ? "P2" : "";
}

CheckRow row_of(const CheckReport& part) {
  const Report& report = part.report;
  return CheckRow{report.run.check,  report.verdict, part.required,
                  report.decided_by, report.tally,   report.run.finished_at - report.run.started_at,
                  part.path};
}

void add(Tally& sum, const Tally& part) {
  sum.findings += part.findings;
  sum.exempted += part.exempted;
  sum.warnings += part.warnings;
  sum.notes += part.notes;
}

void absorb(Report& merged, const Report& part, bool required) {
  add(merged.tally, part.tally);
  merged.verdict =
      std::max(merged.verdict, required ? part.verdict : std::min(part.verdict, Verdict::warned));
  for (const Finding& finding : part.active) {
    merged.active.push_back(finding);
    merged.active.back().check = part.run.check;
    // A merged report is read strictly; what its check only warned about stays a warning.
    merged.active.back().severity = required
                                        ? effective_severity(part.mode, finding)
                                        : std::min(effective_severity(part.mode, finding), Severity::warning);
  }
  for (const Exempted& exempted : part.exempted) {
    merged.exempted.push_back(exempted);
    merged.exempted.back().finding.check = part.run.check;
  }
  for (const std::string& stamp : part.stamps)
    merged.stamps.push_back(fmt::format("{}: {}", part.run.check, stamp));
  merged.inputs.insert(merged.inputs.end(), part.inputs.begin(), part.inputs.end());
  merged.omitted.errors += part.omitted.errors;
  merged.omitted.undecided += part.omitted.undecided;
  merged.omitted.warnings += part.omitted.warnings;
  merged.omitted.notes += part.omitted.notes;
}

}  // namespace

Severity effective_severity(Mode mode, const Finding& finding) {
  if (finding.kind == FindingKind::note) return Severity::note;
  if (mode == Mode::warn && finding.kind == FindingKind::violation)
    return std::min(finding.severity, Severity::warning);
  return finding.severity;
}

Report judge(const RunContext& run, const Policy& policy, Evidence evidence, const Exemptions& exemptions) {
  Report report;
  report.run = run;
  auto [mode, stamp] = effective_mode(policy, date_of(run.as_of));
  report.mode = mode;
  if (!stamp.empty()) report.stamps.push_back(std::move(stamp));

  if (policy.required && total_examined(evidence) == 0 && explains_nothing(evidence.findings)) {
    evidence.findings.push_back(undecided("gate.nothing_examined", Reason::no_data, "",
                                          "nothing was examined: a verdict must be earned"));
  }
  Split split = split_by_exemption(std::move(evidence.findings), exemptions.in_force);
  report.active = std::move(split.active);
  report.exempted = std::move(split.exempted);
  report.active.insert(report.active.end(), exemptions.faults.begin(), exemptions.faults.end());
  report.omitted = evidence.omitted;
  report.examined = std::move(evidence.examined);
  report.inputs = std::move(evidence.inputs);
  report.facts = std::move(evidence.facts);
  report.results = std::move(evidence.results);

  const Verdict found = verdict_of(count_of(report.mode, report.active, report.omitted));
  report.verdict = found;
  report.decided_by = decisive(report.mode, report.active, found);
  if (report.decided_by.empty()) report.decided_by = examined_line(report.examined);
  bound_active(report, policy.max_listed);
  set_tally(report);
  apply_overrides(policy, report);
  return report;
}

Report combine(const RunContext& run, const Policy& policy, Report own, std::vector<CheckReport> parts) {
  Report merged = std::move(own);
  merged.run = run;
  std::uint64_t judged = 0;
  for (const CheckReport& part : parts) {
    absorb(merged, part.report, part.required);
    merged.checks.push_back(row_of(part));
    if (part.required) ++judged;
  }
  merged.examined = {Examined{"checks", parts.size()}};
  if (judged == 0 && merged.verdict < Verdict::undecided) {
    merged.verdict = Verdict::undecided;
    merged.active.push_back(undecided("gate.nothing_examined", Reason::no_data, "",
                                      "no required check was run: a verdict must be earned"));
    ++merged.tally.findings;
  }
  const auto worst =
      std::max_element(merged.checks.begin(), merged.checks.end(), [](const auto& a, const auto& b) {
        return (a.required ? a.verdict : std::min(a.verdict, Verdict::warned)) <
               (b.required ? b.verdict : std::min(b.verdict, Verdict::warned));
      });
  const std::string from_findings = decisive(Mode::strict, merged.active, merged.verdict);
  if (worst != merged.checks.end() && worst->verdict == merged.verdict && merged.verdict != Verdict::passed) {
    merged.decided_by = fmt::format("{}: {}", worst->check, worst->decided_by);
  } else {
    merged.decided_by = from_findings.empty() ? examined_line(merged.examined) : from_findings;
  }
  bound_active(merged, policy.max_listed);
  apply_overrides(policy, merged);
  merged.severity_level = severity_level(merged);
  return merged;
}

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::strict: return "strict";
    case Mode::warn: return "warn";
  }
  return "?";
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed: return "passed";
    case Verdict::warned: return "warned";
    case Verdict::undecided: return "undecided";
    case Verdict::failed: return "failed";
  }
  return "?";
}

}  // namespace gate::policy
