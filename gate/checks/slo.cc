#include "gate/checks/slo.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/parallel.h"
#include "gate/base/text.h"
#include "gate/checks/exposition_source.h"
#include "gate/checks/prometheus_plan.h"
#include "gate/checks/prometheus_source.h"
#include "gate/checks/samples_source.h"
#include "gate/checks/slo_results.h"
#include "gate/checks/slo_table.h"
#include "gate/slo/reasons.h"
#include "gate/slo/windows.h"
#include "gate/slo/wording.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using slo::Objective;
using slo::Outcome;

// A measurement in which everything is missing for the same reason.
slo::Measurement all_missing(const Objective& objective, Timestamp at, const slo::Missing& why) {
  slo::Measurement measurement;
  measurement.at = at;
  for (const auto window : slo::needed_windows(objective)) measurement.windows.push_back({window, why});
  measurement.slices = why;
  return measurement;
}

// The objectives of one source, by their index.
struct Group {
  const slo::Source* source = nullptr;
  std::vector<std::size_t> members;
  std::vector<Objective> objectives;
  std::optional<Result<SourceAnswer>> answer;
};

Error unmeasurable(const Objective& objective, std::string_view why) {
  return Error{ErrorCode::malformed,
               fmt::format("{}:{}:{}: {} cannot be measured: {}", objective.origin.file,
                           objective.origin.line, objective.origin.column, json_quoted(objective.name), why)};
}

Result<std::vector<Group>> group_by_source(const slo::ObjectiveSet& set) {
  std::map<std::string_view, Group> groups;
  for (std::size_t i = 0; i < set.objectives.size(); ++i) {
    const Objective& objective = set.objectives[i];
    const auto source = std::find_if(set.sources.begin(), set.sources.end(),
                                     [&](const slo::Source& one) { return one.name == objective.source; });
    if (source == set.sources.end()) return unmeasurable(objective, "it names no source");
    if (const auto* unsupported = std::get_if<slo::UnsupportedSource>(&source->settings)) {
      return unmeasurable(objective, fmt::format("its source is of type {}, and {}",
                                                 json_quoted(unsupported->type), unsupported->why));
    }
    if (std::holds_alternative<slo::PrometheusSource>(source->settings)) {
      if (const auto why = why_unaskable(objective)) return unmeasurable(objective, *why);
    }
    Group& group = groups[source->name];
    group.source = &*source;
    group.members.push_back(i);
    group.objectives.push_back(objective);
  }
  std::vector<Group> list;
  for (auto& [name, group] : groups) list.push_back(std::move(group));
  return list;
}

slo::Trust trust_in(const slo::Source& source) {
  if (const auto* prometheus = std::get_if<slo::PrometheusSource>(&source.settings))
    return {max_age_of(*prometheus), prometheus->tolerate_warnings};
  if (const auto* samples = std::get_if<slo::SamplesSource>(&source.settings))
    return {samples->max_age, false};
  if (const auto* posted = std::get_if<slo::PostedSource>(&source.settings)) return {posted->max_age, false};
  return {};
}

void measure_all(std::vector<Group>& groups, const MeasureSource& measure, const MeasureSettings& settings,
                 std::size_t jobs) {
  parallel_for(groups.size(), jobs, [&](std::size_t i) {
    Group& group = groups[i];
    group.answer = measure(*group.source, group.objectives, settings);
  });
}

void count_events(const EvaluatedObjective& evaluated, Evidence& evidence) {
  const auto* share = std::get_if<slo::Share>(&evaluated.evaluation.period);
  if (share != nullptr && std::isfinite(share->events) && share->events < 1e18)
    policy::count(evidence, "events", static_cast<std::uint64_t>(share->events));
}

// "3 passed, 1 undecided"; and who has the least budget left.
void add_facts(const std::vector<EvaluatedObjective>& objectives, Evidence& evidence) {
  const EvaluatedObjective* least = nullptr;
  for (const Outcome outcome : {Outcome::failed, Outcome::undecided, Outcome::warned, Outcome::passed}) {
    std::size_t count = 0;
    for (const EvaluatedObjective& one : objectives) {
      count += one.evaluation.outcome == outcome ? 1U : 0U;
      if (one.evaluation.budget && (least == nullptr || one.evaluation.budget->remaining.least <
                                                            least->evaluation.budget->remaining.least))
        least = &one;
    }
    if (count > 0) evidence.facts.set(fmt::format("objectives_{}", slo::name_of(outcome)), count);
  }
  if (least == nullptr) return;
  evidence.facts.set(
      "least_budget_left",
      fmt::format("{} % ({})", slo::percent_text(least->evaluation.budget->remaining, {1, Decimal{}}),
                  least->objective.name));
}

// A gate that nothing can fail must not look like one that was passed.
void warn_of_shadows(const std::vector<EvaluatedObjective>& objectives, Evidence& evidence) {
  const bool is_idle = std::all_of(objectives.begin(), objectives.end(),
                                   [](const EvaluatedObjective& one) { return one.objective.shadow; });
  if (!is_idle) return;
  evidence.findings.push_back(
      policy::violation("slo.not_enforced", policy::Severity::warning, "objectives",
                        fmt::format("nothing is enforced: {} with shadow = true, and no other",
                                    counted(objectives.size(), "objective"))));
}

void report(const std::vector<EvaluatedObjective>& objectives, std::size_t most, Evidence& evidence) {
  std::vector<policy::Finding> findings = std::exchange(evidence.findings, {});
  Value rows = Value::array();
  policy::count(evidence, "objectives", objectives.size());
  policy::count(evidence, "events", 0);
  for (const EvaluatedObjective& one : objectives) {
    std::vector<policy::Finding> more = findings_of(one);
    std::move(more.begin(), more.end(), std::back_inserter(findings));
    rows.push(objective_row(one));
    count_events(one, evidence);
  }
  policy::keep_findings(std::move(findings), most, evidence);
  add_facts(objectives, evidence);
  evidence.results.set("objectives", std::move(rows));
  evidence.results.set("service_levels", slo_table(objectives));
  evidence.shown = {"service_levels"};
}

// Takes each source's answer to its place in the order of the files.
Status take_answers(std::vector<Group>& groups, SloCheck& check) {
  for (Group& group : groups) {
    Result<SourceAnswer>& answer = *group.answer;
    if (!answer) return answer.error();
    for (const std::string& text : answer->measurements.notes)
      check.evidence.findings.push_back(policy::note("slo.source", group.source->name, text));
    policy::merge(check.evidence, std::move(answer->evidence));
    for (std::size_t i = 0; i < group.members.size(); ++i) {
      EvaluatedObjective& one = check.objectives[group.members[i]];
      one.objective = std::move(group.objectives[i]);
      // A source that has less to say than it was asked leaves the rest unknown.
      if (i < answer->measurements.of.size()) one.measurement = std::move(answer->measurements.of[i]);
      one.trust = trust_in(*group.source);
      one.evaluation = slo::evaluate(one.objective, one.measurement, one.trust);
    }
  }
  return done();
}

Error only_posted(const slo::Source& source) {
  return Error{
      ErrorCode::malformed,
      fmt::format("{}:{}:{}: kind: {} is what is posted to gate-server, which alone can read it",
                  source.origin.file, source.origin.line, source.origin.column, json_quoted(source.name))};
}

Result<SourceAnswer> as_answer(Result<Measurements> measured) {
  if (!measured) return measured.error();
  return SourceAnswer{std::move(*measured), {}};
}

}  // namespace

SourceAnswer nothing_measured(std::span<const Objective> objectives, Timestamp at, const slo::Missing& why) {
  SourceAnswer answer;
  for (const Objective& objective : objectives)
    answer.measurements.of.push_back(all_missing(objective, at, why));
  return answer;
}

MeasureSource real_sources(const SloWorld& world) {
  return [world](const slo::Source& source, std::span<const Objective> objectives,
                 const MeasureSettings& settings) -> Result<SourceAnswer> {
    if (const auto* samples = std::get_if<slo::SamplesSource>(&source.settings)) {
      auto measured = measure_samples(*samples, objectives, settings.as_of, world.clock.now(), world.files);
      if (!measured) return measured.error();
      return SourceAnswer{std::move(measured->measurements), std::move(measured->evidence)};
    }
    if (std::holds_alternative<slo::PostedSource>(source.settings)) return only_posted(source);
    if (world.http == nullptr)
      return nothing_measured(objectives, world.clock.now(),
                              {slo::Doubt::unreachable, "this program talks no HTTP"});
    const SourceWorld reach{*world.http, world.clock, world.environment, world.files};
    if (const auto* prometheus = std::get_if<slo::PrometheusSource>(&source.settings))
      return as_answer(measure_prometheus(*prometheus, objectives, settings, reach));
    return as_answer(
        measure_exposition(std::get<slo::ExpositionSource>(source.settings), objectives, settings, reach));
  };
}

Result<SloCheck> evaluate_objectives(const policy::SloSettings& settings, const policy::RunContext& run,
                                     const SloWorld& world, const MeasureSource& measure) {
  auto loaded = load_objectives(settings, world.files);
  if (!loaded) return loaded.error();
  return evaluate_loaded(std::move(*loaded), settings, run, world, measure);
}

Result<SloCheck> evaluate_loaded(LoadedObjectives loaded, const policy::SloSettings& settings,
                                 const policy::RunContext& run, const SloWorld& world,
                                 const MeasureSource& measure) {
  if (const auto settled = settle_calendars(loaded.set.objectives, run.as_of, world.files); !settled)
    return settled.error();
  auto groups = group_by_source(loaded.set);
  if (!groups) return groups.error();
  MeasureSettings asked;
  // Without `--as-of` a source's own clock says what now is.
  if (run.as_of != run.started_at) asked.as_of = run.as_of;
  asked.deadline = settings.deadline;
  measure_all(*groups, measure, asked, world.jobs);
  SloCheck check;
  check.objectives.resize(loaded.set.objectives.size());
  check.evidence.inputs = std::move(loaded.inputs);
  check.evidence.findings = std::move(loaded.findings);
  if (const auto taken = take_answers(*groups, check); !taken) return taken.error();
  warn_of_shadows(check.objectives, check.evidence);
  report(check.objectives, settings.max_errors, check.evidence);
  return check;
}

Result<Evidence> check_slo(const policy::SloSettings& settings, const policy::RunContext& run,
                           const SloWorld& world) {
  auto check = evaluate_objectives(settings, run, world, real_sources(world));
  if (!check) return check.error();
  return std::move(check->evidence);
}

}  // namespace gate::checks
