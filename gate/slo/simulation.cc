#include "gate/slo/simulation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "gate/slo/canary_judge.h"
#include "gate/slo/normal.h"
#include "gate/slo/random_numbers.h"
#include "gate/slo/wording.h"

namespace gate::slo {
namespace {

using std::chrono::milliseconds;

constexpr std::array kDisturbances = {Disturbance::latency, Disturbance::errors, Disturbance::availability,
                                      Disturbance::none, Disturbance::outage};
constexpr std::array kMagnitudes = {Magnitude::mild, Magnitude::moderate, Magnitude::severe};

constexpr double kThresholdMs = 300;
constexpr double kSigma = 0.5;
constexpr double kDown = 0.999;  // a share of bad requests that no request escapes, as good as 1

// Of all requests may be bad: 5 % slower than the threshold, 1 % errors.
double objective_of(Disturbance disturbance) {
  return disturbance == Disturbance::latency ? 0.05 : 0.01;
}

double times_objective(Magnitude magnitude, RandomNumbers& random) {
  switch (magnitude) {
    case Magnitude::mild: return 1.25 + 0.75 * random.uniform();
    case Magnitude::moderate: return 4 + random.uniform();
    case Magnitude::severe: return 20 + 80 * random.uniform();
  }
  return 1;
}

bool is_harmless(Disturbance disturbance) {
  return disturbance == Disturbance::none || disturbance == Disturbance::outage;
}

double canary_share_of_bad(const SimulationPlan& plan, double objective, RandomNumbers& random) {
  if (is_harmless(plan.disturbance)) return objective / 10;
  if (plan.disturbance == Disturbance::availability && plan.magnitude == Magnitude::severe) return kDown;
  return std::min(kDown, objective * times_objective(plan.magnitude, random));
}

// The median of latencies of which that share is beyond the threshold.
double median_for(double share) {
  return kThresholdMs * std::exp(kSigma * normal_quantile(share));
}

CanarySettings settings_for(const SimulationPlan& plan, double objective) {
  CanarySettings settings;
  CanaryEvents& events = settings.events[0];
  events.max_bad_share = objective;
  // A canary that has passed before the outage would prove nothing about it.
  settings.early_pass = plan.disturbance != Disturbance::outage;
  if (plan.disturbance == Disturbance::availability) events.bad.kind = RequestSli::Kind::availability;
  if (plan.disturbance == Disturbance::latency) {
    events.name = "slow";
    events.bad = {RequestSli::Kind::latency, Decimal::of(kThresholdMs)};
    settings.latency = CanaryLatency{};
  }
  return settings;
}

void disturb(SimulatedTraffic& traffic, const SimulationPlan& plan, const PerArm<double>& bad) {
  if (plan.disturbance == Disturbance::latency) {
    traffic.bad_share = {0, 0};
    traffic.latency = SimulatedTraffic::Latency{{median_for(bad.baseline), median_for(bad.canary)}, kSigma};
    return;
  }
  traffic.bad_share = bad;
  if (plan.disturbance == Disturbance::availability) traffic.bad_status = 503;
  if (plan.disturbance == Disturbance::outage) {
    const milliseconds from = plan.duration / 3;
    traffic.outage =
        SimulatedTraffic::Outage{from, from + std::min(plan.duration / 10, milliseconds{60'000}), 0.5};
  }
}

// Kullback and Leibler's distance of two coins.
double divergence(double p, double q) {
  return p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q));
}

// Requests until the better of both tests has its evidence, as Wald has it: the bar over what a request
// brings. A bad request brings what its arm tells, a canary request what its share is beyond the limit.
double expected_requests(const Simulation& simulation, const PerArm<double>& bad, double canary_share) {
  const double all_bad = canary_share * bad.canary + (1 - canary_share) * bad.baseline;
  const double by_baseline = all_bad * divergence(canary_share * bad.canary / all_bad, canary_share);
  const double by_limit = canary_share * divergence(bad.canary, simulation.objective);
  const CanaryEvents& events = simulation.settings.events[0];
  // The averages over alternatives and starts cost a factor of some 16.
  const double bar = std::log(16 / alpha_of(events, simulation.settings));
  const double effect = simulation.traffic.clients_known ? simulation.traffic.cluster : kUnknownDesignEffect;
  return effect * bar / std::max(by_baseline, by_limit);
}

// Three times what is expected, and as many failing clients as the judge wants to see, in whole blocks.
std::optional<milliseconds> deadline_of(const Simulation& simulation, const PerArm<double>& bad,
                                        double canary_share) {
  const double failing =
      static_cast<double>(simulation.settings.min_failing_clients) / (canary_share * bad.canary);
  const double requests = 3 * (expected_requests(simulation, bad, canary_share) + failing);
  const double rate = simulation.traffic.requests_per_second;
  const double block_seconds =
      std::min(kBlockRequests / rate, std::chrono::duration<double>(kBlockTime).count());
  const double seconds = requests / rate + 2 * block_seconds;
  const auto deadline = milliseconds{static_cast<std::int64_t>(std::ceil(seconds * 1000))};
  return deadline <= simulation.traffic.duration ? std::optional{deadline} : std::nullopt;
}

std::string describe(const Simulation& simulation, const SimulationPlan& plan, const PerArm<double>& bad) {
  const auto percent = [](double share) { return rough_text(100 * share) + " %"; };
  const std::string_view does = plan.disturbance == Disturbance::latency ? "take over 300 ms" : "fail";
  std::string what =
      fmt::format("{} of the canary's requests {}, {} times the objective of {}; {} of the baseline's",
                  percent(bad.canary), does, rough_text(bad.canary / simulation.objective),
                  percent(simulation.objective), percent(bad.baseline));
  if (const auto& outage = simulation.traffic.outage) {
    what += fmt::format("; half of all requests for {:.0f} s",
                        std::chrono::duration<double>(outage->until - outage->from).count());
  }
  return what;
}

Status check_plan(const SimulationPlan& plan) {
  const auto refuse = [](std::string_view what, std::string_view why) {
    return Error{ErrorCode::malformed, fmt::format("{}: {}", what, why)};
  };
  if (!(plan.requests_per_second >= 0.1 && plan.requests_per_second <= 1e6)) {
    return refuse("rate", "requests per second are from 0.1 to 1000000");
  }
  if (!(plan.canary_share > 0 && plan.canary_share < 1)) return refuse("share", "is between 0 and 1");
  if (plan.duration < milliseconds{1000}) return refuse("duration", "is a second at least");
  if (plan.cluster < 1 || plan.cluster > 100) return refuse("cluster", "is from 1 to 100");
  const double requests = plan.requests_per_second * std::chrono::duration<double>(plan.duration).count();
  return requests <= 1e9 ? done() : Status{refuse("duration", "is more than 1000000000 requests")};
}

std::string expectation(const Simulation& simulation) {
  if (simulation.deadline) {
    return fmt::format("failed within {:.1f} s", std::chrono::duration<double>(*simulation.deadline).count());
  }
  return simulation.may_fail ? "not passed" : "not failed";
}

bool is_as_expected(const Simulation& simulation, const CanaryVerdict& verdict) {
  if (!simulation.may_fail) return verdict.decision != CanaryDecision::failed;
  if (!simulation.deadline) return verdict.decision != CanaryDecision::passed;
  return verdict.decision == CanaryDecision::failed &&
         verdict.decided->at.time_since_epoch() <= *simulation.deadline;
}

template <class Choices>
auto choice_named(const Choices& choices, std::string_view name) {
  const auto found =
      std::find_if(choices.begin(), choices.end(), [&](auto choice) { return name_of(choice) == name; });
  return found == choices.end() ? std::nullopt : std::optional{*found};
}

}  // namespace

std::string_view name_of(Disturbance disturbance) {
  switch (disturbance) {
    case Disturbance::latency: return "latency";
    case Disturbance::errors: return "errors";
    case Disturbance::availability: return "availability";
    case Disturbance::none: return "none";
    case Disturbance::outage: return "outage";
  }
  return "?";
}

std::string_view name_of(Magnitude magnitude) {
  switch (magnitude) {
    case Magnitude::mild: return "mild";
    case Magnitude::moderate: return "moderate";
    case Magnitude::severe: return "severe";
  }
  return "?";
}

std::optional<Disturbance> disturbance_of(std::string_view name) {
  return choice_named(kDisturbances, name);
}

std::optional<Magnitude> magnitude_of(std::string_view name) {
  return choice_named(kMagnitudes, name);
}

Result<Simulation> plan_simulation(const SimulationPlan& plan) {
  if (const auto checked = check_plan(plan); !checked) return checked.error();
  RandomNumbers random{plan.seed};
  Simulation simulation;
  simulation.seed = plan.seed;
  simulation.objective = objective_of(plan.disturbance);
  simulation.settings = settings_for(plan, simulation.objective);
  SimulatedTraffic& traffic = simulation.traffic;
  traffic.requests_per_second = plan.requests_per_second;
  traffic.steps = {{milliseconds{0}, plan.canary_share}};
  traffic.cluster = plan.cluster;
  traffic.clients_known = plan.clients_known;
  traffic.duration = plan.duration;
  const PerArm<double> bad{simulation.objective / 10,
                           canary_share_of_bad(plan, simulation.objective, random)};
  disturb(traffic, plan, bad);
  simulation.may_fail = !is_harmless(plan.disturbance);
  if (simulation.may_fail) simulation.deadline = deadline_of(simulation, bad, plan.canary_share);
  simulation.what = describe(simulation, plan, bad);
  return simulation;
}

SimulationResult simulate(const Simulation& simulation) {
  auto judge = CanaryJudge::make(simulation.settings);
  SimulationResult result;
  result.verdict = judge_simulated(simulation.traffic, simulation.seed, *judge);
  result.as_expected = is_as_expected(simulation, result.verdict);
  result.expected = expectation(simulation);
  return result;
}

}  // namespace gate::slo
