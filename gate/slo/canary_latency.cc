#include "gate/slo/canary_latency.h"

#include <algorithm>
#include <cmath>

namespace gate::slo {
namespace {

constexpr double kLeastMs = 0.01;
constexpr double kMostMs = 1e6;
constexpr double kMostGrowth = 1.025;

// Quantiles of fewer baseline requests tell nothing, and are taken anew when there are a quarter more.
constexpr std::uint64_t kFirstThresholds = 32;
// From where on the distributions are compared: their bounds are wider than the distance allowed long before.
constexpr double kLeastForBound = 100;

std::int32_t quantile_bucket(const std::vector<std::uint64_t>& histogram, std::uint64_t requests,
                             double quantile) {
  const double rank = quantile * static_cast<double>(requests);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    seen += histogram[i];
    if (static_cast<double>(seen) >= rank) return static_cast<std::int32_t>(i);
  }
  return static_cast<std::int32_t>(histogram.size()) - 1;
}

bool counts(const Block& block, std::size_t i) {
  return block.requests[i].bucket >= 0 && block.first_of_client[i];
}

BlockTable slow_table(const LatencyTest& test, const Block& block, std::int32_t threshold) {
  BlockTable table;
  for (std::size_t i = 0; i < block.requests.size(); ++i) {
    if (!counts(block, i)) continue;
    const BlockRequest& request = block.requests[i];
    if (request.arm == Arm::canary) {
      ++table.canary;
      table.canary_bad += request.bucket > threshold + test.buckets.shift() ? 1U : 0U;
    } else {
      ++table.baseline;
      table.baseline_bad += request.bucket > threshold ? 1U : 0U;
    }
  }
  return table;
}

void compare(const LatencyTest& test, LatencyState& state, const Block& block, const BlockPlace& place) {
  std::array<double, kLatencyQuantiles.size() * kWorseRatios.size()> factors{};
  bool says_something = false;
  for (std::size_t q = 0; q < state.thresholds.size(); ++q) {
    const BlockTable table = slow_table(test, block, state.thresholds[q]);
    const BlockTilt tilt{table, place.share};
    says_something |= tilt.says_something();
    if (q == 0) state.slow_on_canary += table.canary_bad;
    for (std::size_t i = 0; i < kWorseRatios.size(); ++i) {
      const double log_factor = test.power * tilt.log_likelihood_ratio(kWorseRatios[i]);
      factors[q * kWorseRatios.size() + i] = std::exp(log_factor);
    }
  }
  if (says_something) multiply(state.slower, place.blocks_before, factors);
}

void add_to_histograms(LatencyState& state, const Block& block) {
  for (std::size_t i = 0; i < block.requests.size(); ++i) {
    if (!counts(block, i)) continue;
    const BlockRequest& request = block.requests[i];
    ++state.histograms[request.arm][static_cast<std::size_t>(request.bucket)];
    ++state.requests[request.arm];
  }
}

void take_thresholds(LatencyState& state) {
  if (state.requests.baseline < std::max(kFirstThresholds, state.thresholds_from * 5 / 4)) return;
  state.thresholds_from = state.requests.baseline;
  state.thresholds.clear();
  for (const double quantile : kLatencyQuantiles) {
    state.thresholds.push_back(quantile_bucket(state.histograms.baseline, state.requests.baseline, quantile));
  }
}

}  // namespace

LatencyBuckets::LatencyBuckets(double tolerance) {
  shift_ = static_cast<std::int32_t>(std::ceil(std::log1p(tolerance) / std::log(kMostGrowth)));
  log_growth_ = shift_ == 0 ? std::log(kMostGrowth) : std::log1p(tolerance) / shift_;
  count_ = static_cast<std::int32_t>(std::ceil(std::log(kMostMs / kLeastMs) / log_growth_));
}

std::int32_t LatencyBuckets::bucket_of(double latency_ms) const {
  if (!(latency_ms > kLeastMs)) return 0;
  const double bucket = std::log(std::min(latency_ms, kMostMs) / kLeastMs) / log_growth_;
  return std::min(static_cast<std::int32_t>(bucket), count_ - 1);
}

double LatencyBuckets::upper_bound_ms(std::int32_t bucket) const {
  return kLeastMs * std::exp(log_growth_ * (bucket + 1));
}

LatencyTest latency_test(const CanarySettings& settings) {
  const double alpha = alpha_of(*settings.latency, settings);
  return {*settings.latency,
          LatencyBuckets{settings.latency->tolerance},
          EmpiricalBound{alpha / 2, kLeastForBound},
          alpha,
          -std::log(alpha),
          1 / settings.design_effect.value_or(kUnknownDesignEffect),
          settings.min_failing_clients};
}

LatencyState start_state(const LatencyTest& test) {
  LatencyState state;
  const auto buckets = static_cast<std::size_t>(test.buckets.count());
  state.histograms = {std::vector<std::uint64_t>(buckets), std::vector<std::uint64_t>(buckets)};
  state.slower = start_mixture(kLatencyQuantiles.size() * kWorseRatios.size());
  return state;
}

void update(const LatencyTest& test, LatencyState& state, const Block& block, const BlockPlace& place) {
  if (!state.thresholds.empty()) compare(test, state, block, place);
  add_to_histograms(state, block);
  take_thresholds(state);
}

bool is_slower(const LatencyTest& test, const LatencyState& state) {
  return state.slow_on_canary >= test.min_failing_clients && e_value(state.slower) * test.alpha >= 1;
}

bool is_not_slower(const LatencyTest& test, const LatencyState& state) {
  const double bound = distance_bound(test, state);
  return bound < test.settings.max_distance && distance(test, state) + bound < test.settings.max_distance;
}

double distance(const LatencyTest& test, const LatencyState& state) {
  if (state.requests.baseline == 0 || state.requests.canary == 0) return 1;
  const auto shift = static_cast<std::size_t>(test.buckets.shift());
  const std::size_t buckets = state.histograms.baseline.size();
  std::uint64_t baseline = 0;
  std::uint64_t canary = 0;
  double most = 0;
  for (std::size_t i = 0; i < shift && i < buckets; ++i) canary += state.histograms.canary[i];
  for (std::size_t i = 0; i < buckets; ++i) {
    baseline += state.histograms.baseline[i];
    if (i + shift < buckets) canary += state.histograms.canary[i + shift];
    most = std::max(most, static_cast<double>(baseline) / static_cast<double>(state.requests.baseline) -
                              static_cast<double>(canary) / static_cast<double>(state.requests.canary));
  }
  return most;
}

double distance_bound(const LatencyTest& test, const LatencyState& state) {
  return std::min(1.0, test.bound.at(state.requests.baseline) + test.bound.at(state.requests.canary));
}

std::optional<double> quantile_ms(const LatencyTest& test, const LatencyState& state, Arm arm,
                                  double quantile) {
  if (state.requests[arm] == 0) return std::nullopt;
  return test.buckets.upper_bound_ms(quantile_bucket(state.histograms[arm], state.requests[arm], quantile));
}

}  // namespace gate::slo
