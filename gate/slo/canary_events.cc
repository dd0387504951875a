#include "gate/slo/canary_events.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gate::slo {
namespace {

// A canary that breaches while this many of its requests see no single one of the baseline is alone.
constexpr std::uint64_t kAloneRequests = 256;

// Of the two ways to count, the one in which the canary's share is larger (or smaller): where clients send
// several requests the truth lies between them, so each side takes the one that speaks against it.
const BlockTable& table_with(bool larger_share, const EventBlock& block) {
  const std::uint64_t by_request = std::uint64_t{block.by_request.canary} * block.by_client.requests();
  const std::uint64_t by_client = std::uint64_t{block.by_client.canary} * block.by_request.requests();
  return (by_request >= by_client) == larger_share ? block.by_request : block.by_client;
}

// One more step of evidence for an alternative. A stretch starts where the evidence rises from zero.
void follow(Stretch& stretch, double log_factor, const BlockPlace& place, const PerArm<ArmTotals>& totals) {
  if (stretch.cusum <= 0 && log_factor > 0) {
    stretch.since = place.start;
    stretch.start = totals;
  }
  stretch.cusum = std::max(0.0, stretch.cusum + log_factor);
}

void compare_worse(EventsState& state, const BlockTable& table, const BlockPlace& place, double power) {
  const BlockTilt tilt{table, place.share};
  if (!tilt.says_something()) return;
  std::array<double, kWorseRatios.size()> factors{};
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const double log_factor = power * tilt.log_likelihood_ratio(kWorseRatios[i]);
    factors[i] = std::exp(log_factor);
    follow(state.worse_stretches[i], log_factor, place, state.totals);
  }
  multiply(state.worse, place.blocks_before, factors);
}

void compare_not_worse(EventsState& state, const BlockTable& table, const BlockPlace& place, double power,
                       double allowed_ratio) {
  const BlockTilt tilt{table, place.share};
  if (!tilt.says_something()) return;
  const double allowed = tilt.log_likelihood_ratio(allowed_ratio);
  for (std::size_t i = 0; i < kSafeMultiples.size(); ++i) {
    state.not_worse[i] += power * (tilt.log_likelihood_ratio(allowed_ratio * kSafeMultiples[i]) - allowed);
  }
}

void compare_with_limit(const EventsTest& test, EventsState& state, const BlockTable& table,
                        const BlockPlace& place, double power) {
  if (table.canary == 0) return;
  std::array<double, 7> factors{};
  for (std::size_t i = 0; i < test.breach_evidence.size(); ++i) {
    const ShareEvidence& evidence = test.breach_evidence[i];
    const double log_factor =
        power * (table.canary_bad * evidence.bad + (table.canary - table.canary_bad) * evidence.good);
    factors[i] = std::exp(log_factor);
    follow(state.breach_stretches[i], log_factor, place, state.totals);
  }
  multiply(state.breach, place.blocks_before, std::span{factors}.first(test.breach_evidence.size()));
}

void add_effective(EffectiveCounts& counts, std::uint32_t requests, std::uint32_t bad, double power) {
  counts.good += power * (requests - bad);
  counts.bad += power * bad;
}

void add_totals(EventsState& state, const EventBlock& block, double power) {
  const BlockTable& table = block.by_request;
  const PerArm<std::uint32_t> at_risk{table.baseline, table.canary};
  const PerArm<std::uint32_t> failing{table.baseline_bad, table.canary_bad};
  for (const Arm arm : {Arm::baseline, Arm::canary}) {
    ArmTotals& totals = state.totals[arm];
    totals.counts.requests += block.requests[arm];
    totals.counts.bad += block.bad[arm];
    totals.counts.failing_clients += failing[arm];
    add_effective(totals.at_risk, at_risk[arm], failing[arm], power);
  }
  add_effective(state.canary_any, block.canary_units, block.canary_units_bad, power);
}

using SafeLogs = std::array<double, kSafeMultiples.size()>;

// Evidence that the canary's share is below `limit`, by alternative.
SafeLogs logs_below(double limit, const EffectiveCounts& counts) {
  SafeLogs logs{};
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const ShareEvidence evidence = share_evidence(limit * kSafeMultiples[i], limit);
    logs[i] = counts.bad * evidence.bad + counts.good * evidence.good;
  }
  return logs;
}

double share_of(const ArmCounts& counts) {
  return static_cast<double>(counts.bad) / static_cast<double>(counts.requests);
}

bool keeps_limit(const ArmCounts& counts, double limit) {
  return counts.requests > 0 && share_of(counts) <= limit;
}

ArmTotals operator-(const ArmTotals& a, const ArmTotals& b) {
  return {{a.counts.requests - b.counts.requests, a.counts.bad - b.counts.bad,
           a.counts.failing_clients - b.counts.failing_clients},
          {a.at_risk.good - b.at_risk.good, a.at_risk.bad - b.at_risk.bad}};
}

double log_likelihood(const EffectiveCounts& counts, double share) {
  return (counts.bad > 0 ? counts.bad * std::log(share) : 0) +
         (counts.good > 0 ? counts.good * std::log1p(-share) : 0);
}

// Evidence against one share for both arms, whichever it is: the canary at `breach` and the baseline at the
// limit or below, on average, against the share that explains both best (universal inference: Wasserman,
// Ramdas and Balakrishnan, PNAS 117, 2020).
double log_apart(const PerArm<ArmTotals>& totals, double breach, double limit) {
  const EffectiveCounts& baseline = totals.baseline.at_risk;
  const EffectiveCounts& canary = totals.canary.at_risk;
  std::array<double, kSafeMultiples.size() + 1> kept{log_likelihood(baseline, limit)};
  for (std::size_t i = 0; i < kSafeMultiples.size(); ++i) {
    kept[i + 1] = log_likelihood(baseline, limit * kSafeMultiples[i]);
  }
  const EffectiveCounts both{baseline.good + canary.good, baseline.bad + canary.bad};
  const double shared = log_likelihood(both, both.bad / (both.bad + both.good));
  return log_likelihood(canary, breach) + log_mean_exp(kept) - shared;
}

bool enough_fail(const EventsTest& test, const EventsState& state) {
  return state.totals.canary.counts.failing_clients >= test.min_failing_clients;
}

}  // namespace

EventsTest events_test(const CanaryEvents& events, const CanarySettings& settings) {
  EventsTest test;
  test.events = events;
  test.alpha = alpha_of(events, settings);
  test.log_bar = -std::log(test.alpha);
  test.design_effect = settings.design_effect;
  test.allowed_ratio = settings.allowed_ratio;
  test.min_failing_clients = settings.min_failing_clients;
  if (!events.max_bad_share) return test;
  test.breach_shares = shares_beyond(*events.max_bad_share);
  for (const double share : test.breach_shares) {
    test.breach_evidence.push_back(share_evidence(share, *events.max_bad_share));
  }
  return test;
}

EventsState start_state(const EventsTest& test) {
  EventsState state;
  state.worse = start_mixture(kWorseRatios.size());
  state.worse_stretches.resize(kWorseRatios.size());
  state.not_worse.resize(kSafeMultiples.size());
  state.breach_stretches.resize(test.breach_shares.size());
  if (!test.breach_shares.empty()) state.breach = start_mixture(test.breach_shares.size());
  return state;
}

double design_effect_of(const EventsTest& test, bool clients_known) {
  return test.design_effect.value_or(clients_known ? 1 : kUnknownDesignEffect);
}

void update(const EventsTest& test, EventsState& state, const EventBlock& block, const BlockPlace& place) {
  const double power = 1 / design_effect_of(test, block.clients_known);
  compare_worse(state, table_with(true, block), place, power);
  compare_not_worse(state, table_with(false, block), place, power, test.allowed_ratio);
  if (test.events.max_bad_share) compare_with_limit(test, state, block.by_request, place, power);
  add_totals(state, block, power);
}

bool is_worse(const EventsTest& test, const EventsState& state) {
  return enough_fail(test, state) && e_value(state.worse) * test.alpha >= 1;
}

bool reaches_limit(const EventsTest& test, const EventsState& state) {
  return test.events.max_bad_share && enough_fail(test, state) && e_value(state.breach) * test.alpha >= 1;
}

bool baseline_kept_limit(const EventsTest& test, const EventsState& state) {
  const std::size_t best = best_alternative(state.breach);
  const Stretch& stretch = state.breach_stretches[best];
  if (stretch.cusum <= 0) return false;
  const PerArm<ArmTotals> since = totals_since(stretch, state.totals);
  if (since.baseline.counts.requests == 0) return since.canary.counts.requests >= kAloneRequests;
  const double limit = *test.events.max_bad_share;
  return keeps_limit(since.baseline.counts, limit) &&
         log_apart(since, test.breach_shares[best], limit) >= test.log_bar;
}

double log_not_worse(const EventsTest& test, const EventsState& state) {
  const SafeLogs negligible = logs_below(negligible_share_of(test.events), state.canary_any);
  const std::array<double, 2> both = {log_mean_exp(state.not_worse), log_mean_exp(negligible)};
  return log_mean_exp(both);
}

double log_within_limit(const EventsTest& test, const EventsState& state) {
  return log_mean_exp(logs_below(*test.events.max_bad_share, state.canary_any));
}

bool is_not_worse(const EventsTest& test, const EventsState& state) {
  const bool hints_at_worse = 2 * std::log(e_value(state.worse)) >= test.log_bar;
  return !hints_at_worse && log_not_worse(test, state) >= test.log_bar;
}

bool is_within_limit(const EventsTest& test, const EventsState& state) {
  return keeps_limit(state.totals.canary.counts, *test.events.max_bad_share) &&
         log_within_limit(test, state) >= test.log_bar;
}

bool is_proven_safe(const EventsTest& test, const EventsState& state) {
  if (!test.events.max_bad_share) return is_not_worse(test, state);
  const bool nothing_hints_at_worse = e_value(state.worse) <= 1;
  return is_within_limit(test, state) && (nothing_hints_at_worse || is_not_worse(test, state));
}

bool shares_agree(const EventsTest& test, const EventsState& state) {
  const ArmCounts& baseline = state.totals.baseline.counts;
  const ArmCounts& canary = state.totals.canary.counts;
  if (canary.requests == 0) return true;
  const double beside = baseline.requests == 0 ? 0 : share_of(baseline);
  return share_of(canary) <= std::max(test.allowed_ratio * beside, negligible_share_of(test.events));
}

PerArm<ArmTotals> totals_since(const Stretch& stretch, const PerArm<ArmTotals>& totals) {
  return {totals.baseline - stretch.start.baseline, totals.canary - stretch.start.canary};
}

}  // namespace gate::slo
