#include "gate/load/compare_json.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "gate/load/compare_criteria.h"

namespace gate::load {
namespace {

using slo::Criterion;
using slo::Metric;

std::string error_of(const std::string& text) {
  const auto set = metric_set_from_json(text, "m.json");
  return set ? "no error" : set.error().message;
}

std::string with(const std::string& member) {
  return "{\"metrics\": [{\"name\": \"a\", \"control\": [1], \"experiment\": [2], " + member + "}]}";
}

std::string beside(const std::string& member) {
  return "{\"metrics\": [{\"name\": \"a\", \"control\": [1], \"experiment\": [2]}], " + member + "}";
}

TEST(MetricSetFromJson, SaysWhereItIsWrong) {
  struct Row {
    const char* name;
    std::string text;
    const char* error;
  };
  const Row rows[] = {
      {"no JSON", "{", "m.json:1:2: unexpected end of the document"},
      {"nothing", "", "m.json:1:1: the document is empty"},
      {"no object", "[]", "m.json:1:1: an object is wanted"},
      {"no metrics", "{}", "m.json:1:1: metrics: is missing"},
      {"metrics of another type", "{\"metrics\": {}}", "m.json:1:13: metrics: an array is wanted"},
      {"a metric of another type", "{\"metrics\": [\n  7]}", "m.json:2:3: an object is wanted"},
      {"no points", "{\"metrics\": [{\"name\": \"a\", \"control\": []}]}",
       "m.json:1:14: experiment: is missing"},
      {"an unknown key", with("\"tolerence\": 0.25"),
       "m.json:1:63: unknown key \"tolerence\" (did you mean \"tolerance\"?)"},
      {"an unknown key at the top", beside("\"treshold\": {}"),
       "m.json:1:65: unknown key \"treshold\" (did you mean \"thresholds\"?)"},
      {"an unknown strategy", with("\"nan_strategy\": \"replacee\""),
       "m.json:1:79: nan_strategy: \"replacee\" is not one of remove, replace (did you mean \"replace\"?)"},
      {"a string for a flag", with("\"critical\": \"true\""),
       "m.json:1:75: critical: true or false is wanted"},
      {"a number for a name", "{\"metrics\": [{\"name\": 1, \"control\": [], \"experiment\": []}]}",
       "m.json:1:23: name: a string is wanted"},
      {"an empty name", "{\"metrics\": [{\"name\": \"\", \"control\": [], \"experiment\": []}]}",
       "m.json:1:23: name: it has 1 to 200 bytes"},
      {"two of a name",
       "{\"metrics\": [{\"name\": \"a\", \"control\": [], \"experiment\": []},\n{\"name\": \"a\", "
       "\"control\": [], \"experiment\": []}]}",
       "m.json:2:10: a second metric \"a\""},
      {"a point that is none",
       "{\"metrics\": [{\"name\": \"a\", \"control\": [1, null, \"2\"], \"experiment\": []}]}",
       "m.json:1:49: control: a number or null is wanted"},
      {"a point beyond a double",
       "{\"metrics\": [{\"name\": \"a\", \"control\": [1, 1e309], \"experiment\": []}]}",
       "m.json:1:43: control: the number is beyond what a double holds"},
      {"a point too small for a double",
       "{\"metrics\": [{\"name\": \"a\", \"control\": [1e-400], \"experiment\": []}]}",
       "m.json:1:40: control: the number is beyond what a double holds"},
      {"NaN", "{\"metrics\": [{\"name\": \"a\", \"control\": [NaN], \"experiment\": []}]}",
       "m.json:1:40: unexpected character 'N'"},
      {"a tolerance below 0", with("\"tolerance\": -0.1"),
       "m.json:1:76: tolerance: a number from 0 is wanted"},
      {"a level of 1", with("\"confidence_level\": 1"),
       "m.json:1:83: confidence_level: it lies above 0 and below 1"},
      {"a level in percent", with("\"confidence_level\": 98"),
       "m.json:1:83: confidence_level: a number from 0 to 1 is wanted"},
      {"a share of pairs above 1",
       with("\"effect_size\": {\"measure\": \"cles\", \"allowed_increase\": 1.1}"),
       "m.json:1:118: allowed_increase: a number from 0 to 1 is wanted"},
      {"an effect size of another type", with("\"effect_size\": 1"),
       "m.json:1:78: effect_size: an object is wanted"},
      {"no criteria", with("\"criteria\": {\"pass\": []}"), "m.json:1:84: pass: no criteria"},
      {"an empty set", with("\"criteria\": {\"pass\": [[]]}"),
       "m.json:1:85: a set is an array of criteria, and not empty"},
      {"criteria without pass", with("\"criteria\": {\"warning\": [\"<1\"]}"),
       "m.json:1:75: pass: is missing"},
      {"sets and criteria", with("\"criteria\": {\"pass\": [[\"<1\"], \"<2\"]}"),
       "m.json:1:93: a set is an array of criteria, and not empty"},
      {"a criterion that is none", with("\"criteria\": {\"pass\": [[\"<1\", \"less\"]]}"),
       "m.json:1:92: \"less\" is no criterion: write an operator and a number, \"<=+10%\" or \"<600\""},
      {"a criterion beyond a double", with("\"criteria\": {\"pass\": [\"<=+1e400%\"]}"),
       "m.json:1:85: \"<=+1e400%\": the number is beyond what a double holds"},
      {"a criterion next to zero", with("\"criteria\": {\"pass\": [\"<1e-400\"]}"),
       "m.json:1:85: \"<1e-400\": the number is beyond what a double holds"},
      {"a score of 0 that passes", beside("\"total_score\": {\"pass\": 0}"),
       "m.json:1:89: pass: it lies above 0: every score would reach it"},
      {"a threshold of 0 that passes", beside("\"thresholds\": {\"pass\": 0, \"marginal\": 0}"),
       "m.json:1:88: pass: it lies above 0: every score would reach it"},
      {"a criterion that is a number", with("\"criteria\": {\"pass\": [1]}"),
       "m.json:1:85: a criterion is a string, like \"<=+10%\""},
      {"a weight of no group", beside("\"group_weights\": {\"b\": 10}"),
       "m.json:1:88: b: no metric is in that group"},
      {"weights above 100", "{\"metrics\": [], \"group_weights\": {\"a\": 101}}",
       "m.json:1:40: a: a number from 0 to 100 is wanted"},
      {"weights above 100 together",
       R"({"metrics": [{"name": "a", "group": "x", "control": [], "experiment": []},
{"name": "b", "group": "y", "control": [], "experiment": []}],
"group_weights": {"x": 60, "y": 40.5}})",
       "m.json:3:18: the weights are 100.5 together, more than 100"},
      {"no weight at all", beside("\"group_weights\": {\"default\": 0}"),
       "m.json:1:82: every group weighs 0"},
      {"limits the wrong way round", beside("\"thresholds\": {\"pass\": 50, \"marginal\": 75}"),
       "m.json:1:79: marginal is 75, above pass, 50"},
      {"a key twice", "{\"metrics\": [], \"metrics\": []}", "m.json:1:17: duplicate key \"metrics\""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(error_of(row.text), row.error);
  }
}

TEST(MetricSetFromJson, TakesKayentasDefaults) {
  const auto set = metric_set_from_json(R"({"metrics": [
  {"name": "latency", "control": [1, null, 2.5], "experiment": [9007199254740993, -1e308, 5e-324]}]})",
                                        "m.json");
  ASSERT_TRUE(set) << set.error().message;
  Metric wanted;
  wanted.name = "latency";
  wanted.origin = {"m.json", 2, 3};
  Metric got = set->metrics.front();
  ASSERT_EQ(got.control.size(), 3U);
  EXPECT_TRUE(std::isnan(got.control[1]));
  EXPECT_EQ(got.control[2], 2.5);
  EXPECT_EQ(got.experiment, (std::vector<double>{9007199254740992, -1e308, 5e-324}));
  got.control.clear();
  got.experiment.clear();
  EXPECT_EQ(got, wanted);
  EXPECT_EQ(got.tolerance, 0.25);
  EXPECT_EQ(got.confidence_level, 0.98);
  EXPECT_EQ(set->thresholds, (slo::ScoreThresholds{95, 75}));
  EXPECT_EQ(set->total_score, (slo::TotalScore{90, 75}));
}

TEST(MetricSetFromJson, ReadsEverySetting) {
  const auto set = metric_set_from_json(R"({"metrics": [{
    "name": "errors", "group": "quality", "direction": "increase", "critical": true, "must_have_data": true,
    "nan_strategy": "replace", "outliers": "remove", "tolerance": 0.1, "confidence_level": 0.95,
    "effect_size": {"measure": "cles", "allowed_increase": 0.6, "allowed_decrease": 0.4,
                    "critical_increase": 0.7, "critical_decrease": 0.3},
    "criteria": {"pass": [["<=+10%", "<600"], ["<500"]], "warning": ["<=800"]}, "weight": 2, "key_sli": true,
    "aggregate": "p90", "control": [], "experiment": []}],
    "group_weights": {"quality": 40}, "thresholds": {"pass": 90, "marginal": 50},
    "total_score": {"pass": 80, "warning": 60}})",
                                        "m.json");
  ASSERT_TRUE(set) << set.error().message;
  const Metric& metric = set->metrics.front();
  EXPECT_EQ(metric.group, "quality");
  EXPECT_EQ(metric.direction, slo::Direction::increase);
  EXPECT_TRUE(metric.critical && metric.must_have_data && metric.key_sli);
  EXPECT_EQ(metric.nan_strategy, slo::NanStrategy::replace);
  EXPECT_EQ(metric.outliers, slo::Outliers::remove);
  EXPECT_EQ(metric.tolerance, 0.1);
  EXPECT_EQ(metric.confidence_level, 0.95);
  EXPECT_EQ(metric.effect_size, (slo::EffectSize{slo::EffectMeasure::cles, 0.6, 0.4, 0.7, 0.3}));
  ASSERT_EQ(metric.pass.size(), 2U);
  EXPECT_EQ(metric.pass[0].size(), 2U);
  EXPECT_EQ(metric.pass[1].front().written, "<500");
  ASSERT_EQ(metric.warning.size(), 1U);
  EXPECT_EQ(metric.weight, Decimal::of(std::int64_t{2}));
  EXPECT_EQ(metric.aggregate, slo::Aggregate::p90);
  EXPECT_EQ(set->group_weights, (std::map<std::string, double>{{"quality", 40}}));
  EXPECT_EQ(set->thresholds, (slo::ScoreThresholds{90, 50}));
  EXPECT_EQ(set->total_score, (slo::TotalScore{80, 60}));
}

TEST(MetricSetFromJson, LowersTheOtherLimitWithTheOneThatIsGiven) {
  const auto set = metric_set_from_json(R"({"metrics": [], "thresholds": {"pass": 50}})", "m.json");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->thresholds, (slo::ScoreThresholds{50, 50}));
  EXPECT_EQ(error_of(R"({"metrics": [], "thresholds": {"marginal": 96}})"),
            "m.json:1:31: marginal is 96, above pass, 95");
}

TEST(ParseCriterion, ReadsKeptnsGrammar) {
  struct Row {
    const char* text;
    Criterion::Op op;
    Criterion::Base base;
    const char* number;
  };
  using Op = Criterion::Op;
  using Base = Criterion::Base;
  const Row rows[] = {
      {"<=+10%", Op::less_or_equal, Base::percent, "10"},  {"<600", Op::less, Base::absolute, "600"},
      {"<= 10 %", Op::less_or_equal, Base::percent, "10"}, {">=-5", Op::greater_or_equal, Base::offset, "-5"},
      {"> -0.1%", Op::greater, Base::percent, "-0.1"},     {"=0", Op::equal, Base::absolute, "0"},
      {" < +1e2 ", Op::less, Base::offset, "100"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto criterion = parse_criterion(row.text);
    ASSERT_TRUE(criterion);
    EXPECT_EQ(criterion->op, row.op);
    EXPECT_EQ(criterion->base, row.base);
    EXPECT_EQ(criterion->number, *Decimal::parse(row.number));
  }
  for (const char* text :
       {"", "<", "10", "=>10", "<+-10", "<--10", "<10%%", "<%", "<+", "<1.", "<0x1", "<NaN", "<1 0"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(parse_criterion(text));
  }
  EXPECT_FALSE(parse_criterion("<" + std::string(100, '1')));
}

}  // namespace
}  // namespace gate::load
