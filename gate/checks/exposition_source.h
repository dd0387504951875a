#pragma once

#include <span>

#include "gate/base/result.h"
#include "gate/checks/source_world.h"
#include "gate/slo/objective.h"
#include "gate/slo/source.h"

namespace gate::checks {

// Reads a service's own metrics page twice and counts what happened in between. A window that is no longer
// than that time is measured over it, and so is a threshold without one; the others are slo::Missing. So is
// what was counted where the first reading has none of it, and where a counter fell. Selectors alone are
// understood, no PromQL. Errors: not_found, io and budget for files that cannot be read; usage for a URL that
// is none.
Result<Measurements> measure_exposition(const slo::ExpositionSource& source,
                                        std::span<const slo::Objective> objectives,
                                        const MeasureSettings& settings, const SourceWorld& world);

}  // namespace gate::checks
