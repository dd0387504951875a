#pragma once

#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"
#include "gate/slo/source.h"

namespace gate::checks {

// The objectives of a run and what they were read from.
struct LoadedObjectives {
  slo::ObjectiveSet set;
  std::vector<policy::Input> inputs;
  std::vector<policy::Finding> findings;  // inputs.* of folders and globs, slo.remark (notes)
};

// Reads every file of `settings.objectives` (.yaml and .yml as OpenSLO, all others as slo.toml), keeps those
// that `settings.only` names, and adds the thresholds over `settings.samples`. Names of objectives are unique
// over all files; sources of one name in two files stay apart.
// Errors: not_found and io for files; malformed as `path:line:column: why`; usage for thresholds without
// samples, samples without thresholds, and a pattern of `only` that names no objective.
Result<LoadedObjectives> load_objectives(const policy::SloSettings& settings, const ports::Files& files);

// The objectives with calendar periods, as of `now`: their length and what has passed of them is then known.
// Time zones are read from the system's folder. Error: malformed, naming the objective and the zone.
Status settle_calendars(std::vector<slo::Objective>& objectives, Timestamp now, const ports::Files& files);

}  // namespace gate::checks
