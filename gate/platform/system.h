#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gate/platform/disk_files.h"
#include "gate/platform/posix_process.h"
#include "gate/ports/clock.h"
#include "gate/ports/environment.h"
#include "gate/ports/random.h"
#include "gate/ports/terminal.h"

namespace gate::platform {

class SystemClock final : public ports::Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] std::chrono::nanoseconds elapsed() const override;
  void sleep(std::chrono::milliseconds duration) const override;
};

class ProcessEnvironment final : public ports::Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const override;
};

// The kernel's generator.
class SystemRandom final : public ports::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) const override;
};

class StandardTerminal final : public ports::Terminal {
 public:
  [[nodiscard]] bool output_is_terminal() const override;
  [[nodiscard]] bool diagnostics_are_terminal() const override;
  [[nodiscard]] std::size_t width() const override;
};

// The real world in one piece, made once, in main(), before anything is opened. A closed pipe and a file size
// limit are errors of the write, not the death of the process; no file takes the place of a standard stream
// that was closed.
struct System {
  System();

  SystemClock clock;
  DiskFiles files;
  ProcessEnvironment environment;
  SystemRandom random;
  StandardTerminal terminal;
  PosixProcess process;
};

}  // namespace gate::platform
