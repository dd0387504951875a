#include "gate/slo_evaluate/objectives.h"

#include <fmt/format.h>

#include "gate/base/parallel.h"

namespace gate::slo_evaluate {
namespace {

constexpr const char* kDefaultFile = "slo.toml";

}  // namespace

void declare_objectives(cli::OptionTable& table, ObjectiveOptions& options) {
  table.operands("OBJECTIVES", options.files,
                 "slo.toml or OpenSLO YAML: files, folders, globs; slo.toml by default", 0);
  table.list("--only", "NAME", options.only, "evaluate these objectives alone; globs over their names");
  table.text("--deadline", "TIME", options.deadline, "of all queries together; default 20s");
  table.section("thresholds over a file of requests");
  table.list("--samples", "FILE", options.samples,
             "requests as JSON Lines, CSV or HAProxy log: files, folders, globs; - is stdin");
  table.text("--p95-latency-ms", "MS", options.p95_latency_ms, "at most 5 % are slower");
  table.text("--error-rate-percent", "PERCENT", options.error_rate_percent,
             "at most so many fail: status 500 and above, or no answer");
  table.text("--availability-percent", "PERCENT", options.availability_percent,
             "at least so many are served: not 502, 503, 504 or no answer");
}

Result<policy::SloSettings> settings_of(const ObjectiveOptions& options, const ports::Files& files) {
  policy::SloSettings settings;
  settings.objectives = options.files;
  if (options.files.empty() && options.samples.empty()) {
    if (files.status(kDefaultFile).kind != ports::FileKind::regular) {
      return Error{
          ErrorCode::usage,
          "no objectives are named and there is no slo.toml: give a file, or --samples with a threshold"};
    }
    settings.objectives = {kDefaultFile};
  }
  const auto deadline = parse_duration(options.deadline);
  if (!deadline) return Error{ErrorCode::usage, fmt::format("--deadline: {}", deadline.error().message)};
  settings.only = options.only;
  settings.samples = options.samples;
  settings.p95_latency_ms = options.p95_latency_ms;
  settings.error_rate_percent = options.error_rate_percent;
  settings.availability_percent = options.availability_percent;
  settings.deadline = *deadline;
  return settings;
}

void declare_inspect(cli::OptionTable& table, InspectOptions& options) {
  declare_objectives(table, options.objectives);
  cli::declare_gate_options(table, options.gate);
}

Result<checks::SloCheck> look_at(const ObjectiveOptions& options, const cli::Session& session,
                                 const cli::Context& io) {
  const auto settings = settings_of(options, io.files);
  if (!settings) return settings.error();
  const checks::SloWorld world = world_of(io);
  return checks::evaluate_objectives(*settings, session.run, world, checks::real_sources(world));
}

checks::SloWorld world_of(const cli::Context& io) {
  return {io.files, io.http, io.clock, io.environment, available_cores()};
}

}  // namespace gate::slo_evaluate
