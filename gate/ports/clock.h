#pragma once

#include <chrono>

#include "gate/base/time.h"

namespace gate::ports {

// Safe to share between threads, as every port is.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall-clock time: for reports and expiry, never for measuring.
  [[nodiscard]] virtual Timestamp now() const = 0;

  // Monotonic time since an arbitrary start: for measuring.
  [[nodiscard]] virtual std::chrono::nanoseconds elapsed() const = 0;

  // Waits that long. A test's clock only moves on.
  virtual void sleep(std::chrono::milliseconds duration) const = 0;
};

}  // namespace gate::ports
