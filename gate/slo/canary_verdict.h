#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/slo/events.h"

namespace gate::slo {

enum class Arm : std::uint8_t { baseline, canary };

// One of something for each arm.
template <class T>
struct PerArm {
  T baseline{};
  T canary{};

  T& operator[](Arm arm) { return arm == Arm::baseline ? baseline : canary; }
  const T& operator[](Arm arm) const { return arm == Arm::baseline ? baseline : canary; }
  bool operator==(const PerArm&) const = default;
};

// When something was decided.
struct DecidedAt {
  Timestamp at{};
  std::uint64_t requests = 0;  // of both arms, up to then
  std::uint64_t canary_requests = 0;

  bool operator==(const DecidedAt&) const = default;
};

// What one test says. `log10_e` is the evidence that the canary is bad: the test fails it at
// log10(1 / alpha). `log10_safe` is the evidence that it is not, held against the same bar.
struct CanaryTest {
  enum class Outcome { open, bad, safe };
  std::string name;  // "errors.worse", "errors.limit", "latency.slower"
  double alpha = 0;
  double log10_e = 0;
  std::optional<double> log10_safe;  // absent where another measure decides: latency.slower
  Outcome outcome = Outcome::open;
  std::string message;  // what stands against what: "error rate 4.8% > 0.9% of the baseline"

  bool operator==(const CanaryTest&) const = default;
};

// Requests of one arm.
struct ArmCounts {
  std::uint64_t requests = 0;
  std::uint64_t bad = 0;  // all of them
  std::uint64_t failing_clients =
      0;  // a client's first bad request; each bad request where clients are unknown

  bool operator==(const ArmCounts&) const = default;
};

struct EventCounts {
  std::string name;
  PerArm<ArmCounts> arms;

  bool operator==(const EventCounts&) const = default;
};

enum class CanaryDecision { undecided, failed, passed };

std::string_view name_of(CanaryDecision decision);

// What can be said now. Failed stays; passed does where a pass may come early, else it is of now.
struct CanaryVerdict {
  CanaryDecision decision = CanaryDecision::undecided;
  std::optional<Missing> doubt;      // of undecided
  std::optional<DecidedAt> decided;  // of failed and passed
  std::string why;                   // one clause, with the numbers
  std::vector<CanaryTest> tests;
  std::vector<EventCounts> counts;  // one for each kind of events
  PerArm<std::uint64_t> requests;
  bool clients_known = false;  // every block so far told clients apart
  double design_effect = 1;    // the largest that was used

  bool operator==(const CanaryVerdict&) const = default;
};

}  // namespace gate::slo
