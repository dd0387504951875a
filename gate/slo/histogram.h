#pragma once

#include <string>
#include <variant>
#include <vector>

#include "gate/slo/events.h"

namespace gate::slo {

// One bucket of a classic Prometheus histogram: how many events were at most `bound`.
struct Bucket {
  double bound = 0;  // +Inf for the last one
  double count = 0;

  bool operator==(const Bucket&) const = default;
};

// The events above `threshold`. Exact where a bucket ends there; else between two counts, for nobody knows
// where within a bucket its events are: nothing is interpolated. Above the last finite bound the bad ones are
// anything up to all that are above it. Missing where the buckets are no whole histogram: none, no +Inf,
// counts that fall with the bound, NaN; or where there are no events.
std::variant<Events, Missing> events_above(std::vector<Bucket> buckets, double threshold);

}  // namespace gate::slo
