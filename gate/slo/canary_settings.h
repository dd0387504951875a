#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/value.h"
#include "gate/slo/objective.h"

namespace gate::slo {

// One kind of bad request that a canary is compared by: errors, unavailability, or slower than a threshold.
struct CanaryEvents {
  std::string name = "errors";  // for tests and messages: "errors", "slow"
  RequestSli bad;
  std::optional<double> max_bad_share;  // absolute limit of the canary's share of bad requests; absent: none
  // A share so small that nobody minds a multiple of it; absent: a tenth of max_bad_share, else 0.001.
  std::optional<double> negligible_share;
  double weight = 1;  // of alpha, among all events and the latency test

  bool operator==(const CanaryEvents&) const = default;
};

// The comparison of the latency distributions, without a threshold.
struct CanaryLatency {
  double tolerance = 0.10;     // a canary that is this much slower is not slower: 0, or 0.01 to 10
  double max_distance = 0.05;  // "not slower" once no latency has this much of the share between the two
  double weight = 1;

  bool operator==(const CanaryLatency&) const = default;
};

// What a canary is judged by. Probabilities are shares, not percent.
struct CanarySettings {
  double alpha = 0.01;  // chance that a canary which is no worse ever fails, over all tests together
  std::vector<CanaryEvents> events{CanaryEvents{}};  // up to 8
  std::optional<CanaryLatency> latency;
  // The canary's share of the requests as it was set, where each request is sent by chance; absent: what
  // comes in is taken for granted, whatever it is.
  std::optional<double> share;
  // How many bad requests may have one cause; evidence counts only as much as that many times fewer requests.
  // Absent: 1 where clients are known (a client's bad requests count once), else kUnknownDesignEffect.
  std::optional<double> design_effect;
  double allowed_ratio = 2;  // "not worse" once the odds are proven below this many times the baseline's
  std::size_t min_failing_clients = 3;  // distinct ones on the canary; bad requests where clients are unknown
  std::size_t min_canary_requests = 100;  // fewer are low traffic, and never a pass
  bool use_clients = true;                // false: clients are not told apart, whatever the samples say
  bool early_pass = true;                 // false: goes on after a pass, which a later verdict may take back

  bool operator==(const CanarySettings&) const = default;
};

constexpr double kUnknownDesignEffect = 5;
constexpr double kLeastAlpha = 1e-12;  // less is no chance that anything could be said about

// Requests are judged a block at a time: at most so many, at most so long. Both are blind to which arm
// failed.
constexpr std::size_t kBlockRequests = 32;
constexpr std::chrono::milliseconds kBlockTime{10'000};

// Error: malformed, "alpha: …", for settings that make no sense.
Status check_settings(const CanarySettings& settings);

// The share of alpha that each test of these events spends: comparison and, where there is one, limit.
double alpha_of(const CanaryEvents& events, const CanarySettings& settings);
double alpha_of(const CanaryLatency& latency, const CanarySettings& settings);

// The share of bad requests that nobody minds a multiple of.
double negligible_share_of(const CanaryEvents& events);

// Everything that a judgement depends on, by name: what a saved state is held against.
Value settings_value(const CanarySettings& settings);

}  // namespace gate::slo
