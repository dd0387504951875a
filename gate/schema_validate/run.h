#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gate/cli/gate_options.h"
#include "gate/cli/tool.h"
#include "gate/policy/check_settings.h"

namespace gate::schema_validate {

struct Options {
  std::string schema;
  std::vector<std::string> documents;
  std::vector<std::string> keywords;  // lists, comma-separated
  std::vector<std::string> resolve;   // PREFIX=DIR
  std::optional<std::string> dialect;
  bool format_assertion = false;
  std::optional<std::string> spec_output;  // flag, basic, list, hierarchical
  std::size_t max_errors = policy::SchemaSettings{}.max_errors;
  std::optional<std::size_t> jobs;
  cli::GateOptions gate;
};

extern const cli::Tool<Options> kTool;

}  // namespace gate::schema_validate
