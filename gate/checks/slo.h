#pragma once

#include <functional>
#include <span>
#include <vector>

#include "gate/base/result.h"
#include "gate/checks/slo_objectives.h"
#include "gate/checks/source_world.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/policy/run_context.h"
#include "gate/slo/evaluation.h"

namespace gate::checks {

// What the check may touch. `http` is nullptr in programs that talk no HTTP: what would need it is
// unreachable.
struct SloWorld {
  const ports::Files& files;
  const ports::HttpClient* http;
  const ports::Clock& clock;
  const ports::Environment& environment;
  std::size_t jobs = 1;  // threads
};

// One objective, what came back for it, and what that says.
struct EvaluatedObjective {
  slo::Objective objective;  // its calendar period, if it has one, is the current one
  slo::Measurement measurement;
  slo::Trust trust;
  slo::Evaluation evaluation;
};

struct SloCheck {
  policy::Evidence evidence;
  std::vector<EvaluatedObjective> objectives;  // in the order of the files
};

// What one source says about its objectives, and what reading it found.
struct SourceAnswer {
  Measurements measurements;
  policy::Evidence evidence;
};
using MeasureSource = std::function<Result<SourceAnswer>(
    const slo::Source& source, std::span<const slo::Objective> objectives, const MeasureSettings& settings)>;

// An answer that tells of each objective why nothing is known.
SourceAnswer nothing_measured(std::span<const slo::Objective> objectives, Timestamp at,
                              const slo::Missing& why);

// Prometheus, samples and metrics pages, as the sources say. Samples that are posted only the server has:
// malformed, naming the source.
MeasureSource real_sources(const SloWorld& world);

// Loads the objectives, measures them, source by source, and evaluates them. In the evidence: the findings
// slo.error_budget, slo.burn_rate, slo.threshold, slo.source_warning, and undecided slo.no_data, slo.stale,
// slo.low_traffic, slo.inconclusive, slo.unreachable, each with the objective as its subject and the place
// where it is written; of shadow objectives they are notes. Results: `objectives`, a row for each. Examined:
// objectives, and the events of those whose numbers are known.
// Errors: as load_objectives() and the sources'; malformed for an objective that no known source can measure
// and for a time zone that is not known.
Result<SloCheck> evaluate_objectives(const policy::SloSettings& settings, const policy::RunContext& run,
                                     const SloWorld& world, const MeasureSource& measure);

// The same for objectives that were loaded before; of the settings the deadline and max_errors hold.
Result<SloCheck> evaluate_loaded(LoadedObjectives loaded, const policy::SloSettings& settings,
                                 const policy::RunContext& run, const SloWorld& world,
                                 const MeasureSource& measure);

// The evidence alone, from real sources.
Result<policy::Evidence> check_slo(const policy::SloSettings& settings, const policy::RunContext& run,
                                   const SloWorld& world);

}  // namespace gate::checks
