#include <array>

#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "gate/gate_run/options.h"
#include "gate/gate_run/report_files.h"

namespace gate::gate_run {
namespace {

constexpr std::array kExamples{
    cli::Example{"gate report --policy ci/gate.toml 'reports/**/*.json'",
                 "one verdict over a workflow's jobs"},
    cli::Example{"gate report tests.json lint.sarif", "without a policy every report named is required"},
};

void declare(cli::OptionTable& table, ReportOptions& options) {
  table.operands("FILE", options.files, "reports of earlier steps, ours or SARIF: files, folders, globs");
  cli::declare_gate_options(table, options.gate);
}

Result<cli::ExitCode> run(const ReportOptions& options, cli::Context& io) {
  const auto session = cli::open_session("gate", options.gate, io);
  if (!session) return session.error();
  auto set = collect_reports(options.files, *session, io);
  if (!set) return set.error();
  policy::Report own = cli::conclude(*session, std::move(set->about), io);
  const policy::RunContext run = own.run;
  const policy::Report merged = policy::combine(run, session->policy, std::move(own), std::move(set->parts));
  return cli::emit(merged, options.gate, io);
}

}  // namespace

const cli::Tool<ReportOptions> kReport{{"gate report",
                                        "Merges the reports of earlier steps into one verdict. What the "
                                        "policy expects and nobody reported is undecided.",
                                        kExamples},
                                       declare,
                                       run};

}  // namespace gate::gate_run
