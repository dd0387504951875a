#pragma once

#include <span>

#include "gate/base/result.h"
#include "gate/checks/source_world.h"
#include "gate/slo/objective.h"
#include "gate/slo/source.h"

namespace gate::checks {

// Reads a service's own metrics page twice and counts what happened in between. An objective with a threshold
// is measured over that time, whatever its window; of the windows of a budget those that are no longer than
// it, the others are slo::Missing. Selectors alone are understood, no PromQL. Errors: not_found, io and
// budget for files that cannot be read; usage for a URL that is none.
Result<Measurements> measure_exposition(const slo::ExpositionSource& source,
                                        std::span<const slo::Objective> objectives,
                                        const MeasureSettings& settings, const SourceWorld& world);

}  // namespace gate::checks
