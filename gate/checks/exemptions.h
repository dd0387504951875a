#pragma once

#include <vector>

#include "gate/base/result.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/policy/exemption_usage.h"
#include "gate/policy/run_context.h"
#include "gate/ports/files.h"

namespace gate::checks {

// A register on the day of the run: what its records are worth, what they were used for, and what is
// to be said about it.
struct ExemptionCheck {
  policy::CheckedRegister checked;
  policy::ExemptionUsage usage;
  policy::Evidence evidence;
};

// Holds the register to its rules on the day of `run.as_of`, and what it was used for, by `earlier`
// and the reports that the settings name, to the budgets and the baseline. An invalid record is a
// violation at its place; an empty register is a good one. Without a report nothing is called unused.
//
// Results: "exemptions" (how many of what), "by_rule" (what `baseline` of a later run reads).
// Errors: not_found, io; malformed for a register that cannot be read at all, or a baseline that is
// no report of this check.
Result<ExemptionCheck> check_register_file(const policy::ExemptionsSettings& settings,
                                           const policy::RunContext& run,
                                           const std::vector<policy::Report>& earlier,
                                           const ports::Files& files);

// The same, for a run of many checks.
Result<policy::Evidence> check_exemptions(const policy::ExemptionsSettings& settings,
                                          const policy::RunContext& run,
                                          const std::vector<policy::Report>& earlier,
                                          const ports::Files& files);

// One row of the counts by rule or owner: {name_key: name, "in_force": …, "exempted": …}.
Value counts_row(std::string_view name_key, const std::string& name, const policy::ExemptionCounts& counts);

}  // namespace gate::checks
