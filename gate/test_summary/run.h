#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gate/cli/gate_options.h"
#include "gate/cli/tool.h"

namespace gate::test_summary {

// The command line of test-summary. What it does not say, [tests] of the policy does.
struct Options {
  std::vector<std::string> reports;
  std::optional<std::string> name;
  std::optional<std::string> release;
  std::optional<std::string> summary;
  std::optional<std::string> ctrf;
  std::optional<std::string> baseline;
  std::vector<std::string> expect;
  bool allow_empty = false;
  bool all_cases = false;
  std::optional<std::string> min_pass_rate;
  std::optional<std::size_t> max_failed;
  std::optional<std::size_t> max_skipped;
  std::optional<std::size_t> max_flaky;
  std::optional<std::size_t> max_lost_tests;
  std::optional<std::size_t> max_errors;
  cli::GateOptions gate;
};

extern const cli::Tool<Options> kTool;

}  // namespace gate::test_summary
