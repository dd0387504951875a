#pragma once

#include "gate/ports/process.h"

namespace gate::platform {

// Runs a program in a process group of its own, so that the deadline ends everything it started.
// The program is told to end when we do.
class PosixProcess final : public ports::Process {
 public:
  [[nodiscard]] Result<ports::Outcome> run(const ports::Command& command) const override;
};

}  // namespace gate::platform
