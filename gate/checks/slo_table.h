#pragma once

#include <span>

#include "gate/base/value.h"
#include "gate/checks/slo.h"

namespace gate::checks {

// The objectives as people read them, a flat row each: objective, verdict, target and good share in percent,
// budget left in percent, the burn rate over each long window (the shortest four that any objective has; "!"
// where the row fires, "?" where it is not known), and the course of the last day as block characters. The
// result `service_levels` of a report.
Value slo_table(std::span<const EvaluatedObjective> objectives);

}  // namespace gate::checks
