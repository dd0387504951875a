#pragma once

#include <chrono>
#include <cstdint>

#include "server/limits/rate.h"

namespace server::limits {

// What became of one request, and what is left for the next.
struct Decision {
  bool allowed = true;
  std::uint32_t remaining = 0;              // that could follow at once
  std::chrono::nanoseconds retry_after{0};  // until one is allowed again; 0 where it is now
  std::chrono::nanoseconds reset_after{0};  // until all of them are

  bool operator==(const Decision&) const = default;
};

// The generic cell rate algorithm (ITU-T I.371, virtual scheduling) with a burst of `rate.requests`: a bucket
// is one number, the moment at which it is full again. Allows at most `requests` at once and at most one more
// every window / requests after; a clock that went backwards costs at most one window.
// REQUIRES: rate.requests > 0 and rate.window > 0.
Decision take(std::chrono::nanoseconds& full_at, const Rate& rate, std::chrono::nanoseconds now);

// The same without taking: whether one would be allowed.
Decision look(std::chrono::nanoseconds full_at, const Rate& rate, std::chrono::nanoseconds now);

}  // namespace server::limits
