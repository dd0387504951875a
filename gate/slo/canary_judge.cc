#include "gate/slo/canary_judge.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/slo/canary_wording.h"

namespace gate::slo {
namespace {

bool succeeded(const Sample& sample) {
  return sample.status > 0 && sample.status < 500;
}

}  // namespace

CanaryJudge::CanaryJudge(CanarySettings settings) : settings_(std::move(settings)) {
  for (const CanaryEvents& events : settings_.events) {
    bad_.emplace_back(events.bad);
    events_.push_back(events_test(events, settings_));
    state_.events.push_back(start_state(events_.back()));
  }
  if (settings_.latency) {
    latency_ = latency_test(settings_);
    state_.latency = start_state(*latency_);
  }
  state_.share = settings_.share;
}

Result<CanaryJudge> CanaryJudge::make(CanarySettings settings) {
  if (const auto checked = check_settings(settings); !checked) return checked.error();
  return CanaryJudge{std::move(settings)};
}

Result<CanaryJudge> CanaryJudge::resume(CanarySettings settings, CanaryState state) {
  auto judge = make(std::move(settings));
  if (!judge) return judge;
  if (const auto checked = check_state(state, judge->state_); !checked) return checked.error();
  judge->state_ = std::move(state);
  if (judge->evident() != judge->decision())
    return Error{ErrorCode::malformed, "decision: is not what the evidence says"};
  return judge;
}

std::uint8_t CanaryJudge::bad_of(const Sample& sample) const {
  unsigned bad = 0;
  for (std::size_t i = 0; i < bad_.size(); ++i) bad |= (bad_[i](sample) ? 1U : 0U) << i;
  return static_cast<std::uint8_t>(bad);
}

void CanaryJudge::add(const Sample& sample) {
  if (decision() != CanaryDecision::undecided || sample.track == Track::none) return;
  advance(sample.at);
  if (decision() != CanaryDecision::undecided) return;
  if (state_.block.empty()) state_.block_start = sample.at;
  const std::int32_t bucket =
      latency_ && succeeded(sample) ? latency_->buckets.bucket_of(sample.latency_ms) : -1;
  state_.block.push_back({settings_.use_clients ? client_hash(sample.client) : 0,
                          sample.track == Track::canary ? Arm::canary : Arm::baseline, bad_of(sample),
                          bucket});
  state_.newest = std::max(state_.newest, sample.at);
  state_.checksum[state_.block.back().arm] += sample_hash(sample);
  if (state_.block.size() == kBlockRequests) judge_block();
}

void CanaryJudge::add_quiet(const PerArm<std::uint32_t>& requests, Timestamp at, bool clients_known) {
  assert(!latency_ && requests.baseline + requests.canary <= kBlockRequests);
  close();
  if (decision() != CanaryDecision::undecided) return;
  const bool known = clients_known && settings_.use_clients;
  state_.block_start = at;
  state_.newest = std::max(state_.newest, at);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    update(events_[i], state_.events[i], quiet_block(requests, known, state_.events[i].failed_clients),
           place());
  }
  end_block(requests, known);
}

void CanaryJudge::advance(Timestamp now) {
  if (!state_.block.empty() && now - state_.block_start >= kBlockTime) judge_block();
}

void CanaryJudge::close() {
  if (!state_.block.empty()) judge_block();
}

void CanaryJudge::declare_share(std::optional<double> share) {
  close();
  state_.share = share;
}

BlockPlace CanaryJudge::place() const {
  return {state_.blocks, state_.block_start, state_.share};
}

void CanaryJudge::judge_block() {
  const Block block = block_of(state_.block);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    EventsState& state = state_.events[i];
    update(events_[i], state, count_events(block, i, state.failed_clients), place());
  }
  if (latency_) update(*latency_, *state_.latency, block, place());
  PerArm<std::uint32_t> requests;
  for (const BlockRequest& request : state_.block) ++requests[request.arm];
  state_.block.clear();
  end_block(requests, block.clients_known);
}

void CanaryJudge::end_block(const PerArm<std::uint32_t>& requests, bool clients_known) {
  ++state_.blocks;
  if (!clients_known) ++state_.blocks_without_clients;
  if (requests.baseline > 0 && requests.canary > 0) ++state_.blocks_with_both;
  state_.requests.baseline += requests.baseline;
  state_.requests.canary += requests.canary;
  decide();
}

bool CanaryJudge::is_bad() const {
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const EventsState& state = state_.events[i];
    if (is_worse(events_[i], state)) return true;
    if (reaches_limit(events_[i], state) && baseline_kept_limit(events_[i], state)) return true;
  }
  return latency_ && is_slower(*latency_, *state_.latency);
}

// A canary that was compared with nothing is not safe, however few of its requests are bad.
bool CanaryJudge::is_safe() const {
  if (state_.blocks_with_both == 0 || state_.requests.canary < settings_.min_canary_requests) return false;
  if (standing_doubt()) return false;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!is_proven_safe(events_[i], state_.events[i])) return false;
  }
  return !latency_ || is_not_slower(*latency_, *state_.latency);
}

CanaryDecision CanaryJudge::evident() const {
  if (is_bad()) return CanaryDecision::failed;
  return settings_.early_pass && is_safe() ? CanaryDecision::passed : CanaryDecision::undecided;
}

void CanaryJudge::decide() {
  state_.decision = evident();
  if (state_.decision != CanaryDecision::undecided) state_.decided = here();
}

DecidedAt CanaryJudge::here() const {
  return {state_.newest, state_.requests.baseline + state_.requests.canary, state_.requests.canary};
}

double CanaryJudge::largest_design_effect() const {
  const double of_events =
      events_.empty() ? 1 : design_effect_of(events_.front(), state_.blocks_without_clients == 0);
  return latency_ ? std::max(of_events, 1 / latency_->power) : of_events;
}

std::vector<CanaryTest> CanaryJudge::readings() const {
  std::vector<CanaryTest> tests;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    for (CanaryTest& test : slo::readings(events_[i], state_.events[i])) tests.push_back(std::move(test));
  }
  if (latency_) tests.push_back(reading(*latency_, *state_.latency));
  return tests;
}

std::optional<Missing> CanaryJudge::standing_doubt() const {
  // A share that was declared anew on the way is no share of all requests.
  if (state_.share == settings_.share) {
    if (auto other = other_share(state_.requests, settings_.share)) return other;
  }
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (auto doubt = slo::standing_doubt(events_[i], state_.events[i])) return doubt;
  }
  return std::nullopt;
}

CanaryVerdict CanaryJudge::verdict() const {
  CanaryVerdict verdict;
  const bool passes_now = decision() == CanaryDecision::undecided && !settings_.early_pass && is_safe();
  verdict.decision = passes_now ? CanaryDecision::passed : decision();
  verdict.tests = readings();
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const PerArm<ArmTotals>& totals = state_.events[i].totals;
    verdict.counts.push_back({settings_.events[i].name, {totals.baseline.counts, totals.canary.counts}});
  }
  verdict.requests = state_.requests;
  verdict.clients_known = state_.blocks > 0 && state_.blocks_without_clients == 0;
  verdict.design_effect = largest_design_effect();
  if (verdict.decision == CanaryDecision::undecided) {
    verdict.doubt = doubt_of(verdict, settings_, state_.blocks_with_both > 0, standing_doubt());
    verdict.why = verdict.doubt->message;
  } else {
    verdict.decided = passes_now ? here() : state_.decided;
    verdict.why = why_decided(verdict);
  }
  return verdict;
}

}  // namespace gate::slo
