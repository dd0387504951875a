#include "gate/gate_run/report_files.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/checks/inputs.h"

namespace gate::gate_run {
namespace {

using policy::CheckDeclaration;
using policy::Finding;
using policy::Reason;
using policy::Severity;

const CheckDeclaration* find_declaration(const cli::Session& session, std::string_view name) {
  const auto& checks = session.config.checks;
  const auto found =
      std::find_if(checks.begin(), checks.end(), [&](const auto& check) { return check.name == name; });
  return found == checks.end() ? nullptr : &*found;
}

Finding at_file(Finding finding, const std::string& path) {
  finding.location.file = path;
  return finding;
}

// "lint" of "out/lint.sarif": what a report that bears no check's name is called.
std::string stem_of(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.find('.');
  return dot == 0 || dot == std::string::npos ? name : name.substr(0, dot);
}

policy::Report as_report(checks::ForeignReport foreign, const std::string& path,
                         const cli::Session& session) {
  if (auto* report = std::get_if<policy::Report>(&foreign)) return std::move(*report);
  auto& evidence = std::get<policy::Evidence>(foreign);
  for (Finding& doubt : checks::find_doubts(evidence, path, freshness_of(session, session.config.max_age))) {
    evidence.findings.push_back(std::move(doubt));
  }
  policy::RunContext run = session.run;
  run.check = stem_of(path);
  run.tool = {"sarif", "2.1.0"};
  run.started_at = run.finished_at = run.as_of;  // its own age is among the doubts
  policy::Report report = policy::judge(run, session.policy, std::move(evidence), session.exemptions);
  report.inputs.insert(report.inputs.end(), session.inputs.begin(), session.inputs.end());
  return report;
}

// The tools that can have made a report of a check of that kind; empty: any.
std::vector<std::string_view> makers_of(const policy::CheckSettings& settings) {
  if (std::holds_alternative<policy::TestsSettings>(settings)) return {"test-summary", "gate"};
  if (std::holds_alternative<policy::SchemaSettings>(settings)) return {"schema-validate", "gate"};
  if (std::holds_alternative<policy::ExemptionsSettings>(settings)) return {"exemption-report", "gate"};
  if (std::holds_alternative<policy::SloSettings>(settings)) return {"slo-evaluate", "gate"};
  if (std::holds_alternative<policy::CommandSettings>(settings)) return {"gate"};
  return {};
}

// A report by the name of a check and of another kind is not that check's.
void doubt_maker(const policy::Report& report, const CheckDeclaration* declared, const std::string& path,
                 std::vector<Finding>& doubts) {
  const auto makers = declared == nullptr ? std::vector<std::string_view>{} : makers_of(declared->settings);
  const bool known = std::find(makers.begin(), makers.end(), report.run.tool.name) != makers.end();
  if (makers.empty() || (known && report.checks.empty())) return;
  doubts.push_back(at_file(policy::violation("report.other_tool", Severity::error, path,
                                             fmt::format("check \"{}\" is not for {} to report",
                                                         report.run.check, report.run.tool.name)),
                           path));
}

void add_report(policy::Report report, const std::string& path, const cli::Session& session, ReportSet& set) {
  const std::string name = report.run.check;
  const auto same = std::find_if(set.parts.begin(), set.parts.end(),
                                 [&](const auto& part) { return part.report.run.check == name; });
  if (same != set.parts.end()) {
    set.about.findings.push_back(at_file(
        policy::violation(
            "report.duplicate", Severity::error, path,
            fmt::format("check \"{}\" is already reported by {}: which one counts?", name, same->path)),
        path));
    return;
  }
  const CheckDeclaration* declared = find_declaration(session, name);
  if (declared == nullptr && !session.config.checks.empty()) {
    set.about.findings.push_back(at_file(
        policy::note("report.unexpected", path, fmt::format("the policy declares no check \"{}\"", name)),
        path));
  }
  std::vector<Finding> doubts =
      checks::find_doubts(report, path, freshness_of(session, session.config.max_age));
  doubt_maker(report, declared, path, doubts);
  std::move(doubts.begin(), doubts.end(), std::back_inserter(set.about.findings));
  set.parts.push_back({std::move(report), declared == nullptr || declared->required, path});
}

// A required check that nobody reported stands among the others, as undecided.
policy::Report missing_report(const std::string& check, const cli::Session& session) {
  policy::RunContext run = session.run;
  run.check = check;
  policy::Evidence evidence;
  evidence.findings.push_back(policy::undecided(
      "report.missing", Reason::no_data, "", "the policy requires this check and no report of it was given"));
  return policy::judge(run, session.policy, std::move(evidence), {});
}

void find_missing(const cli::Session& session, ReportSet& set) {
  for (const CheckDeclaration& check : session.config.checks) {
    const bool there = std::any_of(set.parts.begin(), set.parts.end(),
                                   [&](const auto& part) { return part.report.run.check == check.name; });
    if (there || !check.required) continue;
    set.parts.push_back({missing_report(check.name, session), true, ""});
  }
}

}  // namespace

checks::Freshness freshness_of(const cli::Session& session, std::optional<std::chrono::seconds> max_age) {
  const bool strict = session.policy.locked && session.policy.mode == policy::Mode::strict;
  // The first input of a session is its policy.
  const bool locked = session.policy.locked && !session.inputs.empty();
  return {session.run.git_sha, max_age, session.run.as_of, strict,
          locked ? std::optional{session.inputs.front().sha256} : std::nullopt};
}

Result<ReportSet> collect_reports(const std::vector<std::string>& files, const cli::Session& session,
                                  cli::Context& io) {
  auto inputs = checks::expand_inputs(files, {".json", ".sarif"}, io.files);
  if (!inputs) return inputs.error();
  ReportSet set;
  set.about.findings = std::move(inputs->findings);
  for (const std::string& path : inputs->paths) {
    auto foreign = checks::load_report(path, io.files);
    if (!foreign) {
      set.about.findings.push_back(checks::unreadable_report(foreign.error(), path));
      continue;
    }
    policy::count(set.about, "reports", 1);
    add_report(as_report(std::move(*foreign), path, session), path, session, set);
  }
  find_missing(session, set);
  return set;
}

}  // namespace gate::gate_run
