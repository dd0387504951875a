#include <array>

#include "gate/slo_evaluate/options.h"

namespace gate::slo_evaluate {
namespace {

using cli::Command;
using cli::Context;

using Arguments = std::vector<std::string>;

// One command as run_commands() takes it.
template <const auto& kTool>
int run_command(const Arguments& arguments, Context& io) {
  return cli::run_tool(kTool, arguments, io);
}

constexpr std::array kCommands{
    Command{"gate", "say whether services may take a release now: error budgets, burn rates, thresholds",
            run_command<kGate>},
    Command{"compare", "say whether a canary is worse than its baseline", run_command<kCompare>},
    Command{"validate", "read the objectives, ask their sources, and show what came back",
            run_command<kValidate>},
    Command{"explain", "show the arithmetic behind a verdict", run_command<kExplain>},
    Command{"simulate", "breach an objective in simulated traffic and check that the judge stops it in time",
            run_command<kSimulate>},
    Command{"rules", "write Prometheus recording and alerting rules for the objectives", run_command<kRules>},
};

constexpr std::array kExamples{
    cli::Example{"slo-evaluate gate slo.toml", "before a deployment: may these services take a release now?"},
    cli::Example{"slo-evaluate gate --samples requests.csv --error-rate-percent 1.0 --p95-latency-ms 500",
                 "thresholds over a file of requests"},
    cli::Example{"slo-evaluate compare --samples requests.csv", "is the canary worse than its baseline?"},
};

}  // namespace

int run_slo_evaluate(const std::vector<std::string>& arguments, cli::Context& io) {
  const cli::ToolText text{
      "slo-evaluate",
      "Says whether a service keeps its objectives, and whether a canary is worse than its baseline.",
      kExamples};
  return cli::run_commands(text, kCommands, arguments, io);
}

}  // namespace gate::slo_evaluate
