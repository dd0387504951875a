#pragma once

#include <optional>
#include <span>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/checks/source_world.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"
#include "gate/slo/objective.h"
#include "gate/slo/source.h"

namespace gate::checks {

// What request samples say, and what was read for it.
struct SampleMeasurements {
  Measurements measurements;
  policy::Evidence evidence;  // as SampleFiles::evidence()
};

// Counts the samples of a source for all objectives in one pass over its files. Windows end at `as_of`, or
// else at the newest sample; its age is that at `now`. REQUIRES: every objective's indicator is a RequestSli,
// and a calendar period is current. Errors: not_found for a named file that does not exist; io.
Result<SampleMeasurements> measure_samples(const slo::SamplesSource& source,
                                           std::span<const slo::Objective> objectives,
                                           std::optional<Timestamp> as_of, Timestamp now,
                                           const ports::Files& files);

}  // namespace gate::checks
