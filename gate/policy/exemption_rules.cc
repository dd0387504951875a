#include "gate/policy/exemption_rules.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/policy/exemption_overlap.h"

namespace gate::policy {
namespace {

using RecordFaults = std::vector<std::vector<RecordFault>>;  // by record

constexpr std::string_view kUnnamed = "(record without id)";

std::string subject_of(const Exemption& exemption) {
  constexpr std::size_t kLongest = 200;
  return exemption.id.empty() ? std::string{kUnnamed} : shortened(exemption.id, kLongest);
}

void refuse_same_ids(const std::vector<ExemptionRecord>& records, RecordFaults& faults) {
  std::map<std::string_view, std::size_t> first_line;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string& id = records[i].exemption.id;
    if (id.empty()) continue;
    const Location where = place_of(records[i], "id");
    const auto [first, is_new] = first_line.emplace(id, where.line);
    if (is_new) continue;
    faults[i].push_back({"id", fmt::format("id: taken by the record in line {}", first->second), where});
  }
}

// Expired records take part in nothing any more: a new record may follow an old one.
void refuse_overlaps(const std::vector<ExemptionRecord>& records, Date today, RecordFaults& faults,
                     std::vector<Finding>& findings) {
  std::vector<const Exemption*> live;
  std::vector<std::size_t> index_of;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!faults[i].empty() || records[i].exemption.expires < today) continue;
    live.push_back(&records[i].exemption);
    index_of.push_back(i);
  }
  const Overlaps overlaps = find_overlaps(live);
  for (const Overlap& overlap : overlaps.found) {
    const Exemption& sooner = *live[overlap.sooner];
    const std::size_t later = index_of[overlap.later];
    faults[later].push_back({"scope",
                             fmt::format("overlaps {} in line {}, which ends on {}: one finding, one expiry",
                                         subject_of(sooner), sooner.where.line, to_string(sooner.expires)),
                             place_of(records[later], "scope")});
  }
  if (overlaps.complete) return;
  findings.push_back(undecided("exemption.overlap", Reason::budget, "",
                               "too many patterns to compare all of them: split the register's scopes up"));
}

Finding finding_of(const Exemption& exemption, const RecordFault& fault) {
  Finding found = violation("exemption.invalid", Severity::error, subject_of(exemption), fault.message);
  found.location = fault.where;
  found.key = fault.field;
  return found;
}

Finding warning_of(const Exemption& exemption, std::string rule, std::string message) {
  Finding found = violation(std::move(rule), Severity::warning, subject_of(exemption), std::move(message));
  found.location = exemption.where;
  return found;
}

std::string owned_by(const Exemption& exemption) {
  return exemption.owner.empty() ? std::string{} : fmt::format(", owner {}", exemption.owner);
}

void warn_of_end(const CheckedExemption& record, std::vector<Finding>& findings) {
  const Exemption& exemption = record.exemption;
  const std::string day = to_string(exemption.expires);
  if (record.standing == Standing::expired) {
    findings.push_back(
        warning_of(exemption, "exemption.expired",
                   fmt::format("expired on {}{}: it exempts nothing", day, owned_by(exemption))));
  } else if (record.standing == Standing::expiring) {
    const std::string left = record.days_left == 0
                                 ? std::string{"today is its last day"}
                                 : counted(static_cast<std::size_t>(record.days_left), "day") + " left";
    findings.push_back(warning_of(exemption, "exemption.expiring",
                                  fmt::format("expires on {}{}: {}", day, owned_by(exemption), left)));
  }
}

Standing standing_of(int days_left, bool is_faulted, const ExemptionRules& rules) {
  if (is_faulted) return Standing::invalid;
  if (days_left < 0) return Standing::expired;
  return days_left <= rules.warn_days ? Standing::expiring : Standing::in_force;
}

RecordFaults faults_of(const ExemptionRegister& reg, const ExemptionRules& rules, Date today) {
  RecordFaults faults;
  for (const ExemptionRecord& record : reg.records) {
    faults.push_back(record.faults);
    auto more = find_record_faults(record, rules, today);
    std::move(more.begin(), more.end(), std::back_inserter(faults.back()));
  }
  refuse_same_ids(reg.records, faults);
  return faults;
}

void sort_by_place(std::vector<RecordFault>& faults) {
  std::stable_sort(faults.begin(), faults.end(), [](const RecordFault& a, const RecordFault& b) {
    return std::pair{a.where.line, a.where.column} < std::pair{b.where.line, b.where.column};
  });
}

}  // namespace

CheckedRegister check_register(const ExemptionRegister& reg, const ExemptionRules& rules, Date today) {
  CheckedRegister checked;
  for (const RecordFault& fault : reg.faults) {
    checked.findings.push_back(finding_of(Exemption{}, fault));
    checked.findings.back().subject = reg.path;
  }
  RecordFaults faults = faults_of(reg, rules, today);
  refuse_overlaps(reg.records, today, faults, checked.findings);
  for (std::size_t i = 0; i < reg.records.size(); ++i) {
    const Exemption& exemption = reg.records[i].exemption;
    const int days_left = static_cast<int>((exemption.expires - today).count());
    checked.records.push_back({exemption, standing_of(days_left, !faults[i].empty(), rules), days_left});
    sort_by_place(faults[i]);
    for (const RecordFault& fault : faults[i]) checked.findings.push_back(finding_of(exemption, fault));
    warn_of_end(checked.records.back(), checked.findings);
  }
  return checked;
}

Exemptions exemptions_of(const CheckedRegister& checked) {
  Exemptions exemptions;
  for (const CheckedExemption& record : checked.records) {
    if (is_in_force(record)) exemptions.in_force.push_back(record.exemption);
  }
  std::copy_if(checked.findings.begin(), checked.findings.end(), std::back_inserter(exemptions.faults),
               [](const Finding& finding) { return finding.rule != "exemption.expiring"; });
  return exemptions;
}

bool is_in_force(const CheckedExemption& record) {
  return record.standing == Standing::in_force || record.standing == Standing::expiring;
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::in_force: return "in force";
    case Standing::expiring: return "expiring";
    case Standing::expired: return "expired";
    case Standing::invalid: return "invalid";
  }
  return "?";
}

}  // namespace gate::policy
