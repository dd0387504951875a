#pragma once

#include <cstdint>
#include <span>

namespace gate::ports {

class Random {
 public:
  virtual ~Random() = default;

  // Fills `bytes` from a cryptographic source.
  virtual void fill(std::span<std::uint8_t> bytes) const = 0;
};

}  // namespace gate::ports
