#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/cli/option_table.h"

namespace gate::cli {

// The options that all gate tools share.
struct GateOptions {
  std::optional<std::string> policy;      // gate.toml
  std::optional<std::string> policy_ref;  // the revision it and the register are read from
  std::optional<std::string> exemptions;  // the register
  std::optional<std::string> mode;        // strict, warn
  std::optional<std::string> as_of;       // replaces "now"
  std::string format = "text";
  std::optional<std::string> output;  // instead of stdout
  std::optional<std::string> report;  // the JSON report
  std::optional<std::string> check;   // the name a policy matches on
  std::optional<std::string> run_id;
  std::optional<std::string> git_sha;
  bool git_dirty_check = false;
  std::optional<std::string> accept;  // "undecided"
  std::optional<std::string> deny;    // "warned"
  bool no_github = false;
  std::vector<Setting> settings;  // what was set and by whom, after parsing
};

// Declares them under "common options". Call it after the tool's own options.
void declare_gate_options(OptionTable& table, GateOptions& options);

}  // namespace gate::cli
