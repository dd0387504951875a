#include <array>
#include <ostream>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "gate/render/slo_chart.h"
#include "gate/render/visible.h"
#include "gate/slo/reasons.h"
#include "gate/slo_evaluate/objectives.h"
#include "gate/slo_evaluate/watch.h"

namespace gate::slo_evaluate {
namespace {

using checks::EvaluatedObjective;

constexpr std::array kExamples{
    cli::Example{"slo-evaluate gate slo.toml", "every objective of the file"},
    cli::Example{"slo-evaluate gate --only 'checkout*' --report out/slo.json slo.toml",
                 "some of them, with a report that holds every query and answer"},
    cli::Example{"slo-evaluate gate --samples requests.csv --error-rate-percent 1.0 --p95-latency-ms 500",
                 "thresholds over a file of requests"},
    cli::Example{"slo-evaluate gate --watch --timeout 15m slo.toml", "waits for a decision"},
};

void declare(cli::OptionTable& table, GateCommandOptions& options) {
  declare_objectives(table, options.objectives);
  declare_watch(table, options.watch);
  table.section("pictures");
  table.text("--svg", "FILE", options.svg, "draw the burn rates over time");
  cli::declare_gate_options(table, options.gate);
}

Status write_chart(const std::string& path, const std::vector<EvaluatedObjective>& objectives,
                   const ports::Files& files) {
  std::vector<render::ChartLine> lines;
  lines.reserve(objectives.size());
  for (const EvaluatedObjective& one : objectives) {
    lines.push_back({one.objective.name, slo::written_target(one.objective),
                     slo::error_budget(one.objective).nearest_double(), one.measurement.course});
  }
  return files.write(path, render::slo_chart(lines));
}

Result<cli::ExitCode> run(const GateCommandOptions& options, cli::Context& io) {
  const auto session = cli::open_session("slo-evaluate", options.gate, io);
  if (!session) return session.error();
  auto settings = settings_of(options.objectives, io.files);
  if (!settings) return settings.error();
  settings->samples_may_grow = options.watch.watch;
  const checks::SloWorld world = world_of(io);
  std::vector<EvaluatedObjective> objectives;
  const Look look = [&]() -> Result<policy::Report> {
    auto checked = checks::evaluate_objectives(*settings, session->run, world, checks::real_sources(world));
    if (!checked) return checked.error();
    objectives = std::move(checked->objectives);
    return cli::conclude(*session, std::move(checked->evidence), io);
  };
  const auto report = watch(options.watch, look, io);
  if (!report) return report.error();

  const Status drawn = options.svg ? write_chart(*options.svg, objectives, io.files) : done();
  const cli::ExitCode code = cli::emit(*report, options.gate, io);
  if (drawn) return code;
  io.err << fmt::format("slo-evaluate: {}\n", render::visible(drawn.error().message));
  return cli::worse(code, cli::undelivered(report->verdict));
}

}  // namespace

const cli::Tool<GateCommandOptions> kGate{
    {"slo-evaluate gate",
     "Says whether services may take a release now: error budgets, burn rates, thresholds.", kExamples},
    declare,
    run};

}  // namespace gate::slo_evaluate
