#include "gate/checks/exemptions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "gate/base/glob.h"
#include "gate/base/hash.h"
#include "gate/checks/inputs.h"
#include "gate/checks/report.h"
#include "gate/load/exemptions_toml.h"
#include "gate/load/toml.h"

namespace gate::checks {
namespace {

using policy::CheckedRegister;
using policy::CountsByName;
using policy::Evidence;
using policy::ExemptionCounts;
using policy::ExemptionsSettings;
using policy::ExemptionUsage;
using policy::Finding;
using policy::Severity;

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(findings));
}

Result<policy::ExemptionRegister> load_register(const std::string& path, const ports::Files& files,
                                                Evidence& evidence) {
  const auto text = files.read(path, load::kRegisterBounds.bytes);
  if (!text) {
    // Too long is the file's fault, not a limit that was hit at work.
    return text.error().code == ErrorCode::budget ? Error{ErrorCode::malformed, text.error().message}
                                                  : text.error();
  }
  evidence.inputs.push_back({path, sha256_hex(*text), text->size()});
  return load::parse_exemptions(*text, path);
}

// The reports that say what was exempted, and whether all of them can be believed.
struct Told {
  std::vector<policy::Report> reports;
  bool all_believed = true;
};

void add_report(const std::string& path, const policy::RunContext& run, const ports::Files& files, Told& told,
                Evidence& evidence) {
  auto loaded = load_report(path, files);
  if (!loaded) {
    evidence.findings.push_back(unreadable_report(loaded.error(), path));
    told.all_believed = false;
    return;
  }
  auto* report = std::get_if<policy::Report>(&*loaded);
  if (report == nullptr) return;  // SARIF of another tool, which no exemption was applied to
  auto doubts = find_doubts(*report, path, Freshness{run.git_sha, std::nullopt, run.as_of});
  told.all_believed = told.all_believed && doubts.empty();
  append(evidence.findings, std::move(doubts));
  told.reports.push_back(std::move(*report));
}

Result<Told> load_reports(const ExemptionsSettings& settings, const policy::RunContext& run,
                          const std::vector<policy::Report>& earlier, const ports::Files& files,
                          Evidence& evidence) {
  Told told;
  told.reports = earlier;
  if (settings.reports.empty()) return told;
  auto inputs = expand_inputs(settings.reports, {".json"}, files);
  if (!inputs) return inputs.error();
  told.all_believed = inputs->findings.empty();
  append(evidence.findings, std::move(inputs->findings));
  for (const std::string& path : inputs->paths) add_report(path, run, files, told, evidence);
  return told;
}

std::optional<std::uint64_t> count_at(const Value& row, std::string_view key) {
  const Value* value = row.find(key);
  const std::int64_t* count = value == nullptr ? nullptr : value->as_integer();
  return count == nullptr || *count < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(*count)};
}

Error no_baseline(const std::string& path, std::string_view why) {
  return Error{ErrorCode::malformed, fmt::format("{}: no baseline of exemptions: {}", path, why)};
}

Result<CountsByName> load_baseline(const std::string& path, const ports::Files& files) {
  const auto loaded = load_report(path, files);
  if (!loaded) return loaded.error();
  const auto* report = std::get_if<policy::Report>(&*loaded);
  const Value* rows = report == nullptr ? nullptr : report->results.find("by_rule");
  if (rows == nullptr || rows->as_array() == nullptr) {
    return no_baseline(path, "it has no by_rule: name a report of exemption-report or of that check");
  }
  CountsByName baseline;
  for (const Value& row : *rows->as_array()) {
    const Value* rule = row.find("rule");
    const auto in_force = count_at(row, "in_force");
    if (rule == nullptr || rule->as_string() == nullptr || !in_force)
      return no_baseline(path, "by_rule is damaged");
    ExemptionCounts& counts = baseline[*rule->as_string()];
    counts.in_force = *in_force;
    counts.expiring = count_at(row, "expiring").value_or(0);
    counts.exempted = count_at(row, "exempted");
  }
  return baseline;
}

// What the uses break: records that took nothing, budgets, the baseline.
Result<std::vector<Finding>> find_misuse(const ExemptionsSettings& settings, const ExemptionCheck& check,
                                         Date today, const ports::Files& files) {
  const CountsByName by_rule = policy::counts_by_rule(check.checked, check.usage);
  std::vector<Finding> findings = policy::find_unused(check.checked, check.usage, settings.rules, today);
  append(findings, policy::find_over_budget(by_rule, settings.rules));
  if (!settings.baseline) return findings;
  const auto baseline = load_baseline(*settings.baseline, files);
  if (!baseline) return baseline.error();
  append(findings, policy::find_growth(by_rule, *baseline));
  return findings;
}

Result<std::vector<Finding>> find_idle_scopes(const ExemptionsSettings& settings,
                                              const CheckedRegister& checked, const ports::Files& files) {
  std::vector<Finding> findings;
  if (settings.files.empty()) return findings;
  auto named = expand_inputs(settings.files, {""}, files);
  if (!named) return named.error();
  append(findings, std::move(named->findings));
  for (const policy::CheckedExemption& record : checked.records) {
    const policy::Exemption& exemption = record.exemption;
    if (!is_in_force(record) || exemption.scope.paths.empty()) continue;
    const auto in_scope = [&](const std::string& path) {
      return std::any_of(exemption.scope.paths.begin(), exemption.scope.paths.end(),
                         [&](const std::string& glob) { return glob_matches(glob, path); });
    };
    if (std::any_of(named->paths.begin(), named->paths.end(), in_scope)) continue;
    findings.push_back(policy::violation("exemption.no_file", Severity::warning, exemption.id,
                                         "its scope names no file that is there"));
    findings.back().location = exemption.where;
  }
  return findings;
}

Finding not_determined(const ExemptionsSettings& settings, const ExemptionUsage& usage) {
  return policy::note("exemption.unused_unknown", settings.register_path,
                      usage.reports == 0 && settings.reports.empty()
                          ? "what is unused is not known: no report of the run was given"
                          : "what is unused is not known: a report is undecided, unreadable or in doubt");
}

Value number_or_null(std::optional<std::uint64_t> number) {
  return number ? Value{*number} : Value{};
}

Value summary_of(const CheckedRegister& checked, const ExemptionUsage& usage, const Evidence& evidence) {
  ExemptionCounts all;
  for (const auto& [rule, counts] : counts_by_rule(checked, usage)) {
    all.in_force += counts.in_force;
    all.expiring += counts.expiring;
    all.expired += counts.expired;
    all.invalid += counts.invalid;
    if (counts.exempted) all.exempted = all.exempted.value_or(0) + *counts.exempted;
  }
  const auto found = [&](std::string_view rule) {
    return std::count_if(evidence.findings.begin(), evidence.findings.end(),
                         [&](const Finding& finding) { return finding.rule == rule; });
  };
  Value summary = Value::object({{"in_force", all.in_force},
                                 {"expiring", all.expiring},
                                 {"expired", all.expired},
                                 {"invalid", all.invalid}});
  summary.set("unused", usage.complete ? Value{std::int64_t{found("exemption.unused")}} : Value{});
  summary.set("over_budget", std::int64_t{found("exemption.over_budget")});
  summary.set("exempted", number_or_null(all.exempted));
  return summary;
}

// The smallest budget that holds for the rule.
Value budget_of(const std::string& rule, const policy::ExemptionRules& rules) {
  std::optional<std::uint64_t> smallest;
  for (const auto& [glob, budget] : rules.budgets) {
    if (globs_intersect(glob, rule)) smallest = std::min(smallest.value_or(budget), budget);
  }
  return number_or_null(smallest);
}

Value rows_of(const CountsByName& by_rule, const policy::ExemptionRules& rules) {
  Value rows = Value::array();
  for (const auto& [rule, counts] : by_rule) {
    Value row = counts_row("rule", rule, counts);
    row.set("budget", budget_of(rule, rules));
    rows.push(std::move(row));
  }
  return rows;
}

// What was examined, and how many of what there are.
void describe(const ExemptionsSettings& settings, ExemptionCheck& check) {
  Evidence& evidence = check.evidence;
  policy::count(evidence, "registers", 1);
  policy::count(evidence, "exemptions", check.checked.records.size());
  policy::count(evidence, "reports", check.usage.reports);
  evidence.results.set("exemptions", summary_of(check.checked, check.usage, evidence));
  evidence.results.set("by_rule",
                       rows_of(policy::counts_by_rule(check.checked, check.usage), settings.rules));
}

}  // namespace

Value counts_row(std::string_view name_key, const std::string& name, const ExemptionCounts& counts) {
  return Value::object({{std::string{name_key}, name},
                        {"in_force", counts.in_force},
                        {"expiring", counts.expiring},
                        {"expired", counts.expired},
                        {"invalid", counts.invalid},
                        {"exempted", number_or_null(counts.exempted)}});
}

Result<ExemptionCheck> check_register_file(const ExemptionsSettings& settings, const policy::RunContext& run,
                                           const std::vector<policy::Report>& earlier,
                                           const ports::Files& files) {
  ExemptionCheck check;
  std::vector<Finding>& findings = check.evidence.findings;
  const auto reg = load_register(settings.register_path, files, check.evidence);
  if (!reg) return reg.error();
  check.checked = policy::check_register(*reg, settings.rules, date_of(run.as_of));
  append(findings, check.checked.findings);

  const auto told = load_reports(settings, run, earlier, files, check.evidence);
  if (!told) return told.error();
  check.usage = policy::usage_of(told->reports);
  check.usage.complete = check.usage.complete && told->all_believed;
  auto misused = find_misuse(settings, check, date_of(run.as_of), files);
  if (!misused) return misused.error();
  append(findings, std::move(*misused));

  auto idle = find_idle_scopes(settings, check.checked, files);
  if (!idle) return idle.error();
  append(findings, std::move(*idle));
  if (!check.checked.records.empty() && !check.usage.complete)
    findings.push_back(not_determined(settings, check.usage));
  describe(settings, check);
  return check;
}

Result<Evidence> check_exemptions(const ExemptionsSettings& settings, const policy::RunContext& run,
                                  const std::vector<policy::Report>& earlier, const ports::Files& files) {
  auto check = check_register_file(settings, run, earlier, files);
  if (!check) return check.error();
  return std::move(check->evidence);
}

}  // namespace gate::checks
