#include "gate/load/openslo.h"

#include <string>

#include <gtest/gtest.h>

#include "gate/slo/windows.h"
#include "tests/support/test_data.h"

namespace gate::load {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kSource =
    "apiVersion: openslo/v1\nkind: DataSource\nmetadata:\n  name: prom\nspec:\n  type: Prometheus\n"
    "  connectionDetails:\n    url: http://127.0.0.1:9090\n    token_env: TOKEN\n";

// An SLO of 30 days; `spec` goes on with more of its spec, `entry` with more of its objective.
std::string slo(const std::string& spec = "", const std::string& entry = "      target: 0.999\n") {
  return "apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: checkout\nspec:\n  service: shop\n"
         "  indicatorRef: errors\n  budgetingMethod: Occurrences\n  timeWindow:\n    - duration: 30d\n"
         "      isRolling: true\n" +
         spec + "  objectives:\n    - displayName: Good enough\n" + entry;
}

const std::string kSli =
    "apiVersion: openslo/v1\nkind: SLI\nmetadata:\n  name: errors\nspec:\n  ratioMetric:\n    counter: true\n"
    "    bad:\n      metricSource:\n        metricSourceRef: prom\n        spec:\n          query: "
    "bad_total\n"
    "    total:\n      metricSource:\n        metricSourceRef: prom\n        spec:\n          query: "
    "all_total\n";

const std::string kCondition =
    "apiVersion: openslo/v1\nkind: AlertCondition\nmetadata:\n  name: fast\nspec:\n  severity: page\n"
    "  condition:\n    kind: burnrate\n    op: gte\n    threshold: 14.4\n    lookbackWindow: 1h\n    "
    "alertAfter: 5m\n";

std::string joined(const std::vector<std::string>& documents) {
  std::string text;
  for (const std::string& document : documents) text += "---\n" + document;
  return text;
}

Result<slo::ObjectiveSet> parse(const std::string& text) {
  return parse_openslo({{"slo.yaml", text}});
}

std::string fault_in(const std::string& text) {
  const auto set = parse(text);
  return set ? "none" : set.error().message.substr(0, set.error().message.find(" (and "));
}

TEST(OpenSlo, RefusesWhatIsWrong) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "slo.yaml:1:1: there is no document"},
      {"# nothing\n---\n", "slo.yaml:1:1: there is no document"},
      {"[1]\n", "slo.yaml:1:1: expected a mapping, found an array"},
      {"---\na: 1\n---\na: [\n", "slo.yaml:5:1: did not find expected node content"},
      {"kind: SLO\n", "slo.yaml:1:1: apiVersion is missing"},
      {"apiVersion: openslo/v1alpha\nkind: Service\nmetadata: {name: a}\nspec: {}\n",
       "slo.yaml:1:13: apiVersion: unknown \"openslo/v1alpha\"; known are openslo/v1"},
      {"apiVersion: openslo/v1\nkind: Slo\nmetadata: {name: a}\nspec: {}\n",
       "slo.yaml:2:7: kind: unknown \"Slo\"; known are SLO, SLI, DataSource, "
       "AlertPolicy, "
       "AlertCondition, AlertNotificationTarget, Service"},
      {"apiVersion: openslo/v1\nkind: Service\nmetadata: {nam: a}\nspec: {}\n",
       "slo.yaml:3:11: name is missing"},
      {"apiVersion: openslo/v1\nkind: Service\nmetadata: {name: a}\nspec: {descripton: x}\n",
       "slo.yaml:4:8: unknown key \"descripton\" (did you mean \"description\"?)"},
      {joined({kSource, kSli, slo("  budgetMethod: x\n")}),
       "slo.yaml:41:3: unknown key \"budgetMethod\" (did you mean \"budgetingMethod\"?)"},
      {joined({kSource, slo()}), "slo.yaml:18:17: indicatorRef: no SLI is called \"errors\""},
      {joined({kSli, slo()}), "slo.yaml:11:26: metricSourceRef: no DataSource is called \"prom\""},
      {joined({kSource, kSource}), "slo.yaml:15:9: name: \"prom\" is taken by the DataSource at slo.yaml:5"},
      {joined({kSource, kSli, slo("", "      target: 1.0\n")}),
       "slo.yaml:43:15: target: expected a share above 0 and below 1, such as 0.999"},
      {joined({kSource, kSli, slo("", "      target: 0\n")}),
       "slo.yaml:43:15: target: expected a share above 0 and below 1, such as 0.999"},
      {joined({kSource, kSli, slo("", "      targetPercent: 99\n      target: 0.99\n")}),
       "slo.yaml:42:7: either target or targetPercent must be given"},
      {joined({kSource, kSli, slo("", "      target: 0.9\n      compositeWeight: 2\n")}),
       "slo.yaml:44:24: compositeWeight: composite objectives are not read"},
      {joined({kSource, kSli, slo("  alertPolicies:\n    - alertPolicyRef: nobody\n")}),
       "slo.yaml:42:23: alertPolicyRef: no AlertPolicy is called \"nobody\""},
      {joined({"apiVersion: openslo/v1\nkind: AlertCondition\nmetadata: {name: a}\nspec:\n  severity: page\n"
               "  condition: {kind: burnrate, op: gt, threshold: 2, lookbackWindow: 1x}\n"}),
       "slo.yaml:7:69: lookbackWindow: \"1x\" is not a duration such as \"5m\", \"1h\", \"30d\", \"4w\", "
       "\"1M\", \"1Q\" "
       "or \"1Y\""},
      {joined({"apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: a}\nspec:\n  type: prometheus\n"}),
       "slo.yaml:6:3: url is missing"},
      {joined({"apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: a}\nspec: {}\n"}),
       "slo.yaml:5:7: either ratioMetric or thresholdMetric must be given"},
  };
  for (const auto& [text, message] : rows) EXPECT_EQ(fault_in(text), message) << text;
}

TEST(OpenSlo, ResolvesReferencesAcrossDocumentsAndFiles) {
  const std::string policy =
      "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata:\n  name: paging\nspec:\n  alertWhenBreaching: "
      "false\n"
      "  alertWhenNoData: false\n  conditions:\n    - conditionRef: fast\n  notificationTargets:\n    - "
      "targetRef: x\n";
  const auto set = parse_openslo({{"slo.yaml", slo("  alertPolicies:\n    - alertPolicyRef: paging\n")},
                                  {"rest.yaml", joined({kSource, kSli, policy, kCondition})}});
  ASSERT_TRUE(set) << set.error().message;
  ASSERT_EQ(set->objectives.size(), 1U);
  const slo::Objective& objective = set->objectives[0];
  EXPECT_EQ(objective.name, "checkout");
  EXPECT_EQ(objective.service, "shop");
  EXPECT_EQ(objective.source, "prom");
  EXPECT_EQ(objective.sli, slo::Sli(slo::RatioSli{"", "bad_total", "all_total"}));
  EXPECT_EQ(objective.target.to_string(), "0.999");
  EXPECT_EQ(objective.written, "99.9");
  EXPECT_EQ(objective.origin, (slo::Origin{"slo.yaml", 15, 7}));
  ASSERT_EQ(objective.burn_rates->size(), 1U);
  const slo::BurnRateRow& row = objective.burn_rates->front();
  EXPECT_EQ(row.long_window, hours{1});
  EXPECT_EQ(row.short_window, minutes{5});
  EXPECT_EQ(slo::burn_rate_factor(row, hours{720}), 14.4);
  EXPECT_TRUE(row.inclusive);
  EXPECT_EQ(row.severity, slo::AlertSeverity::page);
  ASSERT_EQ(set->sources.size(), 1U);
  EXPECT_EQ(std::get<slo::PrometheusSource>(set->sources[0].settings).token_env, "TOKEN");
}

TEST(OpenSlo, ReadsWhatIsInlined) {
  const std::string text =
      slo("  alertPolicies:\n    - kind: AlertPolicy\n      metadata: {name: p}\n      spec:\n        "
          "conditions:\n"
          "          - kind: AlertCondition\n            metadata: {name: c}\n            spec:\n"
          "              severity: ticket\n              condition: {kind: burnrate, op: lte, threshold: 2, "
          "lookbackWindow: 6h, alertAfter: 0m}\n");
  const auto set = parse(joined({kSource, kSli, text}));
  ASSERT_TRUE(set) << set.error().message;
  const slo::BurnRateRow& row = set->objectives.at(0).burn_rates->at(0);
  EXPECT_EQ(row.severity, slo::AlertSeverity::ticket);
  EXPECT_EQ(row.short_window, minutes{30});
  EXPECT_FALSE(row.inclusive);
}

TEST(OpenSlo, MakesOneObjectiveOfEachEntry) {
  const auto set = parse(
      joined({kSource, kSli,
              slo("",
                  "      target: 0.999\n    - displayName: \"Good, enough!\"\n      targetPercent: 99.95\n"
                  "    - target: 0.9\n")}));
  ASSERT_TRUE(set) << set.error().message;
  ASSERT_EQ(set->objectives.size(), 3U);
  EXPECT_EQ(set->objectives[0].name, "checkout/good-enough");
  EXPECT_EQ(set->objectives[1].name, "checkout/good-enough-2");
  EXPECT_EQ(set->objectives[2].name, "checkout/3");
  EXPECT_EQ(set->objectives[1].target.to_string(), "0.9995");
}

TEST(OpenSlo, ReadsThresholdAndRawMetrics) {
  const std::string source = "        metricSourceRef: prom\n        spec: {query: q}\n";
  const std::string head = "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: errors}\nspec:\n";
  const std::string threshold = head + "  thresholdMetric:\n      metricSource:\n" + source;
  const auto with_op = "      op: lte\n      value: 0.25\n      target: 0.9\n";
  const auto set = parse(joined({kSource, threshold, slo("", with_op)}));
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->objectives.at(0).sli,
            slo::Sli(slo::ThresholdSli{"q", slo::Comparison::less_or_equal, Decimal::of(0.25)}));
  EXPECT_EQ(fault_in(joined({kSource, threshold, slo()})), "slo.yaml:33:7: op is missing");
  const std::string raw =
      head + "  ratioMetric:\n    rawType: failure\n    raw:\n      metricSource:\n" + source;
  const auto ratio = parse(joined({kSource, raw, slo()}));
  ASSERT_TRUE(ratio) << ratio.error().message;
  EXPECT_EQ(ratio->objectives.at(0).sli, slo::Sli(slo::RawRatioSli{"q", false}));
}

// What the specification's authors publish.
TEST(OpenSlo, ReadsTheExamplesOfItsAuthors) {
  REQUIRE_TEST_DATA(folder, "slo/openslo-examples/examples");
  const auto read = [&](const char* file) {
    const auto set = parse(test::contents_of(folder / file));
    EXPECT_TRUE(set) << file << ": " << (set ? "" : set.error().message);
    return set ? *set : slo::ObjectiveSet{};
  };
  const slo::ObjectiveSet latency = read("budgeting-method/occurences-slo.yaml");
  ASSERT_EQ(latency.objectives.size(), 1U);
  EXPECT_EQ(slo::budget_window(latency.objectives[0]), hours{14 * 24});
  EXPECT_FALSE(latency.objectives[0].burn_rates);
  EXPECT_EQ(std::get<slo::UnsupportedSource>(latency.sources.at(0).settings).type, "Any");

  const slo::ObjectiveSet ratio = read("budgeting-method/ratio-timeslices.yaml");
  ASSERT_EQ(ratio.objectives.size(), 1U);
  EXPECT_EQ(ratio.objectives[0].budgeting, slo::Budgeting::ratio_timeslices);
  EXPECT_EQ(ratio.objectives[0].slice, minutes{1});

  const slo::ObjectiveSet slices = read("budgeting-method/timeslices-slo.yaml");
  ASSERT_EQ(slices.objectives.size(), 2U);
  EXPECT_EQ(slices.objectives[0].name, "service-availability/internal-objective");
  EXPECT_EQ(slices.objectives[1].name, "service-availability/sla");
  const auto& month = std::get<slo::Period>(slices.objectives[0].span);
  EXPECT_EQ(month.calendar->unit, slo::Calendar::Unit::month);  // 1m of a calendar: never a minute
  EXPECT_EQ(month.calendar->time_zone, "America/New_York");
  ASSERT_EQ(slices.remarks.size(), 1U);
  EXPECT_EQ(slices.remarks[0].origin.line, 27U);

  const slo::ObjectiveSet week = read("treat-low-traffic-as-equally-important/timeslices-slo.yaml");
  ASSERT_EQ(week.objectives.size(), 1U);
  EXPECT_EQ(week.objectives[0].target.to_string(), "0.9995");
  EXPECT_EQ(std::get<slo::Period>(week.objectives[0].span).calendar->unit, slo::Calendar::Unit::week);
}

}  // namespace
}  // namespace gate::load
