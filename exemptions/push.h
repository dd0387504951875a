#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gate/checks/server_client.h"
#include "gate/cli/gate_options.h"
#include "gate/cli/tool.h"

namespace exemptions {

struct PushOptions {
  std::string register_path;
  gate::checks::ServerOptions server;
  std::optional<std::size_t> if_generation;
  std::string source;  // empty: the register's path
  std::string timeout = "20s";
  bool allow_invalid = false;
  gate::cli::GateOptions gate;  // of these: policy, policy_ref, git_sha
};

// exemption-report push: makes the register the one that gate-server goes by.
extern const gate::cli::Tool<PushOptions> kPush;

}  // namespace exemptions
