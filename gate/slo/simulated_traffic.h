#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "gate/slo/canary_judge.h"
#include "gate/slo/sample.h"

namespace gate::slo {

// Requests as a simulation makes them up, at a constant rate.
struct SimulatedTraffic {
  struct Step {
    std::chrono::milliseconds from{0};
    double canary_share = 0.05;
  };
  // Both arms fail alike, beside what they fail by anyway.
  struct Outage {
    std::chrono::milliseconds from{0};
    std::chrono::milliseconds until{0};
    double bad_share = 0;
  };
  // Log-normal.
  struct Latency {
    PerArm<double> median_ms;
    double sigma = 0.5;
  };

  double requests_per_second = 100;
  std::vector<Step> steps{Step{}};  // in order; the first starts at 0
  PerArm<double> bad_share{0.001, 0.001};
  std::optional<Outage> outage;
  int bad_status = 500;
  // How many requests of one client fail in a row, on one arm; the shares above are of requests all the same.
  std::uint32_t cluster = 1;
  bool clients_known = true;
  std::optional<Latency> latency;  // else every request takes 10 ms
  std::chrono::milliseconds duration{600'000};
};

// Who receives the requests. Each call says whether to go on.
class TrafficReceiver {
 public:
  virtual ~TrafficReceiver() = default;
  virtual bool request(const Sample& sample) = 0;
  // A block of good requests, each of a client of its own: at most kBlockRequests, within kBlockTime.
  virtual bool quiet(const PerArm<std::uint32_t>& requests, Timestamp at) = 0;
};

// Time starts at 1970. The same seed gives the same requests.
void generate(const SimulatedTraffic& traffic, std::uint64_t seed, TrafficReceiver& receiver);

// Judges the traffic until it is decided or over.
CanaryVerdict judge_simulated(const SimulatedTraffic& traffic, std::uint64_t seed, CanaryJudge& judge);

}  // namespace gate::slo
