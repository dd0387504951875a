#pragma once

#include <chrono>
#include <span>

#include "gate/base/result.h"
#include "gate/checks/source_world.h"
#include "gate/slo/objective.h"
#include "gate/slo/source.h"

namespace gate::checks {

// How old the newest sample may be: three scrapes, where nobody says otherwise.
std::chrono::seconds max_age_of(const slo::PrometheusSource& source);

// Asks a server with Prometheus' HTTP API about every window of every objective, in parallel and for one
// moment: the server's own now, so that a wrong clock here makes no old data fresh. What cannot be had is a
// slo::Missing in its place. No secret of the source stands in any text of the answer.
// Errors: usage, not_found, io and budget where the credentials or the URL of the source cannot be used.
Result<Measurements> measure_prometheus(const slo::PrometheusSource& source,
                                        std::span<const slo::Objective> objectives,
                                        const MeasureSettings& settings, const SourceWorld& world);

}  // namespace gate::checks
