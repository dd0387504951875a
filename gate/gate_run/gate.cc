#include <array>

#include "gate/gate_run/options.h"

namespace gate::gate_run {
namespace {

using cli::Command;
using cli::Context;

using Arguments = std::vector<std::string>;

constexpr std::array kCommands{
    Command{"run", "run every check that gate.toml declares, and judge once",
            [](const Arguments& arguments, Context& io) { return cli::run_tool(kRun, arguments, io); }},
    Command{"report", "merge the reports of earlier steps into one verdict",
            [](const Arguments& arguments, Context& io) { return cli::run_tool(kReport, arguments, io); }},
    Command{"config", "check gate.toml, or show which settings hold and who set them",
            [](const Arguments& arguments, Context& io) { return cli::run_tool(kConfig, arguments, io); }},
    Command{"init", "write a commented gate.toml that runs as it is",
            [](const Arguments& arguments, Context& io) { return cli::run_tool(kInit, arguments, io); }},
};

constexpr std::array kExamples{
    cli::Example{"gate init && gate run", "start with a policy of your own"},
    cli::Example{"gate run --policy ci/gate.toml --report out/gate.json", "what a pipeline's last step runs"},
};

}  // namespace

int run_gate(const std::vector<std::string>& arguments, cli::Context& io) {
  const cli::ToolText text{"gate", "Decides whether a release may go out: one verdict over every check.",
                           kExamples};
  return cli::run_commands(text, kCommands, arguments, io);
}

}  // namespace gate::gate_run
