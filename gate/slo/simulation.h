#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/slo/canary_settings.h"
#include "gate/slo/canary_verdict.h"
#include "gate/slo/simulated_traffic.h"

namespace gate::slo {

// What is wrong with the canary; `none` and `outage` are nothing that it may be blamed for.
enum class Disturbance { latency, errors, availability, none, outage };

// How far beyond its objective: 1.25 to 2 times as many bad requests, 4 to 5 times, 20 times and more or
// down.
enum class Magnitude { mild, moderate, severe };

std::optional<Disturbance> disturbance_of(std::string_view name);
std::optional<Magnitude> magnitude_of(std::string_view name);
std::string_view name_of(Disturbance disturbance);
std::string_view name_of(Magnitude magnitude);

struct SimulationPlan {
  Disturbance disturbance = Disturbance::errors;
  Magnitude magnitude = Magnitude::moderate;
  std::chrono::milliseconds duration{600'000};
  double requests_per_second = 100;
  double canary_share = 0.1;
  std::uint32_t cluster = 1;
  bool clients_known = true;
  std::uint64_t seed = 1;
};

// A plan made definite. The baseline has a tenth of the bad requests that its objective allows.
struct Simulation {
  SimulatedTraffic traffic;
  CanarySettings settings;
  double objective = 0;  // share of bad requests allowed
  std::string
      what;  // "4.4% of the canary's requests fail, 4.4 times the objective of 1%; 0.1% of the baseline's"
  // When the canary has to have failed; absent: never, or not within the duration.
  std::optional<std::chrono::milliseconds> deadline;
  bool may_fail = false;
  std::uint64_t seed = 1;
};

// Errors: malformed for a rate, share or duration that no traffic can have; usage for what is to be simulated
// is the caller's.
Result<Simulation> plan_simulation(const SimulationPlan& plan);

struct SimulationResult {
  CanaryVerdict verdict;
  bool as_expected = false;
  std::string expected;  // "failed within 8.2 s", "not failed"
};

// Runs the judge over the traffic. The same simulation gives the same result.
SimulationResult simulate(const Simulation& simulation);

}  // namespace gate::slo
