#pragma once

#include <chrono>
#include <vector>

#include "gate/base/time.h"
#include "gate/slo/objective.h"

namespace gate::slo {

// The offsets from UTC of one place over time.
struct TimeZone {
  struct Change {
    std::chrono::sys_seconds at{};
    std::chrono::seconds offset{0};  // from then on

    bool operator==(const Change&) const = default;
  };
  std::chrono::seconds before{0};  // the offset until the first change
  std::vector<Change> changes;     // the earliest first

  bool operator==(const TimeZone&) const = default;
};

std::chrono::seconds offset_at(const TimeZone& zone, std::chrono::sys_seconds moment);

// When the clocks showed `wall`: the first time of two, and just after the gap where they never did.
std::chrono::sys_seconds moment_of(const TimeZone& zone, std::chrono::sys_seconds wall);

// The period of that calendar at `now`: its length, and what has passed of it. A month that has no such day
// starts on its last one.
Period current_period(const Calendar& calendar, const TimeZone& zone, Timestamp now);

}  // namespace gate::slo
