#include "gate/slo/criteria_judge.h"

#include <gtest/gtest.h>

#include "tests/support/metrics.h"

namespace gate::slo {
namespace {

using test::kNoPoint;
using test::metric;
using test::set_of;
using Base = Criterion::Base;
using Op = Criterion::Op;

Decimal decimal(const char* text) {
  return *Decimal::parse(text);
}

Criterion criterion(Op op, Base base, const char* number) {
  return {op, base, decimal(number), "as written"};
}

TEST(Meets, ComparesExactDecimals) {
  struct Row {
    const char* name;
    Criterion criterion;
    double experiment;
    double control;
    bool wanted;
  };
  const Row rows[] = {
      {"0.3 is not below 0.3", criterion(Op::less, Base::absolute, "0.3"), 0.3, 0, false},
      {"a sum of doubles is what it is", criterion(Op::less_or_equal, Base::absolute, "0.3"), 0.1 + 0.2, 0,
       false},
      {"on the limit", criterion(Op::less_or_equal, Base::absolute, "600"), 600, 0, true},
      // 0.1 · 110 / 100 is 0.11000000000000001 in doubles.
      {"ten percent of 0.1, exactly", criterion(Op::less, Base::percent, "10"), 0.11, 0.1, false},
      {"ten percent of 0.1, reached", criterion(Op::less_or_equal, Base::percent, "10"), 0.11, 0.1, true},
      {"ten percent less", criterion(Op::greater_or_equal, Base::percent, "-10"), 90, 100, true},
      {"below ten percent less", criterion(Op::greater_or_equal, Base::percent, "-10"), 89.9, 100, false},
      {"five more", criterion(Op::less_or_equal, Base::offset, "5"), 105, 100, true},
      {"more than five more", criterion(Op::less_or_equal, Base::offset, "5"), 105.1, 100, false},
      {"equal", criterion(Op::equal, Base::absolute, "0"), -0.0, 0, true},
      {"greater", criterion(Op::greater, Base::offset, "-5"), 95, 100, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(meets({{row.criterion}}, row.experiment, row.control), row.wanted);
  }
}

TEST(Meets, KnowsWhatItDoesNotKnow) {
  const Criterion holds = criterion(Op::less, Base::absolute, "600");
  const Criterion fails = criterion(Op::less, Base::absolute, "1");
  const Criterion relative = criterion(Op::less_or_equal, Base::percent, "10");
  const Criterion endless = criterion(Op::less, Base::offset, "1e900000000");
  struct Row {
    const char* name;
    CriteriaSets sets;
    std::optional<double> experiment;
    std::optional<bool> wanted;
  };
  const Row rows[] = {
      {"no experiment", {{holds}}, std::nullopt, std::nullopt},
      {"no control", {{relative}}, 5, std::nullopt},
      {"false is false, whatever the other is", {{relative, fails}}, 5, false},
      {"true and unknown", {{holds, relative}}, 5, std::nullopt},
      {"true or unknown", {{relative}, {holds}}, 5, true},
      {"false or unknown", {{fails}, {relative}}, 5, std::nullopt},
      {"a number that cannot be added", {{endless}}, 5, std::nullopt},
      {"no sets", {}, 5, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(meets(row.sets, row.experiment, std::nullopt), row.wanted);
  }
}

Metric held_to(std::string name, double control, double experiment) {
  Metric one = metric(std::move(name), {control, control, control}, {experiment, experiment, experiment});
  one.pass = {{criterion(Op::less_or_equal, Base::percent, "10")}};
  one.warning = {{criterion(Op::less_or_equal, Base::percent, "20")}};
  return one;
}

TEST(CriteriaJudge, EarnsWeights) {
  const Metric good = held_to("good", 100, 110);
  const Metric worse = held_to("worse", 100, 115);
  const Metric bad = held_to("bad", 100, 130);
  Metric told = metric("told", {1}, {100});
  Metric key = bad;
  key.key_sli = true;
  Metric heavy = good;
  heavy.weight = decimal("8");
  struct Row {
    const char* name;
    std::vector<Metric> metrics;
    std::optional<double> score;
    MetricOutcome outcome;
  };
  const Row rows[] = {
      {"all met", {good, good}, 100, MetricOutcome::passed},
      {"a warning earns a half", {good, worse}, 75, MetricOutcome::warned},
      {"one of two", {good, bad}, 50, MetricOutcome::failed},
      {"weights", {heavy, bad, told}, 800.0 / 9, MetricOutcome::warned},
      {"a key metric", {heavy, heavy, key}, 1600.0 / 17, MetricOutcome::failed},
      {"what is only told earns nothing", {told}, std::nullopt, MetricOutcome::marginal},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Judgement judgement = judge_by_criteria(set_of(row.metrics));
    EXPECT_EQ(judgement.outcome, row.outcome) << judgement.reason;
    ASSERT_EQ(judgement.score.has_value(), row.score.has_value());
    EXPECT_NEAR(judgement.score.value_or(0), row.score.value_or(0), 1e-9);
  }
}

TEST(CriteriaJudge, ReachesALimitExactly) {
  Metric good = held_to("good", 100, 100);
  Metric bad = held_to("bad", 100, 200);
  good.weight = decimal("0.9");
  bad.weight = decimal("0.1");
  EXPECT_EQ(judge_by_criteria(set_of({good, bad})).outcome, MetricOutcome::passed);
}

TEST(CriteriaJudge, ClassifiesAndDoubts) {
  struct Row {
    const char* name;
    std::vector<double> control;
    std::vector<double> experiment;
    bool must_have_data;
    MetricClass wanted;
    const char* reason;
  };
  const Row rows[] = {
      {"no control",
       {},
       {100, 100, 100},
       false,
       MetricClass::nodata,
       "the control has no data, so as written says nothing"},
      {"no experiment",
       {100, 100, 100},
       {kNoPoint},
       false,
       MetricClass::nodata,
       "the experiment has no data, so as written says nothing"},
      {"no experiment, required",
       {100, 100, 100},
       {},
       true,
       MetricClass::nodata_fail,
       "the experiment has no data"},
      {"met",
       {100, 100, 100},
       {100, 100, 100},
       false,
       MetricClass::pass,
       "100, the control's is 100; as written holds"},
      {"warned",
       {100, 100, 100},
       {120, 120, 120},
       false,
       MetricClass::warning,
       "120, the control's is 100; as written does not hold"},
      {"failed",
       {100, 100, 100},
       {121, 121, 121},
       false,
       MetricClass::fail,
       "121, the control's is 100; as written does not hold"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = held_to("m", 0, 0);
    one.control = row.control;
    one.experiment = row.experiment;
    one.must_have_data = row.must_have_data;
    const MetricResult result = judge_by_criteria(set_of({one})).metrics.front();
    EXPECT_EQ(result.classification, row.wanted);
    EXPECT_EQ(result.reason, row.reason);
    EXPECT_EQ(result.doubt.has_value(), row.wanted == MetricClass::nodata);
  }
}

TEST(CriteriaJudge, DoubtsFewPoints) {
  const std::vector<double> full(100, 100);
  std::vector<double> one_point(100, kNoPoint);
  one_point.back() = 100;
  const CriteriaSets relative = {{criterion(Op::less_or_equal, Base::percent, "10")}};
  const CriteriaSets absolute = {{criterion(Op::less_or_equal, Base::absolute, "110")}};
  struct Row {
    const char* name;
    CriteriaSets pass;
    std::vector<double> control;
    std::vector<double> experiment;
    MetricClass wanted;
    const char* doubt;
  };
  const char* few = "the experiment has 1 point with a number: criteria need 3";
  const Row rows[] = {
      {"one point, 99 missing", relative, full, one_point, MetricClass::nodata, few},
      {"the same against a number", absolute, full, one_point, MetricClass::nodata, few},
      {"two points of three",
       absolute,
       full,
       {1, 2, kNoPoint},
       MetricClass::nodata,
       "the experiment has 2 points with a number: criteria need 3"},
      {"one point of the control", relative, one_point, full, MetricClass::nodata,
       "the control has 1 point with a number: criteria need 3"},
      {"a control that nothing is compared with", absolute, one_point, full, MetricClass::pass, nullptr},
      {"what fails stays so", absolute, full, {500, kNoPoint}, MetricClass::fail, few},
      {"one value a side, an aggregate already", relative, {100}, {105}, MetricClass::pass, nullptr},
      {"three points", relative, {1, 1, 1}, {1, 1, 1}, MetricClass::pass, nullptr},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Metric one = metric("m", row.control, row.experiment);
    one.pass = row.pass;
    const MetricResult result = judge_by_criteria(set_of({one})).metrics.front();
    EXPECT_EQ(result.classification, row.wanted) << result.reason;
    ASSERT_EQ(result.doubt.has_value(), row.doubt != nullptr);
    if (!result.doubt) continue;
    EXPECT_EQ(result.doubt->doubt, Doubt::low_traffic);
    EXPECT_EQ(result.doubt->message, row.doubt);
  }
}

TEST(CriteriaJudge, ReplacesMissingPointsOnlyBesideMeasuredOnes) {
  Metric one = held_to("m", 0, 0);
  one.nan_strategy = NanStrategy::replace;
  one.control = {4, 4, 4};
  one.experiment = {kNoPoint, kNoPoint, kNoPoint};
  const auto doubt = judge_by_criteria(set_of({one})).metrics.front().doubt;
  ASSERT_TRUE(doubt);
  EXPECT_EQ(doubt->doubt, Doubt::no_data);
  one.experiment = {kNoPoint, 2};
  EXPECT_EQ(judge_by_criteria(set_of({one})).metrics.front().experiment_value, 1);
}

TEST(CriteriaJudge, TakesTheAggregateThatIsAskedFor) {
  Metric one = metric("m", {}, {1, 2, 4, 8, 16, 32, 64, 128, 256});
  struct Row {
    Aggregate aggregate;
    double wanted;
  };
  const Row rows[] = {
      {Aggregate::avg, 511.0 / 9}, {Aggregate::p50, 16}, {Aggregate::p90, 256}, {Aggregate::p95, 256}};
  for (const Row& row : rows) {
    one.aggregate = row.aggregate;
    EXPECT_NEAR(*judge_by_criteria(set_of({one})).metrics.front().experiment_value, row.wanted, 1e-12);
  }
}

}  // namespace
}  // namespace gate::slo
