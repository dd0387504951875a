#include "exemptions/run.h"

#include <array>

#include "exemptions/overview.h"
#include "exemptions/push.h"
#include "gate/checks/exemptions.h"
#include "gate/cli/emit.h"
#include "gate/cli/session.h"

namespace exemptions {
namespace {

namespace cli = gate::cli;
namespace policy = gate::policy;
using gate::Result;

constexpr std::array kCommands{
    cli::Command{"push", "send the register to gate-server",
                 [](const std::vector<std::string>& arguments, cli::Context& io) {
                   return cli::run_tool(kPush, arguments, io);
                 }},
};

constexpr std::array kExamples{
    cli::Example{"exemption-report", "the register that gate.toml names, else exemptions.toml"},
    cli::Example{"exemption-report --reports 'out/gate/*.json'", "also what is unused and over budget"},
    cli::Example{"exemption-report --baseline last-week.json --format markdown",
                 "fails where there are more exemptions than last week"},
    cli::Example{"exemption-report --as-of 2026-12-24 ci/exemptions.toml", "what will hold on that day"},
};

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

Result<cli::ExitCode> run(const Options& options, cli::Context& io) {
  const auto session =
      cli::open_session("exemption-report", options.gate, io, usual_policy(io.files), cli::RegisterUse::none);
  if (!session) return session.error();
  const policy::ExemptionsSettings settings{
      register_of(options.register_path, options.gate.exemptions, session->config),
      session->config.exemption_rules, options.baseline, options.reports, options.files};
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
                                kExamples, kCommands},
                               declare,
                               run};

int run_exemption_report(const std::vector<std::string>& arguments, cli::Context& io) {
  for (const cli::Command& command : kCommands) {
    if (!arguments.empty() && arguments.front() == command.name)
      return command.main({arguments.begin() + 1, arguments.end()}, io);
  }
  return cli::run_tool(kTool, arguments, io);
}

std::string_view usual_policy(const gate::ports::Files& files) {
  constexpr const char* kUsualPolicy = "gate.toml";
  return files.status(kUsualPolicy).kind == gate::ports::FileKind::regular ? kUsualPolicy : "";
}

std::string register_of(const std::string& operand, const std::optional<std::string>& option,
                        const policy::GateConfig& config) {
  if (!operand.empty()) return operand;
  if (option) return *option;
  return config.exemptions.value_or("exemptions.toml");
}

}  // namespace exemptions
