#pragma once

#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/load/toml.h"
#include "gate/policy/check_settings.h"

namespace gate::load {

// gate.toml as a value, and what the file itself says, for `gate config --show-effective`.
struct GateConfigFile {
  policy::GateConfig config;
  std::vector<TomlSetting> settings;
};

// Reads gate.toml. Its keys are those of gate/policy/check_settings.h; schemas/release-gate/
// gate.schema.json lists them. Unknown keys, kinds and names are refused. Error: malformed, as
// `path:line:column: why`, for the first fault in the file.
Result<GateConfigFile> parse_gate_config_file(std::string_view text, std::string_view path);

// The same without the settings.
Result<policy::GateConfig> parse_gate_config(std::string_view text, std::string_view path);

}  // namespace gate::load
