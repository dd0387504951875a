#pragma once

#include <chrono>

namespace gate::ports {

enum class Signal { none, interrupt, terminate, hangup };

// The signals that a long-running program is told with.
class Signals {
 public:
  virtual ~Signals() = default;

  // From now on signals do not end the process but wait to be asked for. Called before any thread starts.
  virtual void take() const = 0;

  // The next signal; `none` after that long without one. A second interrupt or terminate that nobody asks for
  // within it stays pending.
  [[nodiscard]] virtual Signal wait(std::chrono::milliseconds longest) const = 0;
};

}  // namespace gate::ports
