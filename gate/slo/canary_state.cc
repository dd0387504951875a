#include "gate/slo/canary_state.h"

#include <string>

#include <fmt/format.h>

namespace gate::slo {
namespace {

Value time_value(Timestamp at) {
  return Value{to_string(at)};
}

template <class Range, class Make>
Value list_value(const Range& range, Make make) {
  Value list = Value::array();
  for (const auto& element : range) list.push(make(element));
  return list;
}

Value hash_value(std::uint64_t hash) {
  return fmt::format("{:016x}", hash);
}

Value request_value(const BlockRequest& request) {
  return Value::object({{"client", hash_value(request.client)},
                        {"canary", request.arm == Arm::canary},
                        {"bad", unsigned{request.bad}},
                        {"bucket", request.bucket}});
}

Value counts_value(const EffectiveCounts& counts) {
  return Value::object({{"good", counts.good}, {"bad", counts.bad}});
}

Value totals_value(const ArmTotals& totals) {
  return Value::object({{"requests", totals.counts.requests},
                        {"bad", totals.counts.bad},
                        {"failing_clients", totals.counts.failing_clients},
                        {"at_risk", counts_value(totals.at_risk)}});
}

Value totals_value(const PerArm<ArmTotals>& totals) {
  return Value::object(
      {{"baseline", totals_value(totals.baseline)}, {"canary", totals_value(totals.canary)}});
}

Value mixture_value(const StartMixture& mixture) {
  return Value::object({{"evidence", list_value(mixture.evidence, [](double e) { return Value{e}; })},
                        {"blocks", mixture.blocks}});
}

Value stretch_value(const Stretch& stretch) {
  return Value::object({{"cusum", stretch.cusum},
                        {"since", time_value(stretch.since)},
                        {"start", totals_value(stretch.start)}});
}

Value events_value(const EventsState& state) {
  return Value::object({{"totals", totals_value(state.totals)},
                        {"canary_any", counts_value(state.canary_any)},
                        {"worse", mixture_value(state.worse)},
                        {"worse_stretches", list_value(state.worse_stretches, stretch_value)},
                        {"breach", mixture_value(state.breach)},
                        {"breach_stretches", list_value(state.breach_stretches, stretch_value)},
                        {"not_worse", list_value(state.not_worse, [](double log) { return Value{log}; })},
                        {"failed_clients", list_value(state.failed_clients, hash_value)}});
}

Value pair_value(const PerArm<std::uint64_t>& numbers) {
  return Value::object({{"baseline", numbers.baseline}, {"canary", numbers.canary}});
}

Value checksum_value(const PerArm<std::uint64_t>& sums) {
  return Value::object({{"baseline", hash_value(sums.baseline)}, {"canary", hash_value(sums.canary)}});
}

// Most buckets are empty: pairs of a bucket and its count.
Value histogram_value(const std::vector<std::uint64_t>& histogram) {
  Value pairs = Value::array();
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    if (histogram[i] == 0) continue;
    Value pair = Value::array();
    pair.push(i);
    pair.push(histogram[i]);
    pairs.push(std::move(pair));
  }
  return pairs;
}

Value latency_value(const LatencyState& state) {
  return Value::object({{"baseline", histogram_value(state.histograms.baseline)},
                        {"canary", histogram_value(state.histograms.canary)},
                        {"thresholds", list_value(state.thresholds, [](std::int32_t t) { return Value{t}; })},
                        {"thresholds_from", state.thresholds_from},
                        {"slower", mixture_value(state.slower)},
                        {"slow_on_canary", state.slow_on_canary}});
}

Value decided_value(const DecidedAt& decided) {
  return Value::object({{"at", time_value(decided.at)},
                        {"requests", decided.requests},
                        {"canary_requests", decided.canary_requests}});
}

Value state_value(const CanaryState& state) {
  Value value = Value::object({{"block", list_value(state.block, request_value)},
                               {"block_start", time_value(state.block_start)},
                               {"blocks", state.blocks},
                               {"blocks_with_both", state.blocks_with_both},
                               {"blocks_without_clients", state.blocks_without_clients},
                               {"requests", pair_value(state.requests)},
                               {"checksum", checksum_value(state.checksum)},
                               {"newest", time_value(state.newest)},
                               {"share", state.share ? Value{*state.share} : Value{}},
                               {"events", list_value(state.events, events_value)}});
  value.set("latency", state.latency ? latency_value(*state.latency) : Value{});
  value.set("decision", name_of(state.decision));
  value.set("decided", decided_value(state.decided));
  return value;
}

}  // namespace

std::string_view name_of(CanaryDecision decision) {
  switch (decision) {
    case CanaryDecision::undecided: return "undecided";
    case CanaryDecision::failed: return "failed";
    case CanaryDecision::passed: return "passed";
  }
  return "?";
}

PerArm<std::uint64_t> samples_taken(const CanaryState& state) {
  PerArm<std::uint64_t> taken = state.requests;
  for (const BlockRequest& request : state.block) ++taken[request.arm];
  return taken;
}

Value saved_value(const CanarySettings& settings, const CanaryState& state) {
  return Value::object({{"release_gate_canary_state", kCanaryStateVersion},
                        {"settings", settings_value(settings)},
                        {"state", state_value(state)}});
}

}  // namespace gate::slo
