#include "gate/slo/mann_whitney_judge.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/support/metrics.h"

namespace gate::slo {
namespace {

using test::around;
using test::kNoPoint;
using test::metric;
using test::set_of;
using Points = std::vector<double>;

MetricResult judged(const Metric& one) {
  return judge_by_mann_whitney(set_of({one})).metrics.front();
}

// `rare` among `usual` points, one in `every`.
Points mixed(const Points& usual, double rare, std::size_t every) {
  Points points = usual;
  for (std::size_t i = 0; i < points.size(); i += every) points[i] *= rare;
  return points;
}

TEST(MannWhitneyJudge, SeesWhatUsersMissedElsewhere) {
  struct Row {
    const char* name;
    Points control;
    Points experiment;
    Direction direction;
    MetricClass wanted;
  };
  Points scattered = around(100, 40);
  for (double& point : scattered) point = 100 + (point - 100) * 8;
  Points with_errors(60, 0);
  for (std::size_t i = 0; i < 60; i += 4) with_errors[i] = 1;
  const Row rows[] = {
      {"seven of ten at a hundred times",
       {9, 9.2, 9.4, 9.6, 9.8, 10, 10.2, 10.4, 10.6, 10.8},
       {1000, 1010, 1020, 1030, 1040, 1050, 1060, 9.1, 9.3, 9.5},
       Direction::increase,
       MetricClass::high},
      {"one point in six at a hundred times", around(10, 60), mixed(around(10, 60), 100, 6),
       Direction::increase, MetricClass::high},
      {"errors in a quarter where there were none", Points(60, 0), with_errors, Direction::increase,
       MetricClass::high},
      {"the same mean, eight times the spread", around(100, 40), scattered, Direction::increase,
       MetricClass::high},
      {"the same, where only a decrease is bad", around(100, 40), scattered, Direction::decrease,
       MetricClass::low},
      {"twice as high", around(10, 30), around(20, 30), Direction::either, MetricClass::high},
      {"half as high", around(20, 30), around(10, 30), Direction::either, MetricClass::low},
      {"constant sides, higher", Points(10, 3), Points(10, 4), Direction::either, MetricClass::high},
      {"negative numbers rise too", around(-20, 30), around(-10, 30), Direction::increase, MetricClass::high},
      {"a decrease that nobody minds", around(20, 30), around(10, 30), Direction::increase,
       MetricClass::pass},
      {"the same points in another order",
       {1, 2, 3, 4, 5, 6},
       {6, 1, 4, 2, 3, 5},
       Direction::either,
       MetricClass::pass},
      {"one value, not as often", Points(9, 4), Points(7, 4), Direction::either, MetricClass::pass},
      {"the same spikes on both sides", mixed(around(10, 60), 100, 6), mixed(around(10, 60), 100, 7),
       Direction::increase, MetricClass::pass},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.direction = row.direction;
    const MetricResult result = judged(one);
    EXPECT_EQ(result.classification, row.wanted) << result.reason;
    EXPECT_FALSE(result.doubt) << result.reason;
    EXPECT_NE(result.reason, "");
  }
}

TEST(MannWhitneyJudge, DoesNotSpeakWithoutData) {
  struct Row {
    const char* name;
    Points control;
    Points experiment;
    NanStrategy strategy;
    Doubt doubt;
    const char* reason;
  };
  const Row rows[] = {
      {"no control", {}, around(1, 9), NanStrategy::remove, Doubt::no_data, "the control has no data"},
      {"no experiment, whatever is replaced",
       around(1, 9),
       {},
       NanStrategy::replace,
       Doubt::no_data,
       "the experiment has no data"},
      {"zeros in the place of an experiment", around(100, 60), Points(60, kNoPoint), NanStrategy::replace,
       Doubt::no_data, "the experiment has no data"},
      {"nothing was measured", Points(9, kNoPoint), Points(9, kNoPoint), NanStrategy::replace, Doubt::no_data,
       "no point of either side has a number"},
      {"four against four",
       {1, 2, 3, 4},
       {10, 20, 30, 40},
       NanStrategy::remove,
       Doubt::low_traffic,
       "4 points against 4 cannot be told apart at 98 %: each side needs 5"},
      {"one point",
       {1},
       around(9, 90),
       NanStrategy::remove,
       Doubt::low_traffic,
       "90 points against 1 cannot be told apart at 98 %: each side needs 5"},
      {"few and alike are not a pass",
       {1, 1},
       {1, 1},
       NanStrategy::remove,
       Doubt::low_traffic,
       "2 points against 2 cannot be told apart at 98 %: each side needs 5"},
      {"errors where there were none",
       Points(6, 0),
       {0, 1, 2, 1, 0, 0},
       NanStrategy::remove,
       Doubt::low_traffic,
       "no point of the experiment is below any of the control's, but 6 points against 6 are too few to be "
       "sure, p = 0.073"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.nan_strategy = row.strategy;
    const Judgement judgement = judge_by_mann_whitney(set_of({one}));
    const MetricResult& result = judgement.metrics.front();
    EXPECT_EQ(result.classification, MetricClass::nodata);
    ASSERT_TRUE(result.doubt);
    EXPECT_EQ(result.doubt->doubt, row.doubt);
    EXPECT_EQ(result.doubt->message, row.reason);
    EXPECT_EQ(judgement.score, std::nullopt);
    EXPECT_EQ(judgement.groups.front().score, std::nullopt);
  }
}

TEST(MannWhitneyJudge, FailsWhatMustHaveData) {
  Metric one = metric("m", around(1, 9), {});
  one.must_have_data = true;
  const Judgement judgement = judge_by_mann_whitney(set_of({one, metric("n", around(1, 9), around(1, 9))}));
  EXPECT_EQ(judgement.metrics.front().classification, MetricClass::nodata_fail);
  EXPECT_FALSE(judgement.metrics.front().doubt);
  EXPECT_EQ(judgement.outcome, MetricOutcome::failed);
  EXPECT_EQ(judgement.reason, "required metric m is NodataFailMetric");
}

TEST(MannWhitneyJudge, CountsMissingPointsAsZeroWhereAskedTo) {
  Metric one = metric("m", Points(20, kNoPoint), around(5, 20));
  one.control.front() = 0;
  one.nan_strategy = NanStrategy::replace;
  EXPECT_EQ(judged(one).classification, MetricClass::high);
  EXPECT_EQ(judged(one).control_points, 20U);
  EXPECT_EQ(judged(one).caution, "19 of 20 points of the control have no number and count as 0");
}

TEST(MannWhitneyJudge, ToleratesWhatIsSmallBesideTheControl) {
  // 5 % more, in noise of 10 %: certain with so many points, and small.
  std::mt19937_64 random{4};
  std::normal_distribution<double> noise{0, 10};
  Points control(400);
  Points experiment(400);
  for (double& point : control) point = 100 + noise(random);
  for (double& point : experiment) point = 103 + noise(random);
  Metric one = metric("m", control, experiment);
  one.tolerance = 0.7;
  EXPECT_LT(judged(one).p_value, 0.01);
  EXPECT_EQ(judged(one).classification, MetricClass::pass);
  one.tolerance = 0;
  EXPECT_EQ(judged(one).classification, MetricClass::high);
}

TEST(MannWhitneyJudge, HoldsTheEffectAgainstGivenLimitsOnly) {
  struct Row {
    const char* name;
    Points control;
    Points experiment;
    EffectSize limits;
    MetricClass wanted;
    bool critical;
  };
  const Row rows[] = {
      {"no limits", around(10, 30), around(12, 30), {}, MetricClass::high, true},
      {"1.2 is below 1.3",
       around(10, 30),
       around(12, 30),
       {EffectMeasure::mean_ratio, 1.3, {}, {}, {}},
       MetricClass::pass,
       false},
      {"high, but not critically",
       around(10, 30),
       around(12, 30),
       {EffectMeasure::mean_ratio, {}, {}, 1.5, {}},
       MetricClass::high,
       false},
      {"no ratio to zero",
       Points(30, 0),
       around(5, 30),
       {EffectMeasure::mean_ratio, 9, {}, 9, {}},
       MetricClass::high,
       true},
      {"no ratio of negative numbers",
       around(-20, 30),
       around(-10, 30),
       {EffectMeasure::mean_ratio, 1.1, {}, 1.1, {}},
       MetricClass::high,
       true},
      {"every pair",
       around(10, 30),
       around(20, 30),
       {EffectMeasure::cles, 1, {}, 1, {}},
       MetricClass::high,
       true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.critical = true;
    one.effect_size = row.limits;
    EXPECT_EQ(judged(one).classification, row.wanted) << judged(one).reason;
    EXPECT_EQ(judged(one).critical, row.critical);
  }
}

TEST(MannWhitneyJudge, SeesATailThatIsRemovedAsOutliers) {
  Metric one = metric("m", around(10, 60), mixed(around(10, 60), 100, 6));
  one.outliers = Outliers::remove;
  const MetricResult result = judged(one);
  EXPECT_EQ(result.classification, MetricClass::high);
  EXPECT_EQ(result.reason,
            "10 of 60 points are above all of the control's, which reach 10.4833, p = 0.00065");
}

TEST(MannWhitneyJudge, PassesOnlyWhatExcludesADoubling) {
  const Points wide{20, 60, 100, 140, 180};
  const Points twelve{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  Points twelve_and_half = twelve;
  for (double& point : twelve_and_half) point += 0.5;
  struct Row {
    const char* name;
    Points control;
    Points experiment;
    Direction direction;
    double tolerance;
    std::optional<double> allowed_increase;
    const char* doubt;  // empty: it passes
  };
  const Row rows[] = {
      {"five points, up to thrice as high",
       wide,
       {60, 120, 200, 250, 300},
       Direction::increase,
       0.25,
       {},
       "a doubling is not excluded, p = 0.5: off by 100, between -120 and 280 at 99 %, p = 0.17"},
      {"five points, nearly the same",
       wide,
       {25, 65, 95, 145, 175},
       Direction::increase,
       0.25,
       {},
       "a doubling is not excluded, p = 0.11: off by 5, between -155 and 155 at 99 %, p = 1"},
      {"a halving, where that is bad",
       wide,
       {25, 65, 95, 145, 175},
       Direction::decrease,
       0.25,
       {},
       "a halving is not excluded, p = 0.11: off by 5, between -155 and 155 at 99 %, p = 1"},
      {"a narrow five", {95, 98, 100, 102, 105}, {96, 97, 101, 103, 104}, Direction::either, 0.25, {}, ""},
      {"what may be four times as high",
       around(100, 5),
       {50, 300, 120, 90, 350},
       Direction::increase,
       3,
       {},
       ""},
      {"the same by effect size",
       around(100, 5),
       {50, 300, 120, 90, 350},
       Direction::increase,
       0.25,
       4.0,
       ""},
      {"the same in another order",
       twelve,
       {7, 2, 12, 4, 9, 6, 1, 8, 5, 10, 11, 3},
       Direction::either,
       0.25,
       {},
       ""},
      {"a control of zeros on average",
       {-3, -2, -1, 1, 2, 3},
       {-4, -2, -1, 1, 2, 3},
       Direction::either,
       0.25,
       {},
       ""},
      {"counts that are mostly 0",
       {0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0},
       {0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0},
       Direction::increase,
       0.25,
       {},
       ""},
      {"constant sides, tolerated", Points(9, 10), Points(9, 9), Direction::increase, 0.25, {}, ""},
      {"negative numbers", around(-20, 30), around(-20.1, 30), Direction::either, 0.25, {}, ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.direction = row.direction;
    one.tolerance = row.tolerance;
    one.effect_size.allowed_increase = row.allowed_increase;
    const MetricResult result = judged(one);
    EXPECT_EQ(result.doubt ? result.doubt->message : "", row.doubt) << result.reason;
    EXPECT_EQ(result.doubt.value_or(Missing{Doubt::low_traffic, ""}).doubt, Doubt::low_traffic);
    EXPECT_EQ(result.classification, result.doubt ? MetricClass::nodata : MetricClass::pass);
  }
}

// How many of 1 000 comparisons pass: points of a normal distribution, the experiment's `factor` times as
// high.
int passes_of(std::size_t count, double spread, double factor, Direction direction) {
  std::mt19937_64 random{11};
  std::normal_distribution<double> point{1, spread};
  int passes = 0;
  for (int round = 0; round < 1'000; ++round) {
    Points control(count);
    Points experiment(count);
    for (double& one : control) one = 100 * point(random);
    for (double& one : experiment) one = 100 * factor * point(random);
    Metric one = metric("m", control, experiment);
    one.direction = direction;
    if (judged(one).classification == MetricClass::pass) ++passes;
  }
  return passes;
}

TEST(MannWhitneyJudge, HardlyEverPassesADoubling) {
  struct Row {
    std::size_t count;
    double spread;
  };
  const Row rows[] = {{5, 0.3}, {5, 0.6}, {10, 0.6}, {20, 1.0}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.count);
    EXPECT_LE(passes_of(row.count, row.spread, 2, Direction::increase), 65);  // 5 %, and chance
    EXPECT_LE(passes_of(row.count, row.spread, 0.5, Direction::decrease), 65);
  }
}

TEST(MannWhitneyJudge, NearlyAlwaysPassesWhatIsAlike) {
  EXPECT_GE(passes_of(20, 0.5, 1, Direction::increase), 960);
  EXPECT_GE(passes_of(20, 0.5, 1, Direction::either), 920);
  EXPECT_GE(passes_of(20, 0.3, 1, Direction::either), 980);
  EXPECT_GE(passes_of(30, 0.5, 1, Direction::either), 980);
  EXPECT_GE(passes_of(60, 0.5, 1, Direction::either), 980);
}

TEST(MannWhitneyJudge, SaysThatADifferenceIsTolerated) {
  Metric one = metric("m", around(100, 60), around(200, 60));
  one.tolerance = 1e6;
  const MetricResult apart = judged(one);
  EXPECT_EQ(apart.classification, MetricClass::pass);
  EXPECT_EQ(apart.caution,
            "no point of the experiment is below any of the control's: off by 99.9167, between 97.1667 and "
            "102.667 at "
            "99 %, p = 3.6e-21, within the tolerance of 1e+06");
  one = metric("m", around(100, 60), around(102, 60));
  one.tolerance = 2;
  const MetricResult overlapping = judged(one);
  EXPECT_EQ(overlapping.caution, "");
  EXPECT_EQ(overlapping.reason,
            "off by 1.99833, between 0.51 and 3.48667 at 99 %, p = 0.00077, within the tolerance of 2");
}

// 1 − confidence_level is for the whole file.
TEST(MannWhitneyJudge, SpendsItsErrorOverAllMetrics) {
  EXPECT_EQ(judged(metric("m", around(1, 9), around(2, 9))).confidence_level, 0.99);
  std::vector<Metric> metrics(10, metric("m", around(1, 9), around(2, 9)));
  metrics.push_back(metric("absent", {}, {}));
  const Judgement judgement = judge_by_mann_whitney(set_of(metrics));
  EXPECT_NEAR(*judgement.metrics.front().confidence_level, 0.999, 1e-12);
  EXPECT_EQ(points_needed(0.02), 5U);
  EXPECT_EQ(points_needed(0.002), 7U);
  EXPECT_LT(points_needed(1e-16), 60U);
}

TEST(MannWhitneyJudge, RaisesFewFalseAlarms) {
  std::mt19937_64 random{1};
  std::lognormal_distribution<double> latency{3, 1};
  std::poisson_distribution<int> errors{0.3};
  std::size_t alarms = 0;
  constexpr int kFiles = 1'000;
  for (int file = 0; file < kFiles; ++file) {
    std::vector<Metric> metrics;
    for (int i = 0; i < 4; ++i) {
      Points control(30);
      Points experiment(20);
      for (Points* side : {&control, &experiment}) {
        for (double& point : *side) point = i % 2 == 0 ? latency(random) : errors(random);
      }
      metrics.push_back(metric("m", control, experiment));
    }
    const Judgement judgement = judge_by_mann_whitney(set_of(metrics));
    for (const MetricResult& result : judgement.metrics) {
      if (!is_bad(result.classification)) continue;
      ++alarms;
      break;
    }
  }
  EXPECT_LE(alarms, kFiles * 2U / 100);  // the level of the file
  EXPECT_GE(alarms, 1U);
}

// Where most points are the same, every other one is an outlier: the errors themselves.
TEST(MannWhitneyJudge, DoubtsErrorsThatAreRemovedAsOutliers) {
  Points errors(60, 0);
  errors[3] = errors[17] = errors[29] = errors[41] = 1;
  Metric one = metric("m", Points(60, 0), errors);
  one.outliers = Outliers::remove;
  const MetricResult result = judged(one);
  ASSERT_TRUE(result.doubt);
  EXPECT_EQ(result.doubt->doubt, Doubt::low_traffic);
}

Metric in_group(Metric one, std::string group) {
  one.group = std::move(group);
  return one;
}

TEST(MannWhitneyJudge, AddsUpWhatIsKnownAndSaysWhatIsNot) {
  const Metric good = in_group(metric("good", around(1, 20), around(1, 20)), "a");
  const Metric bad = in_group(metric("bad", around(1, 20), around(2, 20)), "b");
  const Metric unknown = in_group(metric("unknown", {}, {}), "c");
  struct Row {
    const char* name;
    std::vector<Metric> metrics;
    std::map<std::string, double> weights;
    std::optional<double> score;
    MetricOutcome outcome;
  };
  const Row rows[] = {
      {"all good", {good}, {}, 100, MetricOutcome::passed},
      {"weights are made to reach 100", {good}, {{"a", 50}}, 100, MetricOutcome::passed},
      {"half bad", {good, bad}, {}, 50, MetricOutcome::failed},
      {"a little bad", {good, bad}, {{"b", 20}}, 80, MetricOutcome::marginal},
      {"hardly bad", {good, bad}, {{"b", 4}}, 96, MetricOutcome::passed},
      {"what is unknown could be either", {good, unknown}, {}, std::nullopt, MetricOutcome::passed},
      {"failed, whatever the unknown is",
       {good, bad, unknown},
       {{"c", 10}},
       std::nullopt,
       MetricOutcome::failed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    MetricSet set = set_of(row.metrics);
    set.group_weights = row.weights;
    const Judgement judgement = judge_by_mann_whitney(set);
    EXPECT_EQ(judgement.score, row.score) << judgement.reason;
    EXPECT_EQ(judgement.outcome, row.outcome);
  }
}

TEST(MannWhitneyJudge, FailsForOneCriticalMetric) {
  Metric bad = metric("errors", around(1, 20), around(2, 20));
  bad.critical = true;
  std::vector<Metric> metrics(30, metric("fine", around(1, 20), around(1, 20)));
  metrics.push_back(bad);
  const Judgement judgement = judge_by_mann_whitney(set_of(metrics));
  EXPECT_EQ(judgement.outcome, MetricOutcome::failed);
  EXPECT_EQ(judgement.score, 0);
  EXPECT_EQ(judgement.reason, "critical metric errors is High");
}

TEST(MannWhitneyJudge, HoldsAtTheEndsOfTheRange) {
  const Points large(10, 1e308);
  const Points small(10, -1e308);
  EXPECT_EQ(judged(metric("m", small, large)).classification, MetricClass::high);
  EXPECT_EQ(judged(metric("m", large, small)).classification, MetricClass::low);
  EXPECT_EQ(judged(metric("m", Points(10, 5e-324), Points(10, 1e-323))).classification, MetricClass::high);
  const MetricResult wide = judged(metric("m", {-1e308, 1e308, 0, 1, 2, 3}, {1e308, -1e308, 5, 6, 7, 8}));
  EXPECT_EQ(wide.classification, MetricClass::pass);
}

}  // namespace
}  // namespace gate::slo
