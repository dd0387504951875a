#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gate/policy/exemption_rules.h"
#include "gate/policy/report.h"

namespace gate::policy {

// What the reports of a run say that records were used for. A finding that two reports list, a
// check's own and a merged one, counts once.
struct ExemptionUsage {
  std::size_t reports = 0;
  // Whether a record that took nothing here was of no use: there are reports, every one was decided
  // and lists all that its check found.
  bool complete = false;
  std::map<std::string, std::uint64_t> by_exemption;  // id to findings taken
  std::map<std::string, std::uint64_t> by_rule;       // rule of the findings

  bool operator==(const ExemptionUsage&) const = default;
};

ExemptionUsage usage_of(const std::vector<Report>& reports);

// How many records a rule or an owner has. The first four are disjoint.
struct ExemptionCounts {
  std::uint64_t in_force = 0;
  std::uint64_t expiring = 0;
  std::uint64_t expired = 0;
  std::uint64_t invalid = 0;
  std::optional<std::uint64_t> exempted;  // findings taken; nothing where no report was given

  bool operator==(const ExemptionCounts&) const = default;
};

// Records that may exempt.
std::uint64_t live(const ExemptionCounts& counts);

using CountsByName = std::map<std::string, ExemptionCounts>;

// By the rule of the records, and of the findings taken: a family "schema.*" and its rules stand
// apart. By owner; a record without one counts for "(nobody)".
CountsByName counts_by_rule(const CheckedRegister& checked, const ExemptionUsage& usage);
CountsByName counts_by_owner(const CheckedRegister& checked, const ExemptionUsage& usage);

// Records in force that took nothing: exemption.unused, a warning, and an error once the record is
// older than the policy's days. Empty where the usage is not complete.
std::vector<Finding> find_unused(const CheckedRegister& checked, const ExemptionUsage& usage,
                                 const ExemptionRules& rules, Date today);

// exemption.over_budget: rules with more findings exempted, or more records in force, than the
// policy allows them.
std::vector<Finding> find_over_budget(const CountsByName& by_rule, const ExemptionRules& rules);

// exemption.grew: rules with more records in force, or more findings exempted, than in an earlier
// report. Counts may only fall.
std::vector<Finding> find_growth(const CountsByName& by_rule, const CountsByName& baseline);

}  // namespace gate::policy
