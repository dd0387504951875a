#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/cli/gate_options.h"
#include "gate/cli/tool.h"
#include "gate/policy/check_settings.h"
#include "gate/ports/files.h"

namespace exemptions {

struct Options {
  gate::cli::GateOptions gate;
  std::string register_path;
  std::vector<std::string> reports;
  std::optional<std::string> baseline;
  std::vector<std::string> files;
};

// exemption-report without a command.
extern const gate::cli::Tool<Options> kTool;

// The whole binary: a command where the first argument names one, else kTool. A register of a command's name
// is written with its folder: `./push`.
int run_exemption_report(const std::vector<std::string>& arguments, gate::cli::Context& io);

// gate.toml where it is there, else nothing.
std::string_view usual_policy(const gate::ports::Files& files);

// The register as the operand names it, else an option, else the policy, else exemptions.toml.
std::string register_of(const std::string& operand, const std::optional<std::string>& option,
                        const gate::policy::GateConfig& config);

}  // namespace exemptions
