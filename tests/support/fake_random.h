#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "gate/ports/random.h"

namespace gate::test {

// Counts up from `start`: two fills differ, two runs do not.
class FakeRandom final : public ports::Random {
 public:
  explicit FakeRandom(std::uint8_t start = 0) : next_(start) {}

  void fill(std::span<std::uint8_t> bytes) const override {
    for (std::uint8_t& byte : bytes) byte = next_++;
  }

 private:
  mutable std::atomic<std::uint8_t> next_;
};

}  // namespace gate::test
