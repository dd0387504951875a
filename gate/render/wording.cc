#include "gate/render/wording.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::render {

std::string_view label_of(policy::Mode mode, const policy::Finding& finding) {
  if (finding.kind == policy::FindingKind::undecided) return "undecided";
  return policy::name_of(policy::effective_severity(mode, finding));
}

bool lets_pass(policy::Verdict verdict) {
  return verdict == policy::Verdict::passed || verdict == policy::Verdict::warned;
}

int weight_of(policy::Mode mode, const policy::Finding& finding) {
  if (finding.kind == policy::FindingKind::undecided) return 1;
  switch (policy::effective_severity(mode, finding)) {
    case policy::Severity::error: return 0;
    case policy::Severity::warning: return 2;
    case policy::Severity::note: return 3;
  }
  return 3;
}

std::string place_of(const policy::Location& location) {
  if (location.line == 0) return location.file;
  if (location.column == 0) return fmt::format("{}:{}", location.file, location.line);
  return fmt::format("{}:{}:{}", location.file, location.line, location.column);
}

std::string about(const policy::Finding& finding) {
  const bool place_says_it = finding.location.line > 0 && finding.subject == finding.location.file;
  std::string words = place_says_it ? "" : finding.subject;
  if (finding.location.pointer.empty()) return words;
  return words.empty() ? finding.location.pointer : fmt::format("{}: {}", words, finding.location.pointer);
}

std::string sentence(const policy::Finding& finding) {
  const std::string words = about(finding);
  return words.empty() ? finding.message : fmt::format("{}: {}", words, finding.message);
}

std::string rule_of(const policy::Finding& finding) {
  if (finding.reason == policy::Reason::none) return finding.rule;
  return fmt::format("{}, {}", finding.rule, policy::name_of(finding.reason));
}

std::string tally_line(const policy::Report& report) {
  const policy::Tally& tally = report.tally;
  std::string line =
      fmt::format("{}, {} exempted", counted(tally.findings, "finding"), grouped(tally.exempted));
  if (tally.warnings > 0) line += ", " + counted(tally.warnings, "warning");
  if (tally.notes > 0) line += ", " + counted(tally.notes, "note");
  const std::uint64_t hidden = total_omitted(report.omitted);
  if (hidden > 0) line += fmt::format(" ({} not listed)", grouped(hidden));
  const std::string examined = policy::describe(report.examined);
  if (tally.findings == 0 && !examined.empty()) line += fmt::format("; examined {}", examined);
  return line;
}

std::string closing_line(const policy::Report& report) {
  return fmt::format("{}: {}", policy::name_of(report.verdict), tally_line(report));
}

std::string level_line(const policy::Report& report) {
  if (report.severity_level.empty()) return {};
  std::size_t required = 0;
  std::size_t blocking = 0;
  for (const policy::CheckRow& row : report.checks) {
    if (!row.required) continue;
    ++required;
    if (row.verdict == policy::Verdict::failed || row.verdict == policy::Verdict::undecided) ++blocking;
  }
  const std::string& level = report.severity_level;
  if (report.verdict == policy::Verdict::warned) return fmt::format("{}: warnings only", level);
  if (blocking == 0) return fmt::format("{}: no required check blocks the release, but the gate does", level);
  return fmt::format("{}: {} of {} block{} the release", level, blocking, counted(required, "required check"),
                     blocking == 1 ? "s" : "");
}

std::string exempted_by(const policy::Exempted& exempted) {
  std::string words = fmt::format("until {}, owner {}", to_string(exempted.expires), exempted.owner);
  if (!exempted.ticket.empty()) words += ", " + exempted.ticket;
  return words + ", exemption " + exempted.exemption;
}

std::uint64_t total_omitted(const policy::Omitted& omitted) {
  return omitted.errors + omitted.undecided + omitted.warnings + omitted.notes;
}

std::vector<const Value::Member*> results_to_show(const policy::Report& report) {
  std::vector<const Value::Member*> shown;
  const Value::Object* members = report.results.as_object();
  if (members == nullptr) return shown;
  for (const Value::Member& member : *members) {
    const bool wanted = !report.shown || std::find(report.shown->begin(), report.shown->end(), member.name) !=
                                             report.shown->end();
    if (wanted) shown.push_back(&member);
  }
  return shown;
}

std::vector<CheckFindings> by_check(const policy::Report& report) {
  std::vector<CheckFindings> groups{{"", {}}};
  for (const policy::CheckRow& row : report.checks) groups.push_back({row.check, {}});
  for (const policy::Finding& finding : report.active) {
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.check == finding.check; });
    if (group == groups.end()) group = groups.insert(groups.end(), {finding.check, {}});
    group->findings.push_back(&finding);
  }
  groups.erase(std::remove_if(groups.begin(), groups.end(), [](const auto& g) { return g.findings.empty(); }),
               groups.end());
  return groups;
}

}  // namespace gate::render
