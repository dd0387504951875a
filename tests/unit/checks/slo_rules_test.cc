#include "gate/checks/slo_rules.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "gate/load/slo_toml.h"
#include "gate/render/slo_rules.h"

namespace gate::checks {
namespace {

slo::RuleFile rules_of(const std::string& objectives) {
  const auto set = load::parse_slo_toml(
      "version = 1\n[[source]]\nname = \"p\"\nkind = \"prometheus\"\nurl = \"http://p\"\n" + objectives,
      "slo.toml");
  EXPECT_TRUE(set) << (set ? "" : set.error().message);
  return set ? make_rules(set->objectives) : slo::RuleFile{};
}

const slo::Rule& rule_named(const slo::RuleFile& file, std::string_view name, std::size_t nth = 0) {
  static const slo::Rule kNone;
  for (const slo::RuleGroup& group : file.groups) {
    for (const slo::Rule& rule : group.rules) {
      if (rule.name == name && nth-- == 0) return rule;
    }
  }
  ADD_FAILURE() << "no rule " << name;
  return kNone;
}

const std::string kCheckout =
    "[[objective]]\nname = \"checkout\"\ntarget = \"99.9\"\nperiod = \"28d\"\nbad = 'bad_total{a=\"b\"}'\n"
    "total = 'all_total'\nreserve = \"10\"\n";

TEST(MakeRules, WeighsLongWindowsByTraffic) {
  const slo::RuleFile file = rules_of(kCheckout);
  ASSERT_EQ(file.groups.size(), 3U);
  EXPECT_EQ(file.groups[0].interval,
            std::chrono::seconds{300});  // counts that neither overlap nor leave gaps
  EXPECT_EQ(rule_named(file, "slo:bad_events:increase5m").expression,
            "sum(increase(bad_total{a=\"b\"}[5m]))");
  EXPECT_EQ(rule_named(file, "slo:bad_share:ratio").expression,
            "sum(increase(bad_total{a=\"b\"}[5m])) / (sum(increase(all_total[5m])) > 0)");
  const slo::Rule& month = rule_named(file, "slo:bad_share:ratio", 7);
  EXPECT_EQ(month.expression,
            "sum_over_time(slo:bad_events:increase5m{objective=\"checkout\"}[28d]) / "
            "(sum_over_time(slo:events:increase5m{objective=\"checkout\"}[28d]) > 0)");
  for (const slo::RuleGroup& group : file.groups) {
    for (const slo::Rule& rule : group.rules) EXPECT_EQ(rule.expression.find("avg"), std::string::npos);
  }
}

TEST(MakeRules, AlertsOnBurningAndOnSilence) {
  const slo::RuleFile file = rules_of(kCheckout);
  EXPECT_EQ(rule_named(file, "SloErrorBudgetBurn").expression,
            "sum without (window) (slo:bad_share:ratio{objective=\"checkout\",window=\"1h\"}) > 0.01344 and "
            "sum without (window) (slo:bad_share:ratio{objective=\"checkout\",window=\"5m\"}) > 0.01344");
  // 13.44 · 0.001 · 1 h of outage, and two minutes of grace.
  EXPECT_EQ(rule_named(file, "SloNoData").delay, std::chrono::minutes{3});
  EXPECT_EQ(rule_named(file, "SloNoTraffic").expression, "sum(increase(all_total[1h])) == 0");
  EXPECT_EQ(rule_named(file, "SloErrorBudgetSpent").expression,
            "slo:error_budget:remaining{objective=\"checkout\"} <= 0.1");
}

TEST(MakeRules, ReadsHistogramsAtTheBound) {
  const slo::RuleFile file = rules_of(
      "[[objective]]\nname = \"fast\"\ntarget = 95\nperiod = \"7d\"\nlatency_ms = 300\nhistogram = "
      "'h_bucket{a=\"b\"}'\n");
  EXPECT_EQ(rule_named(file, "slo:bad_events:increase5m").expression,
            "clamp_min(sum(increase(h_bucket{a=\"b\",le=\"+Inf\"}[5m])) - "
            "sum(increase(h_bucket{a=\"b\",le=~\"0\\\\.3\"}[5m])), 0)");
}

TEST(MakeRules, FiresAtATotalOutageWhereTheFactorIsBeyondIt) {
  const slo::RuleFile file =
      rules_of("[[objective]]\nname = \"half\"\ntarget = 50\nperiod = \"30d\"\nbad = 'b'\ntotal = 't'\n");
  EXPECT_EQ(rule_named(file, "SloErrorBudgetBurn").expression,
            "sum without (window) (slo:bad_share:ratio{objective=\"half\",window=\"1h\"}) >= 1 and "
            "sum without (window) (slo:bad_share:ratio{objective=\"half\",window=\"5m\"}) >= 1");
}

TEST(MakeRules, SaysWhatItLeavesOut) {
  const slo::RuleFile file = rules_of(
      "[[objective]]\nname = \"limit\"\np95_latency_ms = 1\nhistogram = 'h'\n"
      "[[objective]]\nname = \"slices\"\ntarget = 99\nperiod = \"30d\"\nbad = 'b'\ntotal = 't'\n"
      "budgeting = \"ratio_timeslices\"\n");
  EXPECT_TRUE(file.groups.empty());
  EXPECT_EQ(file.skipped, (std::vector<std::string>{"limit: a threshold has no error budget to burn",
                                                    "slices: its budget is counted in slices of time"}));
  EXPECT_EQ(render::slo_rules_text(file),
            "# Written by slo-evaluate rules from the objectives: change those, not this file.\ngroups: []\n"
            "# no rules for limit: a threshold has no error budget to burn\n"
            "# no rules for slices: its budget is counted in slices of time\n");
}

TEST(MakeRules, NamesActNowhere) {
  std::string hostile = kCheckout;
  hostile.replace(hostile.find("\"checkout\""), 10, "'{{ $labels }} \"} or vector(1) # : \\'");
  const std::string text = render::slo_rules_text(rules_of(hostile));
  EXPECT_EQ(text.find("{{"), std::string::npos);
  EXPECT_NE(text.find(R"(objective: "{ { $labels }} \"} or vector(1) # : \\")"), std::string::npos) << text;
}

}  // namespace
}  // namespace gate::checks
