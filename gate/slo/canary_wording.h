#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/slo/canary_events.h"
#include "gate/slo/canary_latency.h"
#include "gate/slo/canary_settings.h"
#include "gate/slo/canary_verdict.h"

namespace gate::slo {

// What each test says now, with the numbers that it says it by.
std::vector<CanaryTest> readings(const EventsTest& test, const EventsState& state);
CanaryTest reading(const LatencyTest& test, const LatencyState& state);

// Of failed and passed: "error rate 4.8% > 0.9% of the baseline (e = 3100 after 412 canary requests)".
std::string why_decided(const CanaryVerdict& verdict);

// Of undecided: which number is missing, or what stands against a pass. `at_once`: baseline and canary had
// requests at the same time.
Missing doubt_of(const CanaryVerdict& verdict, const CanarySettings& settings, bool at_once,
                 std::optional<Missing> standing);

// What stands against a pass whatever the evidence says: both sides are beyond the limit, or the requests
// themselves are not as the evidence has it.
std::optional<Missing> standing_doubt(const EventsTest& test, const EventsState& state);

// That the canary's share of at least 100 requests is not the declared one, by more than five standard
// errors.
std::optional<Missing> other_share(const PerArm<std::uint64_t>& requests, std::optional<double> declared);

// "error rate", "unavailability", "share slower than 300 ms"
std::string share_name(const RequestSli& sli);

}  // namespace gate::slo
