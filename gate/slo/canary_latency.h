#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "gate/slo/canary_block.h"
#include "gate/slo/canary_events.h"
#include "gate/slo/canary_settings.h"
#include "gate/slo/canary_state.h"
#include "gate/slo/empirical_bound.h"

namespace gate::slo {

// Latencies in buckets that grow by at most 2.5 %, from 0.01 ms to 1,000 s, so that the tolerance is a whole
// number of them.
class LatencyBuckets {
 public:
  // 0, or 0.01 to 10.
  explicit LatencyBuckets(double tolerance);

  [[nodiscard]] std::int32_t bucket_of(double latency_ms) const;
  [[nodiscard]] double upper_bound_ms(std::int32_t bucket) const;
  [[nodiscard]] std::int32_t count() const { return count_; }
  // How many buckets the tolerance is.
  [[nodiscard]] std::int32_t shift() const { return shift_; }

 private:
  double log_growth_;
  std::int32_t shift_;
  std::int32_t count_;
};

// The baseline's quantiles that "slower" is asked at.
inline constexpr std::array kLatencyQuantiles = {0.5, 0.9, 0.99};

// Whether the canary is slower than the baseline, without a threshold.
// - slower: at each quantile that the baseline had up to the block before, a baseline request is slow beyond
//   it and a canary request beyond it by the tolerance. Where the canary's latency over (1 + tolerance) is no
//   larger than the baseline's, a slow request is no likelier on the canary, whatever the load of the moment:
//   an e-process as of bad requests (gate/slo/canary_events.h), averaged over the quantiles.
// - not slower: D = sup_x F_baseline(x) - F_canary((1 + tolerance) x), with the bounds on both empirical
//   distributions (gate/slo/empirical_bound.h), is below `max_distance`. The bounds take requests for
//   independent.
// Both to within a bucket. Requests that failed have no latency. A client's requests of one block count once
// on each arm, and the design effect applies even where clients are known: slow clients stay slow.
struct LatencyTest {
  CanaryLatency settings;
  LatencyBuckets buckets;
  EmpiricalBound bound;
  double alpha = 0;
  double log_bar = 0;
  double power = 1;
  std::size_t min_failing_clients = 3;
};

LatencyTest latency_test(const CanarySettings& settings);
LatencyState start_state(const LatencyTest& test);

// Takes one block in.
void update(const LatencyTest& test, LatencyState& state, const Block& block, const BlockPlace& place);

bool is_slower(const LatencyTest& test, const LatencyState& state);
bool is_not_slower(const LatencyTest& test, const LatencyState& state);

// D, and how far it can be from the true one; 1 where nothing is known.
double distance(const LatencyTest& test, const LatencyState& state);
double distance_bound(const LatencyTest& test, const LatencyState& state);

// Of all its requests so far, to within a bucket; nullopt without any.
std::optional<double> quantile_ms(const LatencyTest& test, const LatencyState& state, Arm arm,
                                  double quantile);

}  // namespace gate::slo
