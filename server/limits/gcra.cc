#include "server/limits/gcra.h"

#include <algorithm>

namespace server::limits {

using std::chrono::nanoseconds;

namespace {

// Rounded up, so that rounding never lets one more through.
nanoseconds interval_of(const Rate& rate) {
  const auto requests = static_cast<std::int64_t>(rate.requests);
  return nanoseconds{(nanoseconds{rate.window}.count() + requests - 1) / requests};
}

// `debt` is what the bucket lacks, as the time it takes to come back.
Decision decision(bool allowed, nanoseconds debt, nanoseconds interval, nanoseconds capacity) {
  const nanoseconds room = capacity - debt;
  return {allowed, static_cast<std::uint32_t>(room / interval),
          room >= interval ? nanoseconds{0} : interval - room, debt};
}

}  // namespace

Decision look(nanoseconds full_at, const Rate& rate, nanoseconds now) {
  const nanoseconds interval = interval_of(rate);
  const nanoseconds capacity = interval * static_cast<std::int64_t>(rate.requests);
  // More than all of it is what a clock that went backwards, or a rate that was changed, left behind.
  const nanoseconds debt = std::clamp(full_at - now, nanoseconds{0}, capacity);
  return decision(capacity - debt >= interval, debt, interval, capacity);
}

Decision take(nanoseconds& full_at, const Rate& rate, nanoseconds now) {
  const Decision before = look(full_at, rate, now);
  full_at = now + before.reset_after;
  if (!before.allowed) return before;
  full_at += interval_of(rate);
  Decision after = look(full_at, rate, now);
  after.allowed = true;
  return after;
}

}  // namespace server::limits
