#pragma once

#include <string>
#include <vector>

#include "gate/base/value.h"
#include "gate/checks/slo.h"
#include "gate/policy/finding.h"

namespace gate::checks {

// The reasons of an evaluation as findings about the objective, where it is written; of a shadow objective
// they are notes.
std::vector<policy::Finding> findings_of(const EvaluatedObjective& objective);

// The row of `objectives` in the report: name, service, verdict, enforced, doubt, target, sli, error_budget,
// burn_rates, threshold, warnings, queries. What is unknown is null.
Value objective_row(const EvaluatedObjective& objective);

}  // namespace gate::checks
