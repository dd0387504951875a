#pragma once

#include "gate/ports/signals.h"

namespace gate::platform {

class PosixSignals final : public ports::Signals {
 public:
  void take() const override;
  [[nodiscard]] ports::Signal wait(std::chrono::milliseconds longest) const override;
};

// What a program that holds secrets does first: no core dumps, no other process of the same user may look
// into its memory.
void keep_memory_private();

}  // namespace gate::platform
