#include <algorithm>
#include <array>
#include <variant>

#include <fmt/format.h>

#include "gate/base/parallel.h"
#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "gate/gate_run/check_runner.h"
#include "gate/gate_run/options.h"

namespace gate::gate_run {
namespace {

constexpr std::array kExamples{
    cli::Example{"gate run", "judges by gate.toml in this folder"},
    cli::Example{"gate run --policy ci/gate.toml --policy-ref origin/main",
                 "a change is not judged by its own policy"},
    cli::Example{"gate run --mode warn --format markdown", "shows what would block, and blocks nothing"},
};

void declare(cli::OptionTable& table, RunOptions& options) {
  table.number("--jobs", "N", options.jobs, "checks run at the same time; one a core by default");
  cli::declare_gate_options(table, options.gate);
}

// A check of the register tells its faults itself.
cli::Session without_told_faults(cli::Session session) {
  const auto& checks = session.config.checks;
  const bool told = std::any_of(checks.begin(), checks.end(), [](const auto& check) {
    return std::holds_alternative<policy::ExemptionsSettings>(check.settings);
  });
  if (told) session.exemptions.faults.clear();
  return session;
}

Result<cli::ExitCode> run(const RunOptions& options, cli::Context& io) {
  const auto session = cli::open_session("gate", options.gate, io, "gate.toml");
  if (!session) return session.error();
  if (session->config.checks.empty()) {
    return Error{ErrorCode::malformed, fmt::format("{}: it declares no [[check]]: nothing could be judged",
                                                   options.gate.policy.value_or("gate.toml"))};
  }
  std::vector<CheckOutcome> outcomes = run_checks(*session, options.jobs.value_or(available_cores()), io);
  policy::Evidence about;
  cli::ExitCode trouble = cli::ExitCode::passed;
  std::vector<policy::CheckReport> parts;
  for (CheckOutcome& outcome : outcomes) {
    trouble = cli::worse(trouble, outcome.trouble);
    if (outcome.part.path.empty()) {
      about.findings.push_back(
          policy::undecided("gate.report_not_written", policy::Reason::no_data, outcome.part.report.run.check,
                            "its report could not be written: nobody can read it later"));
    }
    parts.push_back(std::move(outcome.part));
  }
  policy::count(about, "checks", parts.size());
  policy::Report own = cli::conclude(without_told_faults(*session), std::move(about), io);
  const policy::RunContext context = own.run;
  const policy::Report merged = policy::combine(context, session->policy, std::move(own), std::move(parts));

  cli::GateOptions where = options.gate;
  if (!where.report) where.report = fmt::format("{}/gate.json", session->config.report_folder);
  return cli::worse(cli::emit(merged, where, io), trouble);
}

}  // namespace

const cli::Tool<RunOptions> kRun{
    {"gate run", "Runs every check that gate.toml declares and gives one verdict.", kExamples}, declare, run};

}  // namespace gate::gate_run
