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
  if (policy.mode_from_command_line && policy.locked) {
    return {Mode::strict, "the policy is locked: mode warn from the command line does not hold"};
  }
  if (policy.mode_from_command_line) {
    return {Mode::warn, "mode warn from the command line: findings do not block this run"};
  }
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
  return examined.empty() ? "nothing examined" : describe(examined);
}

template <class T>
bool holds(const std::vector<T>& items, const T& wanted) {
  return std::find(items.begin(), items.end(), wanted) != items.end();
}

void add_stamp(Report& report, std::string stamp) {
  const auto& stamps = report.stamps;
  if (std::find(stamps.begin(), stamps.end(), stamp) == stamps.end())
    report.stamps.push_back(std::move(stamp));
}

void apply_overrides(const Policy& policy, Report& report) {
  if (policy.accept_undecided && report.verdict == Verdict::undecided) {
    if (policy.locked) {
      add_stamp(report, "the policy is locked: --accept undecided does not hold");
    } else {
      add_stamp(report, std::string{kAcceptedUndecided});
      report.verdict = report.tally.warnings > 0 ? Verdict::warned : Verdict::passed;
      report.decided_by = fmt::format("undecided, accepted: {}", report.decided_by);
    }
  }
  if (policy.deny_warned && report.verdict == Verdict::warned) {
    add_stamp(report, "--deny warned: a warning blocks this run");
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

// Whether anything that was found, and is not exempted, says why nothing was examined. A warning
// does not: nobody would be stopped by it.
bool explains_why(const std::vector<Finding>& active, const Omitted& omitted) {
  if (omitted.errors > 0 || omitted.undecided > 0) return true;
  return std::any_of(active.begin(), active.end(), [](const Finding& f) {
    return f.kind == FindingKind::undecided ||
           (f.kind == FindingKind::violation && f.severity == Severity::error);
  });
}

Finding nothing_examined(std::string message) {
  return undecided("gate.nothing_examined", Reason::no_data, "", std::move(message));
}

std::string severity_level(const Report& merged) {
  if (merged.verdict == Verdict::passed) return "";
  if (merged.verdict == Verdict::warned) return "P2";
  const auto required = [](const CheckRow& row) { return row.required; };
  const auto blocked = [](const CheckRow& row) {
    return row.required && (row.verdict == Verdict::failed || row.verdict == Verdict::undecided);
  };
  const auto all = std::count_if(merged.checks.begin(), merged.checks.end(), required);
  const auto bad = std::count_if(merged.checks.begin(), merged.checks.end(), blocked);
  return bad > 0 && bad == all ? "P0" : "P1";
}

CheckRow row_of(const CheckReport& part) {
  const Report& report = part.report;
  return CheckRow{report.run.check,  report.verdict, part.required,
                  report.decided_by, report.tally,   report.run.finished_at - report.run.started_at,
                  part.path};
}

std::uint64_t undecided_in(const Report& report) {
  const auto listed = std::count_if(report.active.begin(), report.active.end(), [](const Finding& finding) {
    return finding.kind == FindingKind::undecided;
  });
  return static_cast<std::uint64_t>(listed) + report.omitted.undecided;
}

// What a part's verdict counts for: under mode warn its violations do not block, and a check that is
// not required can only warn.
Verdict counted(const CheckReport& part, Mode mode) {
  Verdict verdict = part.report.verdict;
  if (mode == Mode::warn && verdict == Verdict::failed) {
    verdict = undecided_in(part.report) > 0 ? Verdict::undecided : Verdict::warned;
  }
  return part.required ? verdict : std::min(verdict, Verdict::warned);
}

void add(Tally& sum, const CheckReport& part, Mode mode) {
  const Tally& tally = part.report.tally;
  const std::uint64_t blocking =
      mode == Mode::warn ? std::min(tally.findings, undecided_in(part.report)) : tally.findings;
  const std::uint64_t counting = part.required ? blocking : 0;
  sum.findings += counting;
  sum.exempted += tally.exempted;
  sum.warnings += tally.warnings + (tally.findings - counting);
  sum.notes += tally.notes;
}

void add(Omitted& sum, const CheckReport& part) {
  const Omitted& omitted = part.report.omitted;
  const bool blocks = part.required && part.report.mode == Mode::strict;
  (blocks ? sum.errors : sum.warnings) += omitted.errors;
  (part.required ? sum.undecided : sum.warnings) += omitted.undecided;
  sum.warnings += omitted.warnings;
  sum.notes += omitted.notes;
}

// A finding as it counts in the merged report: what its check only warned about stays a warning, and
// a check that is not required only warns.
Finding counted(const CheckReport& part, Finding finding) {
  finding.check = part.report.run.check;
  finding.severity = effective_severity(part.report.mode, finding);
  if (part.required || finding.kind == FindingKind::note) return finding;
  finding.severity = std::min(finding.severity, Severity::warning);
  if (finding.kind == FindingKind::undecided) {
    finding.kind = FindingKind::violation;
    finding.message = fmt::format("undecided, {}: {}", name_of(finding.reason), finding.message);
    finding.reason = Reason::none;
  }
  return finding;
}

// What holds for the whole run, as `own` says, is said once.
void absorb(Report& merged, const Report& own, const CheckReport& part) {
  const Report& report = part.report;
  const std::string& check = report.run.check;
  for (const Finding& finding : report.active) merged.active.push_back(counted(part, finding));
  for (const Exempted& exempted : report.exempted) {
    merged.exempted.push_back(exempted);
    merged.exempted.back().finding.check = check;
  }
  for (const std::string& stamp : report.stamps) {
    if (!holds(own.stamps, stamp)) merged.stamps.push_back(fmt::format("{}: {}", check, stamp));
  }
  for (const Input& input : report.inputs) {
    if (!holds(own.inputs, input)) merged.inputs.push_back(input);
  }
  add(merged.tally, part, merged.mode);
  add(merged.omitted, part);
  merged.checks.push_back(row_of(part));
  if (const Verdict verdict = counted(part, merged.mode); verdict > merged.verdict) {
    merged.verdict = verdict;
    merged.decided_by = fmt::format("{}: {}", check, report.decided_by);
  }
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

  Split split = split_by_exemption(std::move(evidence.findings), exemptions.in_force);
  report.active = std::move(split.active);
  report.exempted = std::move(split.exempted);
  if (policy.required && total_examined(evidence) == 0 && !explains_why(report.active, evidence.omitted)) {
    report.active.push_back(nothing_examined("nothing was examined: a verdict must be earned"));
  }
  report.active.insert(report.active.end(), exemptions.faults.begin(), exemptions.faults.end());
  report.omitted = evidence.omitted;
  report.examined = std::move(evidence.examined);
  report.inputs = std::move(evidence.inputs);
  report.facts = std::move(evidence.facts);
  report.results = std::move(evidence.results);
  report.shown = std::move(evidence.shown);

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
  Report merged = own;
  merged.run = run;
  for (const CheckReport& part : parts) absorb(merged, own, part);
  merged.examined = {Examined{"checks", parts.size()}};
  const bool judged =
      std::any_of(parts.begin(), parts.end(), [](const CheckReport& part) { return part.required; });
  if (!judged && merged.verdict < Verdict::undecided) {
    merged.active.push_back(nothing_examined("no required check was run: a verdict must be earned"));
    merged.verdict = Verdict::undecided;
    merged.decided_by = merged.active.back().message;
    ++merged.tally.findings;
  }
  if (merged.verdict == Verdict::passed) merged.decided_by = examined_line(merged.examined);
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
