#include "gate/slo/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

SimulationResult simulate_plan(const SimulationPlan& plan) {
  const auto simulation = plan_simulation(plan);
  EXPECT_TRUE(simulation);
  return simulate(*simulation);
}

TEST(Simulation, BreachesFailByTheirDeadline) {
  for (const Disturbance disturbance :
       {Disturbance::latency, Disturbance::errors, Disturbance::availability}) {
    for (const Magnitude magnitude : {Magnitude::mild, Magnitude::moderate, Magnitude::severe}) {
      for (const double rate : {1.0, 10.0, 2000.0}) {
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
          SimulationPlan plan{disturbance, magnitude, minutes{10}, rate};
          plan.seed = seed;
          const SimulationResult result = simulate_plan(plan);
          EXPECT_TRUE(result.as_expected) << name_of(disturbance) << " " << name_of(magnitude) << " at "
                                          << rate << ", seed " << seed << ": " << result.expected << ", but "
                                          << name_of(result.verdict.decision) << ": " << result.verdict.why;
        }
      }
    }
  }
}

TEST(Simulation, HealthAndSharedOutagesFailNothing) {
  for (const Disturbance disturbance : {Disturbance::none, Disturbance::outage}) {
    for (const std::uint32_t cluster : {1U, 5U}) {
      SimulationPlan plan{disturbance, Magnitude::severe, minutes{10}, 100};
      plan.cluster = cluster;
      const SimulationResult result = simulate_plan(plan);
      EXPECT_TRUE(result.as_expected) << result.verdict.why;
      EXPECT_EQ(result.expected, "not failed");
    }
  }
}

TEST(Simulation, TheSamePlanGivesTheSameResult) {
  const SimulationPlan plan{Disturbance::latency, Magnitude::moderate, minutes{10}, 100};
  EXPECT_EQ(simulate_plan(plan).verdict, simulate_plan(plan).verdict);
  SimulationPlan other = plan;
  other.seed = 2;
  EXPECT_NE(plan_simulation(other)->what, plan_simulation(plan)->what);
}

TEST(Simulation, SaysWhatItMakesUp) {
  const auto severe = plan_simulation({Disturbance::availability, Magnitude::severe});
  EXPECT_THAT(severe->what, HasSubstr("99.9 % of the canary's requests fail"));
  EXPECT_THAT(severe->what, HasSubstr("times the objective of 1 %; 0.1 % of the baseline's"));
}

// Where no test could know by then, nothing is demanded but that it does not pass.
TEST(Simulation, DemandsNoDecisionThatNobodyCouldMake) {
  const SimulationResult result = simulate_plan({Disturbance::errors, Magnitude::mild, minutes{10}, 1});
  EXPECT_EQ(result.expected, "not passed");
  EXPECT_TRUE(result.as_expected);
}

TEST(Simulation, RefusesTrafficThatCannotBe) {
  SimulationPlan plan;
  plan.requests_per_second = 0;
  EXPECT_THAT(plan_simulation(plan).error().message, HasSubstr("rate: "));
  plan = {};
  plan.canary_share = 1;
  EXPECT_THAT(plan_simulation(plan).error().message, HasSubstr("share: "));
  plan = {};
  plan.duration = std::chrono::hours{1'000'000};
  EXPECT_THAT(plan_simulation(plan).error().message, HasSubstr("1000000000 requests"));
}

}  // namespace
}  // namespace gate::slo
