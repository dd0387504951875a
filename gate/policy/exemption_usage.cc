#include "gate/policy/exemption_usage.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "gate/base/glob.h"
#include "gate/base/text.h"

namespace gate::policy {
namespace {

// A finding taken by a record, whichever report lists it.
struct Taken {
  std::string check;
  std::string exemption;
  std::string rule;
  std::string fingerprint;

  auto operator<=>(const Taken&) const = default;
};

bool lists_everything(const Report& report) {
  const Omitted& omitted = report.omitted;
  return report.verdict != Verdict::undecided && omitted.errors + omitted.undecided + omitted.warnings == 0;
}

std::map<Taken, std::uint64_t> taken_in(const Report& report) {
  std::map<Taken, std::uint64_t> taken;
  for (const Exempted& exempted : report.exempted) {
    const Finding& finding = exempted.finding;
    const std::string& check = finding.check.empty() ? report.run.check : finding.check;
    ++taken[{check, exempted.exemption, finding.rule, fingerprint(finding)}];
  }
  return taken;
}

void count(ExemptionCounts& counts, Standing standing) {
  switch (standing) {
    case Standing::in_force: ++counts.in_force; return;
    case Standing::expiring: ++counts.expiring; return;
    case Standing::expired: ++counts.expired; return;
    case Standing::invalid: ++counts.invalid; return;
  }
}

std::uint64_t taken_by(const ExemptionUsage& usage, const std::string& id) {
  const auto found = usage.by_exemption.find(id);
  return found == usage.by_exemption.end() ? 0 : found->second;
}

void forget_unknown(CountsByName& counts, const ExemptionUsage& usage) {
  for (auto& [name, count] : counts) {
    if (usage.reports == 0) {
      count.exempted.reset();
    } else if (!count.exempted) {
      count.exempted = 0;
    }
  }
}

Finding unused(const Exemption& exemption, const ExemptionUsage& usage, const ExemptionRules& rules,
               Date today) {
  const auto age = (today - exemption.created).count();
  const bool is_old = age > rules.unused_error_days;
  Finding finding =
      violation("exemption.unused", is_old ? Severity::error : Severity::warning, exemption.id,
                fmt::format("took no finding in {}{}: remove it, owner {}", counted(usage.reports, "report"),
                            is_old ? fmt::format(", {} days after it was created", age) : "",
                            exemption.owner.empty() ? "nobody" : exemption.owner));
  finding.location = exemption.where;
  return finding;
}

std::string over_budget(std::uint64_t exempted, std::uint64_t records, std::uint64_t budget) {
  if (exempted > budget) {
    return fmt::format("{} exempted, the budget is {}", counted(exempted, "finding"), budget);
  }
  return fmt::format("{} in force, the budget is {}", counted(records, "record"), counted(budget, "finding"));
}

void compare(std::vector<Finding>& findings, const std::string& rule, std::string_view what,
             std::uint64_t now, std::uint64_t before) {
  if (now <= before) return;
  Finding finding =
      violation("exemption.grew", Severity::error, rule,
                fmt::format("{}: {}, the baseline has {}: counts may only fall", what, now, before));
  finding.key = what;
  findings.push_back(std::move(finding));
}

}  // namespace

ExemptionUsage usage_of(const std::vector<Report>& reports) {
  std::map<Taken, std::uint64_t> most;
  for (const Report& report : reports) {
    for (const auto& [taken, times] : taken_in(report)) most[taken] = std::max(most[taken], times);
  }
  ExemptionUsage usage;
  usage.reports = reports.size();
  usage.complete = !reports.empty() && std::all_of(reports.begin(), reports.end(), lists_everything);
  for (const auto& [taken, times] : most) {
    usage.by_exemption[taken.exemption] += times;
    usage.by_rule[taken.rule] += times;
  }
  return usage;
}

std::uint64_t live(const ExemptionCounts& counts) {
  return counts.in_force + counts.expiring;
}

CountsByName counts_by_rule(const CheckedRegister& checked, const ExemptionUsage& usage) {
  CountsByName counts;
  for (const CheckedExemption& record : checked.records)
    count(counts[record.exemption.rule], record.standing);
  for (const auto& [rule, taken] : usage.by_rule) counts[rule].exempted = taken;
  forget_unknown(counts, usage);
  return counts;
}

CountsByName counts_by_owner(const CheckedRegister& checked, const ExemptionUsage& usage) {
  CountsByName counts;
  for (const CheckedExemption& record : checked.records) {
    const std::string& owner = record.exemption.owner;
    ExemptionCounts& of_owner = counts[owner.empty() ? "(nobody)" : owner];
    count(of_owner, record.standing);
    if (is_in_force(record)) {
      of_owner.exempted = of_owner.exempted.value_or(0) + taken_by(usage, record.exemption.id);
    }
  }
  forget_unknown(counts, usage);
  return counts;
}

std::vector<Finding> find_unused(const CheckedRegister& checked, const ExemptionUsage& usage,
                                 const ExemptionRules& rules, Date today) {
  std::vector<Finding> findings;
  if (!usage.complete) return findings;
  for (const CheckedExemption& record : checked.records) {
    if (!is_in_force(record) || taken_by(usage, record.exemption.id) > 0) continue;
    findings.push_back(unused(record.exemption, usage, rules, today));
  }
  return findings;
}

std::vector<Finding> find_over_budget(const CountsByName& by_rule, const ExemptionRules& rules) {
  std::vector<Finding> findings;
  for (const auto& [glob, budget] : rules.budgets) {
    std::uint64_t exempted = 0;
    std::uint64_t records = 0;
    for (const auto& [rule, counts] : by_rule) {
      if (!globs_intersect(glob, rule)) continue;
      exempted += counts.exempted.value_or(0);
      records += live(counts);
    }
    if (exempted <= budget && records <= budget) continue;
    findings.push_back(
        violation("exemption.over_budget", Severity::error, glob, over_budget(exempted, records, budget)));
  }
  return findings;
}

std::vector<Finding> find_growth(const CountsByName& by_rule, const CountsByName& baseline) {
  std::vector<Finding> findings;
  for (const auto& [rule, counts] : by_rule) {
    const auto found = baseline.find(rule);
    const ExemptionCounts before = found == baseline.end() ? ExemptionCounts{} : found->second;
    compare(findings, rule, "records in force", live(counts), live(before));
    const bool comparable = counts.exempted && (before.exempted || found == baseline.end());
    if (comparable)
      compare(findings, rule, "findings exempted", *counts.exempted, before.exempted.value_or(0));
  }
  return findings;
}

}  // namespace gate::policy
