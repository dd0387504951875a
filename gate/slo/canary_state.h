#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/base/value.h"
#include "gate/slo/canary_settings.h"
#include "gate/slo/canary_verdict.h"
#include "gate/slo/e_process.h"

namespace gate::slo {

// Everything a CanaryJudge knows beside its settings. Its size is bounded, whatever was judged. A judge that
// is resumed from it goes on bit for bit as if nothing had happened.

// One request of the open block.
struct BlockRequest {
  std::uint64_t client = 0;  // hash; 0: unknown
  Arm arm = Arm::baseline;
  std::uint8_t bad = 0;      // bit i: bad by the settings' events[i]
  std::int32_t bucket = -1;  // of its latency; -1: no answer, or an error

  bool operator==(const BlockRequest&) const = default;
};

// Requests by outcome, each divided by the design effect it came with.
struct EffectiveCounts {
  double good = 0;
  double bad = 0;

  bool operator==(const EffectiveCounts&) const = default;
};

// One arm's requests of one kind of events.
struct ArmTotals {
  ArmCounts counts;
  EffectiveCounts at_risk;  // without those of clients that failed before

  bool operator==(const ArmTotals&) const = default;
};

// The time since which one alternative explains what is seen better than the null hypothesis does: a CUSUM
// above zero, and the totals at its start.
struct Stretch {
  double cusum = 0;
  Timestamp since{};
  PerArm<ArmTotals> start;

  bool operator==(const Stretch&) const = default;
};

struct EventsState {
  PerArm<ArmTotals> totals;
  EffectiveCounts canary_any;  // for the safe side: nobody is left out for having failed before
  StartMixture worse;
  std::vector<Stretch> worse_stretches;
  StartMixture breach;
  std::vector<Stretch> breach_stretches;
  std::vector<double> not_worse;              // natural logarithms, one an alternative
  std::vector<std::uint64_t> failed_clients;  // hashes, sorted

  bool operator==(const EventsState&) const = default;
};

struct LatencyState {
  PerArm<std::vector<std::uint64_t>> histograms;  // requests by bucket
  PerArm<std::uint64_t> requests;
  std::vector<std::int32_t> thresholds;  // buckets of the baseline's quantiles; empty: not known yet
  std::uint64_t thresholds_from = 0;     // how many baseline requests they were taken from
  StartMixture slower;
  std::uint64_t slow_on_canary = 0;  // requests beyond a threshold

  bool operator==(const LatencyState&) const = default;
};

struct CanaryState {
  std::vector<BlockRequest> block;  // not judged yet
  Timestamp block_start{};
  std::uint64_t blocks = 0;
  std::uint64_t blocks_with_both = 0;  // only these compare
  std::uint64_t blocks_without_clients = 0;
  PerArm<std::uint64_t> requests;  // judged
  PerArm<std::uint64_t> checksum;  // of all samples, judged and in the block: the sum of their hashes
  Timestamp newest{};
  std::optional<double> share;
  std::vector<EventsState> events;
  std::optional<LatencyState> latency;
  CanaryDecision decision = CanaryDecision::undecided;
  DecidedAt decided;

  bool operator==(const CanaryState&) const = default;
};

// How many samples a judge took in, of each arm.
PerArm<std::uint64_t> samples_taken(const CanaryState& state);

// Error: malformed, "events/0/worse: …", for a state that no judge which started as `fresh` can be in.
Status check_state(const CanaryState& state, const CanaryState& fresh);

constexpr int kCanaryStateVersion = 2;

// What is written to a file, with the settings that the state is of; gate/load/canary_state_json.h reads it
// back.
Value saved_value(const CanarySettings& settings, const CanaryState& state);

}  // namespace gate::slo
