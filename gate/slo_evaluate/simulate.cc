#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "gate/base/decimal.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/base/value.h"
#include "gate/render/table.h"
#include "gate/slo/simulation.h"
#include "gate/slo_evaluate/options.h"

namespace gate::slo_evaluate {
namespace {

constexpr std::array kExamples{
    cli::Example{"slo-evaluate simulate latency moderate 10", "ten minutes of a canary that is slow"},
    cli::Example{"slo-evaluate simulate errors mild 60 --rate 2000 --seed 7",
                 "other traffic, other requests"},
};

constexpr std::size_t kMostMinutes = 1'440;

void declare(cli::OptionTable& table, SimulateOptions& options) {
  table.operand("BREACH", options.breach, "what is wrong with the canary: latency, errors, availability");
  table.operand("SEVERITY", options.severity,
                "mild, moderate, severe: 1.25 to 2, 4 to 5, 20 times the objective or down");
  table.operand("MINUTES", options.minutes, "how long the traffic lasts");
  table.number("--seed", "N", options.seed, "other requests of the same kind; default 1");
  table.text("--rate", "REQUESTS", options.rate, "a second, both sides together; default 100");
  table.text("--canary-percent", "PERCENT", options.canary_percent, "of the requests; default 10");
  table.number("--cluster", "N", options.cluster,
               "how many requests of a failing client fail in a row; default 1");
  table.flag("--no-clients", options.no_clients, "the samples do not say whose they are");
  table.choice("--format", options.format, {"text", "json"}, "how the result is printed");
}

Error misused(std::string message) {
  return Error{ErrorCode::usage, std::move(message)};
}

Result<double> number_of(std::string_view option, const std::string& text) {
  const auto number = Decimal::parse(text);
  if (!number) return misused(fmt::format("{}: \"{}\" is not a number", option, text));
  return number->nearest_double();
}

Result<slo::SimulationPlan> plan_of(const SimulateOptions& options) {
  slo::SimulationPlan plan;
  const auto breach = slo::disturbance_of(options.breach);
  if (!breach || *breach == slo::Disturbance::none || *breach == slo::Disturbance::outage) {
    return misused(fmt::format("BREACH: \"{}\" is not one of latency, errors, availability", options.breach));
  }
  const auto severity = slo::magnitude_of(options.severity);
  if (!severity)
    return misused(fmt::format("SEVERITY: \"{}\" is not one of mild, moderate, severe", options.severity));
  const auto minutes = number_of("MINUTES", options.minutes);
  if (!minutes) return minutes.error();
  if (!(*minutes > 0 && *minutes <= kMostMinutes)) {
    return misused(fmt::format("MINUTES: {} is not above 0 and at most {}", options.minutes, kMostMinutes));
  }
  const auto rate = number_of("--rate", options.rate);
  if (!rate) return rate.error();
  const auto percent = number_of("--canary-percent", options.canary_percent);
  if (!percent) return percent.error();
  plan.disturbance = *breach;
  plan.magnitude = *severity;
  plan.duration = std::chrono::milliseconds{static_cast<std::int64_t>(*minutes * 60'000)};
  plan.requests_per_second = *rate;
  plan.canary_share = *percent / 100;
  plan.cluster = static_cast<std::uint32_t>(std::min<std::size_t>(options.cluster, 1'000'000));
  plan.clients_known = !options.no_clients;
  plan.seed = options.seed;
  return plan;
}

// One kind of traffic, and what the judge made of it.
struct Scenario {
  std::string_view name;
  slo::Simulation simulation;
  slo::SimulationResult result;
};

Result<Scenario> run_scenario(std::string_view name, slo::SimulationPlan plan, slo::Disturbance disturbance) {
  plan.disturbance = disturbance;
  auto simulation = slo::plan_simulation(plan);
  if (!simulation) return misused(simulation.error().message);
  slo::SimulationResult result = slo::simulate(*simulation);
  return Scenario{name, std::move(*simulation), std::move(result)};
}

// The breach, and what may not fail a canary.
Result<std::vector<Scenario>> run_scenarios(const slo::SimulationPlan& plan) {
  const std::pair<std::string_view, slo::Disturbance> kinds[] = {{"breach", plan.disturbance},
                                                                 {"healthy canary", slo::Disturbance::none},
                                                                 {"shared outage", slo::Disturbance::outage}};
  std::vector<Scenario> scenarios;
  for (const auto& [name, disturbance] : kinds) {
    auto scenario = run_scenario(name, plan, disturbance);
    if (!scenario) return scenario.error();
    scenarios.push_back(std::move(*scenario));
  }
  return scenarios;
}

std::string decided_text(const slo::CanaryVerdict& verdict) {
  if (!verdict.decided) return fmt::format("{}", slo::name_of(verdict.decision));
  return fmt::format("{} after {:.1f} s, {}", slo::name_of(verdict.decision),
                     static_cast<double>(verdict.decided->at.time_since_epoch().count()) / 1000,
                     counted(verdict.decided->canary_requests, "canary request"));
}

std::string text_of(const SimulateOptions& options, const std::vector<Scenario>& scenarios) {
  std::string out = fmt::format(
      "SIMULATED {} {}, {} min at {} requests/s, seed {}: no real request was judged\n{}\n\n", options.breach,
      options.severity, options.minutes, options.rate, options.seed, scenarios.front().simulation.what);
  std::vector<render::Row> rows;
  for (const Scenario& one : scenarios) {
    rows.push_back({std::string{one.name}, one.result.expected, decided_text(one.result.verdict),
                    one.result.as_expected ? "as expected" : "NOT AS EXPECTED"});
  }
  for (const render::Row& row : render::aligned({{"TRAFFIC"}, {"EXPECTED"}, {"VERDICT"}, {""}}, rows, 0)) {
    out += render::line_of(row) + "\n";
  }
  return out;
}

Value value_of(const SimulateOptions& options, const std::vector<Scenario>& scenarios) {
  Value rows = Value::array();
  for (const Scenario& one : scenarios) {
    const auto& decided = one.result.verdict.decided;
    Value row = Value::object({{"traffic", one.name},
                               {"what", one.simulation.what},
                               {"expected", one.result.expected},
                               {"verdict", slo::name_of(one.result.verdict.decision)},
                               {"as_expected", one.result.as_expected}});
    row.set("decided_after_ms", decided ? Value{decided->at.time_since_epoch().count()} : Value{});
    row.set("canary_requests", decided ? Value{decided->canary_requests} : Value{});
    rows.push(std::move(row));
  }
  return Value::object({{"simulated", true},
                        {"breach", options.breach},
                        {"severity", options.severity},
                        {"seed", options.seed},
                        {"scenarios", std::move(rows)}});
}

Result<cli::ExitCode> run(const SimulateOptions& options, cli::Context& io) {
  const auto plan = plan_of(options);
  if (!plan) return plan.error();
  const auto scenarios = run_scenarios(*plan);
  if (!scenarios) return scenarios.error();
  io.out << (options.format == "json" ? to_json(value_of(options, *scenarios)) + "\n"
                                      : text_of(options, *scenarios));
  const bool good = std::all_of(scenarios->begin(), scenarios->end(),
                                [](const Scenario& one) { return one.result.as_expected; });
  return good ? cli::ExitCode::passed : cli::ExitCode::blocked;
}

}  // namespace

const cli::Tool<SimulateOptions> kSimulate{
    {"slo-evaluate simulate",
     "Breaches an objective in simulated traffic and checks that the canary judge stops it in time.",
     kExamples},
    declare,
    run};

}  // namespace gate::slo_evaluate
