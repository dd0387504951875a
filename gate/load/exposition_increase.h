#pragma once

#include <cstddef>
#include <vector>

#include "gate/base/result.h"
#include "gate/load/exposition.h"

namespace gate::load {

// By how much one counter rose between two readings of a page.
struct SeriesIncrease {
  std::vector<Label> labels;
  double by = 0;

  bool operator==(const SeriesIncrease&) const = default;
};

// What the selected counters of a page did between two readings.
struct PageIncrease {
  std::vector<SeriesIncrease> series;  // of the later page
  std::size_t before = 0;              // how many series the earlier page has
  std::size_t appeared = 0;            // not on the earlier page: counted from zero
  std::size_t reset = 0;     // lower than on the earlier page: counted from zero, as Prometheus does
  std::size_t vanished = 0;  // on the earlier page alone: what they counted last is lost

  bool operator==(const PageIncrease&) const = default;
};

// Errors: malformed for a selected series that cannot be a counter: a gauge, NaN, infinite or negative;
// budget from the filter.
Result<PageIncrease> increase_between(const Exposition& before, const Exposition& after,
                                      const SeriesFilter& filter);

}  // namespace gate::load
