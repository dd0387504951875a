#include "gate/slo/kayenta_judge.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gate/slo/mann_whitney.h"
#include "gate/slo/metric_score.h"
#include "gate/slo/metric_sides.h"
#include "gate/slo/normal.h"

namespace gate::slo {
namespace {

void classify_empty(const Metric& metric, MetricResult& result) {
  if (metric.nan_strategy == NanStrategy::replace) {
    result.classification = MetricClass::pass;
  } else if (metric.must_have_data && !metric.critical) {
    result.classification = MetricClass::nodata_fail;
  } else {
    result.classification = MetricClass::nodata;
    result.critical = metric.critical;
  }
}

// How far the experiment is off: constant sides have no interval but their difference.
Shift shift_of(const Sides& sides, double confidence_level) {
  const bool constant =
      sides.control.front() == sides.control.back() && sides.experiment.front() == sides.experiment.back();
  const double z = constant ? 0 : -normal_quantile((1 - confidence_level) / 2);
  return shift_between(sides.experiment, sides.control, z);
}

bool reaches(std::optional<double> effect, const std::optional<double>& limit, double usual) {
  return !effect || *effect >= limit.value_or(usual);
}

bool falls_to(std::optional<double> effect, const std::optional<double>& limit, double usual) {
  return !effect || *effect <= limit.value_or(usual);
}

void classify_points(const Metric& metric, const Sides& sides, MetricResult& result) {
  const EffectSize& limits = metric.effect_size;
  const double usual = limits.measure == EffectMeasure::cles ? 0.5 : 1.0;
  const RankTest test = rank_test(sides.experiment, sides.control);
  const Shift shift = shift_of(sides, metric.confidence_level);
  const auto effect = effect_size(sides, limits.measure, test.u);
  result.estimate = shift.estimate;
  result.ci_low = shift.low;
  result.ci_high = shift.high;
  result.confidence_level = metric.confidence_level;
  result.p_value = test.p_value;
  result.effect_size = effect;

  const double tolerated = metric.tolerance * std::abs(shift.estimate);
  result.classification = MetricClass::pass;
  if (metric.direction != Direction::decrease && shift.low > tolerated &&
      reaches(effect, limits.allowed_increase, usual)) {
    result.classification = MetricClass::high;
    result.critical = metric.critical && reaches(effect, limits.critical_increase, usual);
  } else if (metric.direction != Direction::increase && shift.high < -tolerated &&
             falls_to(effect, limits.allowed_decrease, usual)) {
    result.classification = MetricClass::low;
    result.critical = metric.critical && falls_to(effect, limits.critical_decrease, usual);
  }
  result.reason = fmt::format("off by {:.6g}, between {:.6g} and {:.6g} at {:.6g} %", shift.estimate,
                              shift.low, shift.high, metric.confidence_level * 100);
}

MetricResult classify(const Metric& metric) {
  const Sides sides = bulk_of(sides_of(metric), metric.outliers);
  MetricResult result = start_result(metric, sides);
  if (is_empty(sides)) {
    classify_empty(metric, result);
  } else if (are_alike(sides)) {
    result.classification = MetricClass::pass;
    result.reason = "both sides are alike";
  } else {
    classify_points(metric, sides, result);
  }
  if (is_measured(sides)) return result;
  result.reason = describe_absence(sides);
  result.lacks_required_data = metric.must_have_data;
  if (!metric.must_have_data) result.doubt = Missing{Doubt::no_data, result.reason};
  return result;
}

void score(const MetricSet& set, Judgement& judgement) {
  constexpr double kMostWithoutData = 0.5;
  const auto& metrics = judgement.metrics;
  const auto critical =
      std::find_if(metrics.begin(), metrics.end(), [](const MetricResult& m) { return m.critical; });
  const auto without = std::count_if(metrics.begin(), metrics.end(), [](const MetricResult& m) {
    return m.classification == MetricClass::nodata;
  });
  if (critical != metrics.end()) {
    judgement.score = 0;
    judgement.reason =
        fmt::format("critical metric {} is {}", critical->name, name_of(critical->classification));
  } else if (static_cast<double>(without) >= kMostWithoutData * static_cast<double>(metrics.size())) {
    judgement.score = 0;
    judgement.reason = fmt::format("{} of {} metrics have no data", without, metrics.size());
  } else {
    judgement.score = rounded_score(total_of(judgement.groups));
    judgement.reason = describe_score(*judgement.score, set.thresholds);
  }
  judgement.outcome = outcome_of(*judgement.score, set.thresholds);
  if (critical != metrics.end()) judgement.outcome = MetricOutcome::failed;
  const auto required = std::find_if(metrics.begin(), metrics.end(),
                                     [](const MetricResult& m) { return m.lacks_required_data; });
  if (required == metrics.end() || judgement.outcome == MetricOutcome::failed) return;
  judgement.outcome = MetricOutcome::failed;
  judgement.reason = fmt::format("required metric {} has no data", required->name);
}

}  // namespace

Judgement judge_as_kayenta(const MetricSet& set) {
  Judgement judgement;
  for (const Metric& metric : set.metrics) judgement.metrics.push_back(classify(metric));
  judgement.groups = score_groups(judgement.metrics, set.group_weights, Unknown::left_out);
  score(set, judgement);
  return judgement;
}

}  // namespace gate::slo
