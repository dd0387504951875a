#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/result.h"

namespace gate::ports {

struct Command {
  std::vector<std::string> arguments;  // the program first, looked up in PATH; no shell
  std::chrono::milliseconds deadline{60'000};
  std::uint64_t output_limit = 1U << 20U;  // bytes kept of each stream; the rest is read and dropped
};

struct Outcome {
  int exit_code = 0;        // meaningful where `signal` is 0
  int signal = 0;           // the signal that ended it
  bool timed_out = false;   // ended by us at the deadline, with everything it started
  std::string output;       // the first `output_limit` bytes of its standard output
  std::string diagnostics;  // the same of its standard error
};

class Process {
 public:
  virtual ~Process() = default;

  // Runs to the end. Errors: not_found where there is no such program, io where it cannot start.
  [[nodiscard]] virtual Result<Outcome> run(const Command& command) const = 0;
};

}  // namespace gate::ports
