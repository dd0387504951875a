#include "gate/slo/kayenta_judge.h"

#include <random>

#include <gtest/gtest.h>

#include "gate/slo/metric_score.h"
#include "tests/support/metrics.h"

namespace gate::slo {
namespace {

using test::around;
using test::kNoPoint;
using test::metric;
using test::set_of;
using Points = std::vector<double>;

MetricResult judged(const Metric& one) {
  return judge_as_kayenta(set_of({one})).metrics.front();
}

TEST(KayentaJudge, ClassifiesAsKayentaDoes) {
  struct Row {
    const char* name;
    Points control;
    Points experiment;
    Direction direction;
    MetricClass wanted;
  };
  const Row rows[] = {
      {"twice as high", around(10, 30), around(20, 30), Direction::either, MetricClass::high},
      {"half as high", around(20, 30), around(10, 30), Direction::either, MetricClass::low},
      {"an increase that nobody minds", around(10, 30), around(20, 30), Direction::decrease,
       MetricClass::pass},
      {"a decrease that nobody minds", around(20, 30), around(10, 30), Direction::increase,
       MetricClass::pass},
      {"the same points in another order", {1, 2, 3}, {3, 1, 2}, Direction::either, MetricClass::pass},
      {"one value, not as often", {4, 4, 4}, {4, 4}, Direction::either, MetricClass::pass},
      {"constant sides, higher", {1, 1, 1}, {2, 2, 2}, Direction::increase, MetricClass::high},
      {"constant sides, lower by next to nothing",
       {2e-9, 2e-9},
       {1e-9, 1e-9},
       Direction::either,
       MetricClass::low},
      {"constant sides, higher than zero", {0, 0, 0}, {1e-12, 1e-12}, Direction::either, MetricClass::high},
      {"constant sides, of negative numbers", {-2, -2}, {-1, -1}, Direction::either, MetricClass::pass},
      {"one point each", {1}, {2}, Direction::either, MetricClass::high},
      // What users complained of: these rules pass it, and so does this judge.
      {"errors where there were none",
       {0, 0, 0, 0, 0, 0},
       {0, 1, 2, 1, 0, 0},
       Direction::increase,
       MetricClass::pass},
      {"seven of ten at a hundred times",
       {9, 9.2, 9.4, 9.6, 9.8, 10, 10.2, 10.4, 10.6, 10.8},
       {1000, 1010, 1020, 1030, 1040, 1050, 1060, 9.1, 9.3, 9.5},
       Direction::increase,
       MetricClass::pass},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.direction = row.direction;
    EXPECT_EQ(judged(one).classification, row.wanted) << judged(one).reason;
  }
}

TEST(KayentaJudge, ToleratesAShareOfTheEstimate) {
  // Differences from 8 to 12 around 10: the interval starts above a quarter of the estimate, not above nine
  // tenths.
  Metric one = metric("m", around(100, 30), around(110, 30));
  EXPECT_EQ(judged(one).classification, MetricClass::high);
  one.tolerance = 0.9;
  EXPECT_EQ(judged(one).classification, MetricClass::pass);
}

TEST(KayentaJudge, KnowsNoDataInItsOwnWay) {
  struct Row {
    const char* name;
    Points control;
    Points experiment;
    NanStrategy strategy;
    bool must_have_data;
    bool critical;
    MetricClass wanted;
    bool doubted;
    bool lacking;
  };
  const Row rows[] = {
      {"one side", {1, 2}, {}, NanStrategy::remove, false, false, MetricClass::nodata, true, false},
      {"one side, required",
       {1, 2},
       {kNoPoint},
       NanStrategy::remove,
       true,
       false,
       MetricClass::nodata_fail,
       false,
       true},
      {"one side, required and critical",
       {1, 2},
       {},
       NanStrategy::remove,
       true,
       true,
       MetricClass::nodata,
       false,
       true},
      {"one side, replaced", {1, 2}, {}, NanStrategy::replace, false, false, MetricClass::pass, true, false},
      {"one side, replaced and required",
       {1, 2},
       {},
       NanStrategy::replace,
       true,
       false,
       MetricClass::pass,
       false,
       true},
      {"missing points of one side, replaced", around(10, 30), Points(30, kNoPoint), NanStrategy::replace,
       false, false, MetricClass::low, true, false},
      {"both sides", {}, {}, NanStrategy::remove, false, false, MetricClass::nodata, true, false},
      {"both sides, replaced", {}, {}, NanStrategy::replace, false, false, MetricClass::pass, true, false},
      {"only missing points, replaced",
       {kNoPoint},
       {kNoPoint},
       NanStrategy::replace,
       false,
       false,
       MetricClass::pass,
       true,
       false},
      {"some missing points, replaced",
       {kNoPoint, 1},
       {0, 1},
       NanStrategy::replace,
       false,
       false,
       MetricClass::pass,
       false,
       false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.nan_strategy = row.strategy;
    one.must_have_data = row.must_have_data;
    one.critical = row.critical;
    const MetricResult result = judged(one);
    EXPECT_EQ(result.classification, row.wanted);
    EXPECT_EQ(result.doubt.has_value(), row.doubted) << result.reason;
    EXPECT_EQ(result.lacks_required_data, row.lacking);
    EXPECT_EQ(result.critical, row.critical);
  }
}

TEST(KayentaJudge, HoldsTheEffectAgainstItsLimits) {
  struct Row {
    const char* name;
    Points control;
    Points experiment;
    EffectSize limits;
    MetricClass wanted;
    bool critical;
  };
  const Row rows[] = {
      {"1.2 is at least 1.1",
       around(10, 30),
       around(12, 30),
       {EffectMeasure::mean_ratio, 1.1, {}, {}, {}},
       MetricClass::high,
       true},
      {"1.2 is below 1.3",
       around(10, 30),
       around(12, 30),
       {EffectMeasure::mean_ratio, 1.3, {}, {}, {}},
       MetricClass::pass,
       false},
      {"high, but not critically",
       around(10, 30),
       around(12, 30),
       {EffectMeasure::mean_ratio, 1.1, {}, 1.5, {}},
       MetricClass::high,
       false},
      {"0.5 is at most 0.8",
       around(10, 30),
       around(5, 30),
       {EffectMeasure::mean_ratio, {}, 0.8, {}, 0.6},
       MetricClass::low,
       true},
      {"0.5 is above 0.4",
       around(10, 30),
       around(5, 30),
       {EffectMeasure::mean_ratio, {}, 0.4, {}, {}},
       MetricClass::pass,
       false},
      {"no ratio to zero, which excuses nothing",
       Points(30, 0),
       around(5, 30),
       {EffectMeasure::mean_ratio, 9, {}, 9, {}},
       MetricClass::high,
       true},
      {"every pair",
       around(10, 30),
       around(20, 30),
       {EffectMeasure::cles, 1, {}, {}, {}},
       MetricClass::high,
       true},
      {"no pair", around(10, 30), around(5, 30), {EffectMeasure::cles, {}, 0, {}, 0}, MetricClass::low, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.critical = true;
    one.effect_size = row.limits;
    EXPECT_EQ(judged(one).classification, row.wanted);
    EXPECT_EQ(judged(one).critical, row.critical);
  }
  Metric pairs = metric("m", {1, 2}, {2, 3});
  pairs.effect_size.measure = EffectMeasure::cles;
  EXPECT_EQ(judged(pairs).effect_size, 3.5 / 4);
  EXPECT_EQ(judged(metric("m", {1, 3}, {4, 5})).effect_size, 2.25);
}

TEST(KayentaJudge, RemovesOutliersWhereAskedTo) {
  Points spoilt = around(10, 30);
  spoilt.push_back(1e6);
  Metric one = metric("m", around(10, 30), spoilt);
  EXPECT_EQ(judged(one).experiment_points, 31U);
  one.outliers = Outliers::remove;
  EXPECT_EQ(judged(one).experiment_points, 30U);
  EXPECT_EQ(judged(one).reason, "both sides are alike");
}

// Kayenta's roots stop at an absolute 1e-4: the same data in another unit got another verdict.
TEST(KayentaJudge, SaysTheSameInEveryUnit) {
  std::mt19937_64 random{9};
  std::gamma_distribution<double> errors{2.0, 1e-3};
  for (int round = 0; round < 100; ++round) {
    Points control(40);
    Points experiment(40);
    for (double& point : control) point = errors(random);
    for (double& point : experiment) point = errors(random) * (round % 2 == 0 ? 3 : 1);
    const MetricClass usual = judged(metric("m", control, experiment)).classification;
    for (const double unit : {0x1p-10, 0x1p30}) {
      for (double& point : control) point *= unit;
      for (double& point : experiment) point *= unit;
      EXPECT_EQ(judged(metric("m", control, experiment)).classification, usual) << unit;
    }
  }
}

Metric passing(std::string name, std::string group) {
  Metric one = metric(std::move(name), {1, 2, 3}, {1, 2, 3});
  one.group = std::move(group);
  return one;
}

Metric rising(std::string name, std::string group) {
  Metric one = metric(std::move(name), around(10, 20), around(20, 20));
  one.group = std::move(group);
  return one;
}

Metric absent(std::string name, std::string group) {
  Metric one = metric(std::move(name), {}, {});
  one.group = std::move(group);
  return one;
}

TEST(KayentaJudge, AddsGroupsUpByWeight) {
  struct Row {
    const char* name;
    std::vector<Metric> metrics;
    std::map<std::string, double> weights;
    double score;
    MetricOutcome outcome;
  };
  Metric critical = rising("c", "a");
  critical.critical = true;
  Metric critical_absent = absent("c", "a");
  critical_absent.critical = true;
  const Row rows[] = {
      {"all pass", {passing("a", "a"), passing("b", "b")}, {}, 100, MetricOutcome::passed},
      {"a third of one group",
       {passing("a", "a"), passing("b", "a"), rising("c", "a")},
       {},
       66.67,
       MetricOutcome::failed},
      {"the others share what is left",
       {passing("a", "a"), rising("b", "b"), passing("c", "c")},
       {{"a", 60}},
       80,
       MetricOutcome::marginal},
      {"weights need not reach 100", {passing("a", "a")}, {{"a", 50}}, 50, MetricOutcome::failed},
      {"without data it is left out",
       {passing("a", "a"), passing("b", "a"), absent("c", "a")},
       {},
       100,
       MetricOutcome::passed},
      {"a group without data counts as 100",
       {passing("a", "a"), passing("b", "a"), absent("c", "b")},
       {},
       100,
       MetricOutcome::passed},
      {"half of them without data", {passing("a", "a"), absent("b", "a")}, {}, 0, MetricOutcome::failed},
      {"a critical one",
       {passing("a", "a"), passing("b", "a"), critical},
       {{"a", 100}},
       0,
       MetricOutcome::failed},
      {"a critical one without data",
       {passing("a", "a"), passing("b", "a"), critical_absent},
       {},
       0,
       MetricOutcome::failed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    MetricSet set = set_of(row.metrics);
    set.group_weights = row.weights;
    const Judgement judgement = judge_as_kayenta(set);
    EXPECT_EQ(judgement.score, row.score);
    EXPECT_EQ(judgement.outcome, row.outcome);
    EXPECT_NE(judgement.reason, "");
  }
}

TEST(KayentaJudge, DoubtsWhatItLeavesOut) {
  Metric half = metric("half", {1, 2}, {});
  for (const char* group : {"a", "b"}) {
    half.group = group;
    const Judgement judgement = judge_as_kayenta(set_of({passing("a", "a"), passing("c", "a"), half}));
    EXPECT_EQ(judgement.score, 100);
    EXPECT_EQ(judgement.outcome, MetricOutcome::passed);
    ASSERT_TRUE(judgement.metrics[2].doubt);
    EXPECT_EQ(judgement.metrics[2].doubt->doubt, Doubt::no_data);
    EXPECT_EQ(judgement.metrics[2].doubt->message, "the experiment has no data");
  }
}

TEST(KayentaJudge, FailsWithoutRequiredDataWhateverTheScore) {
  Metric required = absent("r", "a");
  required.must_have_data = true;
  MetricSet set = set_of({required});
  for (int i = 0; i < 30; ++i)
    set.metrics.push_back(passing(std::string(1, static_cast<char>('A' + i)), "a"));
  const Judgement judgement = judge_as_kayenta(set);
  EXPECT_EQ(judgement.score, 96.77);
  EXPECT_EQ(judgement.outcome, MetricOutcome::failed);
  EXPECT_EQ(judgement.reason, "required metric r has no data");
}

TEST(KayentaJudge, FailsForACriticalMetricHoweverLowTheThresholds) {
  Metric critical = rising("c", "a");
  critical.critical = true;
  MetricSet set = set_of({passing("a", "a"), critical});
  set.thresholds = {1, 0};
  EXPECT_EQ(judge_as_kayenta(set).outcome, MetricOutcome::failed);
}

TEST(KayentaJudge, CautionsWhereMostPointsAreMissing) {
  Points thin = around(10, 9);
  thin.resize(20, kNoPoint);
  Metric one = metric("m", thin, around(10, 20));
  EXPECT_EQ(judged(one).caution, "11 of 20 points of the control have no number and are left out");
  one.nan_strategy = NanStrategy::replace;
  one.experiment = thin;
  EXPECT_EQ(judged(one).caution,
            "11 of 20 points of the control have no number and count as 0; "
            "11 of 20 points of the experiment have no number and count as 0");
  thin[10] = 10;
  EXPECT_EQ(judged(metric("m", thin, around(10, 20))).caution, "");
}

TEST(RoundedScore, RoundsTheDigitsAndNotTheDouble) {
  struct Row {
    double score;
    double wanted;
  };
  const Row rows[] = {{1.005, 1.01}, {1.004999, 1}, {200.0 / 3, 66.67}, {0, 0},
                      {100, 100},    {99.995, 100}, {1e-9, 0}};
  for (const Row& row : rows) EXPECT_EQ(rounded_score(row.score), row.wanted) << row.score;
}

TEST(OutcomeOf, TakesTheLimitAsReached) {
  const ScoreThresholds thresholds{95, 75};
  EXPECT_EQ(outcome_of(95, thresholds), MetricOutcome::passed);
  EXPECT_EQ(outcome_of(94.99, thresholds), MetricOutcome::marginal);
  EXPECT_EQ(outcome_of(75, thresholds), MetricOutcome::marginal);
  EXPECT_EQ(outcome_of(74.99, thresholds), MetricOutcome::failed);
}

}  // namespace
}  // namespace gate::slo
