#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include <fmt/format.h>

#include "gate/slo/canary_block.h"
#include "gate/slo/canary_latency.h"
#include "gate/slo/canary_state.h"

namespace gate::slo {
namespace {

// Keeps the first thing that is wrong.
class Faults {
 public:
  void refuse(std::string_view place, std::string_view why) {
    if (!first_) first_ = Error{ErrorCode::malformed, fmt::format("{}: {}", place, why)};
  }
  void require(bool right, std::string_view place, std::string_view why) {
    if (!right) refuse(place, why);
  }
  void require_size(std::size_t size, std::size_t wanted, std::string_view place) {
    if (size != wanted) refuse(place, fmt::format("has {} elements, not {}", size, wanted));
  }
  [[nodiscard]] Status status() const { return first_ ? Status{*first_} : done(); }

 private:
  std::optional<Error> first_;
};

bool is_count(double number) {
  return std::isfinite(number) && number >= 0;
}

void check(const EffectiveCounts& counts, const std::string& place, Faults& faults) {
  faults.require(is_count(counts.good) && is_count(counts.bad), place, "is not a count");
}

void check(const PerArm<ArmTotals>& totals, const std::string& place, Faults& faults) {
  for (const Arm arm : {Arm::baseline, Arm::canary}) {
    check(totals[arm].at_risk, place, faults);
    const ArmCounts& counts = totals[arm].counts;
    faults.require(counts.failing_clients <= counts.bad && counts.bad <= counts.requests, place,
                   "has more bad requests than requests");
  }
}

void check(const StartMixture& mixture, std::size_t alternatives, std::uint64_t blocks,
           const std::string& place, Faults& faults) {
  faults.require_size(mixture.evidence.size(), alternatives, place);
  faults.require(std::all_of(mixture.evidence.begin(), mixture.evidence.end(), is_count), place,
                 "holds what is not evidence");
  faults.require(mixture.blocks <= blocks, place, "is ahead of the blocks");
}

bool is_part(const ArmTotals& part, const ArmTotals& whole) {
  return part.counts.requests <= whole.counts.requests && part.counts.bad <= whole.counts.bad &&
         part.counts.failing_clients <= whole.counts.failing_clients &&
         part.at_risk.good <= whole.at_risk.good && part.at_risk.bad <= whole.at_risk.bad;
}

void check(const std::vector<Stretch>& stretches, std::size_t wanted, const PerArm<ArmTotals>& totals,
           const std::string& place, Faults& faults) {
  faults.require_size(stretches.size(), wanted, place);
  for (const Stretch& stretch : stretches) {
    faults.require(is_count(stretch.cusum), place, "holds what is not evidence");
    check(stretch.start, place, faults);
    for (const Arm arm : {Arm::baseline, Arm::canary}) {
      faults.require(is_part(stretch.start[arm], totals[arm]), place, "starts after the end");
    }
  }
}

void check(const EventsState& state, const EventsState& fresh, std::uint64_t blocks, const std::string& place,
           Faults& faults) {
  check(state.totals, place + "/totals", faults);
  check(state.canary_any, place + "/canary_any", faults);
  check(state.worse, fresh.worse.evidence.size(), blocks, place + "/worse", faults);
  check(state.breach, fresh.breach.evidence.size(), blocks, place + "/breach", faults);
  check(state.worse_stretches, fresh.worse_stretches.size(), state.totals, place + "/worse_stretches",
        faults);
  check(state.breach_stretches, fresh.breach_stretches.size(), state.totals, place + "/breach_stretches",
        faults);
  faults.require_size(state.not_worse.size(), fresh.not_worse.size(), place + "/not_worse");
  faults.require(std::all_of(state.not_worse.begin(), state.not_worse.end(),
                             [](double log) { return std::isfinite(log); }),
                 place + "/not_worse", "is not finite");
  const auto& failed = state.failed_clients;
  faults.require(failed.size() <= kMostFailedClients, place + "/failed_clients", "are too many");
  faults.require(std::adjacent_find(failed.begin(), failed.end(), std::greater_equal<>{}) == failed.end(),
                 place + "/failed_clients", "are not sorted");
}

void check(const LatencyState& state, const LatencyState& fresh, std::uint64_t blocks, Faults& faults) {
  const std::size_t buckets = fresh.histograms.baseline.size();
  for (const Arm arm : {Arm::baseline, Arm::canary}) {
    const auto& histogram = state.histograms[arm];
    faults.require_size(histogram.size(), buckets, "latency/histograms");
    faults.require(
        std::accumulate(histogram.begin(), histogram.end(), std::uint64_t{0}) == state.requests[arm],
        "latency/histograms", "do not add up");
  }
  check(state.slower, fresh.slower.evidence.size(), blocks, "latency/slower", faults);
  faults.require(state.thresholds.empty() || state.thresholds.size() == kLatencyQuantiles.size(),
                 "latency/thresholds", "are not one a quantile");
  for (const std::int32_t threshold : state.thresholds) {
    faults.require(threshold >= 0 && static_cast<std::size_t>(threshold) < buckets, "latency/thresholds",
                   "are beyond the histogram");
  }
}

void check_counts(const CanaryState& state, Faults& faults) {
  faults.require(state.blocks_with_both <= state.blocks && state.blocks_without_clients <= state.blocks,
                 "blocks", "are fewer than some of them");
  for (const EventsState& events : state.events) {
    for (const Arm arm : {Arm::baseline, Arm::canary})
      faults.require(events.totals[arm].counts.requests == state.requests[arm], "requests", "do not add up");
  }
}

void check_block(const CanaryState& state, const CanaryState& fresh, Faults& faults) {
  faults.require(state.block.size() < kBlockRequests, "block", "is longer than a block");
  const auto buckets = fresh.latency ? static_cast<std::int32_t>(fresh.latency->histograms.canary.size()) : 0;
  for (const BlockRequest& request : state.block) {
    faults.require(request.bucket >= -1 && request.bucket < buckets, "block",
                   "has a bucket beyond the histogram");
    faults.require(static_cast<std::size_t>(request.bad) >> state.events.size() == 0, "block",
                   "is bad by what is not there");
  }
}

}  // namespace

Status check_state(const CanaryState& state, const CanaryState& fresh) {
  Faults faults;
  faults.require_size(state.events.size(), fresh.events.size(), "events");
  faults.require(state.latency.has_value() == fresh.latency.has_value(), "latency",
                 fresh.latency ? "is missing" : "is not asked for");
  if (auto status = faults.status(); !status) return status;
  faults.require(!state.share || (*state.share > 0 && *state.share < 1), "share", "is not between 0 and 1");
  for (std::size_t i = 0; i < state.events.size(); ++i) {
    check(state.events[i], fresh.events[i], state.blocks, fmt::format("events/{}", i), faults);
  }
  if (state.latency) check(*state.latency, *fresh.latency, state.blocks, faults);
  check_counts(state, faults);
  check_block(state, fresh, faults);
  return faults.status();
}

}  // namespace gate::slo
