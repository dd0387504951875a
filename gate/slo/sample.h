#pragma once

#include <cstdint>
#include <string_view>

#include "gate/base/time.h"

namespace gate::slo {

enum class Track : std::uint8_t { none, baseline, canary };

// One request, as a service, a load generator or a proxy saw it. `client` lives as long as what
// handed the sample on says.
struct Sample {
  Timestamp at{};
  double latency_ms = 0;  // finite, from 0
  int status = 0;         // HTTP; 0: no answer
  Track track = Track::none;
  std::string_view client;  // who asked; empty: unknown

  bool operator==(const Sample&) const = default;
};

}  // namespace gate::slo
