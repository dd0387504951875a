#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gate/cli/gate_options.h"
#include "gate/cli/tool.h"

namespace gate::gate_run {

struct RunOptions {
  cli::GateOptions gate;
  std::optional<std::size_t> jobs;
};

struct ReportOptions {
  cli::GateOptions gate;
  std::vector<std::string> files;
};

struct ConfigOptions {
  cli::GateOptions gate;
  bool show_effective = false;
};

struct InitOptions {
  std::string path = "gate.toml";
};

extern const cli::Tool<RunOptions> kRun;
extern const cli::Tool<ReportOptions> kReport;
extern const cli::Tool<ConfigOptions> kConfig;
extern const cli::Tool<InitOptions> kInit;

// The `gate` binary: its text and its commands.
int run_gate(const std::vector<std::string>& arguments, cli::Context& io);

}  // namespace gate::gate_run
