#include "gate/slo/explain.h"

#include <gtest/gtest.h>

#include "gate/slo/windows.h"

namespace gate::slo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Objective availability() {
  Objective objective;
  objective.target = Decimal::of(0.999);
  objective.written = "99.9";
  objective.span = Period{hours{720}, std::nullopt};
  objective.burn_rates = {{AlertSeverity::page, hours{1}, minutes{5}, Decimal::of(2.0)}};
  return objective;
}

TEST(Explain, RepeatsTheArithmeticBehindAVerdict) {
  const Objective objective = availability();
  Measurement measurement;
  measurement.windows = {{minutes{5}, Missing{Doubt::no_data, "no data: NaN"}},
                         {hours{1}, Events{1'000, 20, 20}},
                         {hours{720}, Events{1'000'000, 250, 250}}};
  const std::vector<Step> expected{
      {"error budget", "1 - target", "1 - 0.999", "0.001"},
      {"bad share", "bad events / events", "250 / 1000000", "0.00025"},
      {"traffic", "events against 3 / (1 - target)", "1000000 against 3000", "enough to decide"},
      {"bad ones allowed", "(1 - target) · total", "0.001 · 1000000", "1000"},
      {"budget spent", "bad share / (1 - target)", "0.00025 / 0.001", "25 %"},
      {"budget left", "1 - spent, against the reserve", "75 % against 0 %", "enough is left"},
      {"time to exhaustion", "budget left · period / burn rate", "at the pace of the shortest long window",
       "1 d 3 h"},
      {"page row 1h/5m: factor", "budget % / 100 · period / long window", "2 / 100 · 30d / 1h", "14.4"},
      {"page row 1h/5m", "burn rate of both windows > factor",
       "20 × and cannot be told: no data: NaN against 14.4", "cannot be told"},
      {"verdict", "failed > undecided > warned > passed", "1 reason", "undecided"}};
  const std::vector<Step> steps = explain(objective, evaluate(objective, measurement));
  ASSERT_EQ(steps.size(), expected.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].what, expected[i].what);
    EXPECT_EQ(steps[i].formula, expected[i].formula);
    EXPECT_EQ(steps[i].numbers, expected[i].numbers);
    EXPECT_EQ(steps[i].result, expected[i].result);
  }
}

TEST(Explain, SaysWhatCannotBeTold) {
  const std::vector<Step> steps = explain(availability(), evaluate(availability(), Measurement{}));
  EXPECT_EQ(steps[1].result, "cannot be told: nothing was measured");
  EXPECT_EQ(steps.back().result, "undecided");
}

TEST(Explain, OfAThreshold) {
  Objective objective = availability();
  objective.target = Decimal::of(0.95);
  objective.span = Threshold{"p95_latency_ms", "500", std::chrono::seconds{0}};
  Measurement measurement;
  measurement.windows = {{std::chrono::seconds{0}, Events{100, 5, 5}}};
  const std::vector<Step> steps = explain(objective, evaluate(objective, measurement));
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(steps[3],
            (Step{"threshold", "bad share against 1 - target", "p95_latency_ms = 500 allows 0.05", "kept"}));
  EXPECT_EQ(steps[4].result, "passed");
}

}  // namespace
}  // namespace gate::slo
