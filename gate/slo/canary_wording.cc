#include "gate/slo/canary_wording.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/slo/wording.h"

namespace gate::slo {
namespace {

using Says = CanaryTest::Outcome;

double log10_of(double natural) {
  return natural / std::log(10.0);
}

std::string share_text(const ArmCounts& counts) {
  if (counts.requests == 0) return "no requests";
  return rough_text(100 * static_cast<double>(counts.bad) / static_cast<double>(counts.requests)) + " %";
}

// What a test's numbers are of: all the time, or where there is evidence against the canary and it came late,
// the time since when it rises.
struct Span {
  PerArm<ArmTotals> totals;
  std::string since;  // " since 2026-11-20T05:01:23.000Z"; empty: all the time
};

Span span_of(const StartMixture& evidence, const std::vector<Stretch>& stretches,
             const PerArm<ArmTotals>& totals) {
  const Stretch& stretch = stretches[best_alternative(evidence)];
  const bool late = e_value(evidence) > 1 && stretch.cusum > 0 &&
                    stretch.start.canary.counts.requests * 2 > totals.canary.counts.requests;
  if (!late) return {totals, ""};
  return {totals_since(stretch, totals), " since " + to_string(stretch.since)};
}

std::string worse_text(const EventsTest& test, const EventsState& state) {
  const Span span = span_of(state.worse, state.worse_stretches, state.totals);
  const ArmCounts& baseline = span.totals.baseline.counts;
  const ArmCounts& canary = span.totals.canary.counts;
  const bool more = static_cast<double>(canary.bad) * static_cast<double>(baseline.requests) >
                    static_cast<double>(baseline.bad) * static_cast<double>(canary.requests);
  return fmt::format("{} {} {} {} of the baseline{}", share_name(test.events.bad), share_text(canary),
                     more ? ">" : "against", share_text(baseline), span.since);
}

std::string limit_text(const EventsTest& test, const EventsState& state) {
  const Span span = span_of(state.breach, state.breach_stretches, state.totals);
  const ArmCounts& canary = span.totals.canary.counts;
  const double limit = *test.events.max_bad_share;
  const bool beyond = static_cast<double>(canary.bad) > limit * static_cast<double>(canary.requests);
  return fmt::format("{} {} {} the limit of {} %{}", share_name(test.events.bad), share_text(canary),
                     beyond ? ">" : "within", rough_text(100 * limit), span.since);
}

// What is said of evidence that is there but rests on too few clients.
std::string floor_text(const EventsTest& test, const EventsState& state, double log10_e) {
  const std::uint64_t failing = state.totals.canary.counts.failing_clients;
  if (log10_of(test.log_bar) > log10_e || failing >= test.min_failing_clients) return "";
  return fmt::format(", but only {} failed on the canary", counted(failing, "client"));
}

CanaryTest worse_reading(const EventsTest& test, const EventsState& state) {
  CanaryTest reading;
  reading.name = test.events.name + ".worse";
  reading.alpha = test.alpha;
  reading.log10_e = std::log10(e_value(state.worse));
  reading.log10_safe = log10_of(log_not_worse(test, state));
  reading.message = worse_text(test, state) + floor_text(test, state, reading.log10_e);
  if (is_worse(test, state)) {
    reading.outcome = Says::bad;
  } else if (is_not_worse(test, state)) {
    reading.outcome = Says::safe;
  }
  return reading;
}

CanaryTest limit_reading(const EventsTest& test, const EventsState& state) {
  CanaryTest reading;
  reading.name = test.events.name + ".limit";
  reading.alpha = test.alpha;
  reading.log10_e = std::log10(e_value(state.breach));
  reading.log10_safe = log10_of(log_within_limit(test, state));
  reading.message = limit_text(test, state) + floor_text(test, state, reading.log10_e);
  if (reaches_limit(test, state)) {
    const bool alone = baseline_kept_limit(test, state);
    if (alone) reading.outcome = Says::bad;
    if (!alone) reading.message += ", and the baseline may be beyond it too";
  } else if (is_within_limit(test, state)) {
    reading.outcome = Says::safe;
  }
  return reading;
}

std::string quantile_text(std::optional<double> milliseconds) {
  return milliseconds ? rough_text(*milliseconds) + " ms" : "no requests";
}

std::string e_text(double log10_e) {
  return log10_e < 6 ? rough_text(std::pow(10, log10_e)) : fmt::format("10^{:.1f}", log10_e);
}

// "errors.worse (e = 12.4 of 300)": how far each open test is from failing the canary.
std::string open_tests(const std::vector<CanaryTest>& tests) {
  std::vector<std::string> open;
  for (const CanaryTest& test : tests) {
    if (test.outcome != Says::open) continue;
    open.push_back(fmt::format("{} (e = {} of {:.0f})", test.name, e_text(test.log10_e), 1 / test.alpha));
  }
  return join(open, ", ");
}

}  // namespace

std::string share_name(const RequestSli& sli) {
  switch (sli.kind) {
    case RequestSli::Kind::errors: return "error rate";
    case RequestSli::Kind::availability: return "unavailability";
    case RequestSli::Kind::latency:
      return fmt::format("share slower than {} ms", sli.threshold_ms.to_string());
  }
  return "?";
}

std::vector<CanaryTest> readings(const EventsTest& test, const EventsState& state) {
  std::vector<CanaryTest> readings{worse_reading(test, state)};
  if (test.events.max_bad_share) readings.push_back(limit_reading(test, state));
  return readings;
}

CanaryTest reading(const LatencyTest& test, const LatencyState& state) {
  CanaryTest reading;
  reading.name = "latency.slower";
  reading.alpha = test.alpha;
  reading.log10_e = std::log10(e_value(state.slower));
  const double quantile = kLatencyQuantiles[best_alternative(state.slower) / kWorseRatios.size()];
  reading.message =
      fmt::format("p{:.0f} latency {} against {} of the baseline, distance {:.3f} ± {:.3f}", 100 * quantile,
                  quantile_text(quantile_ms(test, state, Arm::canary, quantile)),
                  quantile_text(quantile_ms(test, state, Arm::baseline, quantile)), distance(test, state),
                  distance_bound(test, state));
  if (is_slower(test, state)) {
    reading.outcome = Says::bad;
  } else if (is_not_slower(test, state)) {
    reading.outcome = Says::safe;
  }
  return reading;
}

std::optional<Missing> standing_doubt(const EventsTest& test, const EventsState& state) {
  if (reaches_limit(test, state)) return Missing{Doubt::inconclusive, limit_reading(test, state).message};
  if (shares_agree(test, state) || !is_proven_safe(test, state)) return std::nullopt;
  return Missing{Doubt::inconclusive,
                 fmt::format("{} {} against {} of the baseline, though few clients began to fail",
                             share_name(test.events.bad), share_text(state.totals.canary.counts),
                             share_text(state.totals.baseline.counts))};
}

std::optional<Missing> other_share(const PerArm<std::uint64_t>& requests, std::optional<double> declared) {
  constexpr std::uint64_t kFewest = 100;
  constexpr double kStandardErrors = 5;
  const std::uint64_t all = requests.baseline + requests.canary;
  if (!declared || all < kFewest) return std::nullopt;
  const double seen = static_cast<double>(requests.canary) / static_cast<double>(all);
  const double error = std::sqrt(*declared * (1 - *declared) / static_cast<double>(all));
  if (std::abs(seen - *declared) <= kStandardErrors * error) return std::nullopt;
  return Missing{Doubt::inconclusive, fmt::format("the canary has {} % of the requests, not {} %",
                                                  rough_text(100 * seen), rough_text(100 * *declared))};
}

std::string why_decided(const CanaryVerdict& verdict) {
  const auto after = fmt::format("after {} canary requests", verdict.decided->canary_requests);
  std::vector<std::string> safe;
  for (const CanaryTest& test : verdict.tests) {
    if (test.outcome == Says::bad)
      return fmt::format("{} (e = {} {})", test.message, e_text(test.log10_e), after);
    safe.push_back(test.message);
  }
  return fmt::format("{} ({})", join(safe, "; "), after);
}

Missing doubt_of(const CanaryVerdict& verdict, const CanarySettings& settings, bool at_once,
                 std::optional<Missing> standing) {
  if (verdict.requests.canary == 0) return {Doubt::no_data, "there are no canary requests"};
  if (verdict.requests.baseline == 0) return {Doubt::no_data, "there are no baseline requests"};
  if (verdict.requests.canary < settings.min_canary_requests) {
    return {Doubt::low_traffic, fmt::format("{} canary requests, fewer than {}", verdict.requests.canary,
                                            settings.min_canary_requests)};
  }
  if (standing) return std::move(*standing);
  if (!at_once) return {Doubt::inconclusive, "baseline and canary have no requests at the same time"};
  return {Doubt::inconclusive, fmt::format("not decided after {} canary requests: {}",
                                           verdict.requests.canary, open_tests(verdict.tests))};
}

}  // namespace gate::slo
