#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "gate/slo/wording.h"
#include "gate/slo_evaluate/objectives.h"

namespace gate::slo_evaluate {
namespace {

using checks::EvaluatedObjective;

constexpr std::array kExamples{
    cli::Example{"slo-evaluate validate slo.toml", "asks every source and shows what came back"},
    cli::Example{"slo-evaluate validate --only checkout --format json slo.toml",
                 "with every query and answer"},
};

std::string age_text(const slo::Measurement& measurement) {
  return measurement.newest_age ? slo::duration_text(*measurement.newest_age) : "-";
}

Value row_of(const EvaluatedObjective& one, const slo::Window& window) {
  Value row = Value::object({{"objective", one.objective.name}, {"window", slo::window_text(window.length)}});
  if (const auto* missing = std::get_if<slo::Missing>(&window.events)) {
    row.set("total", "-").set("bad", "-");
    row.set("newest", age_text(one.measurement)).set("answer", missing->message);
    return row;
  }
  const auto& events = std::get<slo::Events>(window.events);
  row.set("total", slo::rough_text(events.total));
  row.set("bad", slo::number_text(slo::Interval{events.bad_least, events.bad_most}));
  row.set("newest", age_text(one.measurement)).set("answer", "ok");
  return row;
}

// What came back for each window.
Value answers(std::span<const EvaluatedObjective> objectives) {
  Value rows = Value::array();
  for (const EvaluatedObjective& one : objectives) {
    for (const slo::Window& window : one.measurement.windows) rows.push(row_of(one, window));
  }
  return rows;
}

// Whether the numbers are good is another question.
bool is_about_data(const policy::Finding& finding) {
  return finding.kind != policy::FindingKind::violation || !finding.rule.starts_with("slo.") ||
         finding.rule == "slo.samples.malformed" || finding.rule == "slo.no_data";
}

Result<cli::ExitCode> run(const InspectOptions& options, cli::Context& io) {
  const auto session = cli::open_session("slo-evaluate", options.gate, io);
  if (!session) return session.error();
  auto checked = look_at(options.objectives, *session, io);
  if (!checked) return checked.error();

  policy::Evidence evidence = std::move(checked->evidence);
  const auto kept = std::stable_partition(evidence.findings.begin(), evidence.findings.end(), is_about_data);
  evidence.findings.erase(kept, evidence.findings.end());
  evidence.results.set("answers", answers(checked->objectives));
  evidence.shown = {"answers"};
  return cli::emit(cli::conclude(*session, std::move(evidence), io), options.gate, io);
}

}  // namespace

const cli::Tool<InspectOptions> kValidate{
    {"slo-evaluate validate", "Reads the objectives, asks their sources, and shows what came back.",
     kExamples},
    declare_inspect,
    run};

}  // namespace gate::slo_evaluate
