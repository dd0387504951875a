#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/cli/gate_options.h"
#include "gate/cli/tool.h"

namespace exemptions {

struct Options {
  gate::cli::GateOptions gate;
  std::string register_path;
  std::vector<std::string> reports;
  std::optional<std::string> baseline;
  std::vector<std::string> files;
};

// exemption-report.
extern const gate::cli::Tool<Options> kTool;

}  // namespace exemptions
