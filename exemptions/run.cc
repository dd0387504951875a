#include "exemptions/run.h"

#include <array>

#include "exemptions/overview.h"
#include "gate/checks/exemptions.h"
#include "gate/cli/emit.h"
#include "gate/cli/session.h"

namespace exemptions {
namespace {

namespace cli = gate::cli;
namespace policy = gate::policy;
using gate::Result;

constexpr std::array kExamples{
    cli::Example{"exemption-report", "the register that gate.toml names, else exemptions.toml"},
    cli::Example{"exemption-report --reports 'out/gate/*.json'", "also what is unused and over budget"},
    cli::Example{"exemption-report --baseline last-week.json --format markdown",
                 "fails where there are more exemptions than last week"},
    cli::Example{"exemption-report --as-of 2026-12-24 ci/exemptions.toml", "what will hold on that day"},
};

constexpr const char* kUsualPolicy = "gate.toml";
constexpr const char* kUsualRegister = "exemptions.toml";

void declare(cli::OptionTable& table, Options& options) {
  table.operand("REGISTER", options.register_path,
                "the exemption register; the policy's by default, else exemptions.toml", false);
  table.list("--reports", "FILE", options.reports,
             "reports of the run: files, folders, globs; they tell which exemptions were used");
  table.text("--baseline", "FILE", options.baseline,
             "an earlier report of exemption-report: counts may only fall");
  table.list("--files", "GLOB", options.files,
             "files that scopes can name: warns of scopes that match none of them");
  cli::declare_gate_options(table, options.gate);
}

std::string register_of(const Options& options, const policy::GateConfig& config) {
  if (!options.register_path.empty()) return options.register_path;
  if (options.gate.exemptions) return *options.gate.exemptions;
  return config.exemptions.value_or(kUsualRegister);
}

Result<cli::ExitCode> run(const Options& options, cli::Context& io) {
  const bool has_policy = io.files.status(kUsualPolicy).kind == gate::ports::FileKind::regular;
  const auto session = cli::open_session("exemption-report", options.gate, io, has_policy ? kUsualPolicy : "",
                                         cli::RegisterUse::none);
  if (!session) return session.error();
  const policy::ExemptionsSettings settings{register_of(options, session->config),
                                            session->config.exemption_rules, options.baseline,
                                            options.reports, options.files};
  auto check = gate::checks::check_register_file(settings, session->run, {}, io.files);
  if (!check) return check.error();
  gate::Value& results = check->evidence.results;
  results.set("by_owner", by_owner(check->checked, check->usage));
  results.set("records", records(check->checked, check->usage));
  return cli::emit(cli::conclude(*session, std::move(check->evidence), io), options.gate, io);
}

}  // namespace

const cli::Tool<Options> kTool{{"exemption-report",
                                "Holds the exemption register to the policy's rules and shows what is in "
                                "force, expiring, expired, unused and "
                                "over budget, by rule and by owner.",
                                kExamples},
                               declare,
                               run};

}  // namespace exemptions
