#pragma once

#include <cstdint>

#include "gate/base/time.h"

namespace server::slo {

// Moments in our tables: milliseconds since 1970.
inline std::int64_t stored(gate::Timestamp moment) {
  return moment.time_since_epoch().count();
}
inline gate::Timestamp moment_of(std::int64_t stored) {
  return gate::Timestamp{std::chrono::milliseconds{stored}};
}

}  // namespace server::slo
