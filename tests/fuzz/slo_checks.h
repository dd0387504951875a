#pragma once

#include "gate/slo/evaluation.h"
#include "gate/slo/source.h"

namespace gate::fuzz {

// Claims about every objective that a loader accepts.
void check_objective(const slo::Objective& objective);

// Claims about what any measurement comes to.
void check_evaluation(const slo::Objective& objective, const slo::Measurement& measurement,
                      const slo::Trust& trust);

}  // namespace gate::fuzz
