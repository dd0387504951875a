#include "gate/slo/mann_whitney_judge.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/slo/location_and_tail.h"
#include "gate/slo/metric_score.h"
#include "gate/slo/metric_sides.h"
#include "gate/slo/percentile.h"

namespace gate::slo {
namespace {

// Absent too where a ratio of means would say something else than it seems to.
std::optional<double> meaningful_effect(const Sides& sides, EffectMeasure measure, double u) {
  const bool ratio = measure == EffectMeasure::mean_ratio;
  if (ratio && (!(mean(sides.control) > 0) || mean(sides.experiment) < 0)) return std::nullopt;
  return effect_size(sides, measure, u);
}

bool is_beyond(std::optional<double> effect, const std::optional<double>& limit, Sign sign) {
  if (!effect || !limit) return true;
  return sign == Sign::up ? *effect >= *limit : *effect <= *limit;
}

void describe(const Measured& measured, const TestLevel& level, const Metric& metric, MetricResult& result) {
  result.estimate = measured.shift.estimate;
  result.ci_low = measured.shift.low;
  result.ci_high = measured.shift.high;
  result.confidence_level = 1 - level.location();
  result.p_value = measured.rank.p_value;
  switch (metric.direction) {
    case Direction::increase: result.tail_p_value = measured.upper.p_value; break;
    case Direction::decrease: result.tail_p_value = measured.lower.p_value; break;
    case Direction::either: result.tail_p_value = std::min(measured.upper.p_value, measured.lower.p_value);
  }
  result.effect_size = meaningful_effect(measured.bulk, metric.effect_size.measure, measured.rank.u);
}

// High or Low, where the experiment is worse in that direction. Answers whether it is.
bool judge_direction(const Metric& metric, const Measured& measured, Sign sign, const TestLevel& level,
                     MetricResult& result) {
  const auto why = find_worse(measured, sign, level, metric.tolerance);
  if (!why) return false;
  const EffectSize& limits = metric.effect_size;
  const bool up = sign == Sign::up;
  if (!is_beyond(result.effect_size, up ? limits.allowed_increase : limits.allowed_decrease, sign)) {
    result.reason = fmt::format("{}, but an effect size of {:.6g} is allowed", *why, *result.effect_size);
    return false;
  }
  result.classification = up ? MetricClass::high : MetricClass::low;
  result.critical =
      metric.critical &&
      is_beyond(result.effect_size, up ? limits.critical_increase : limits.critical_decrease, sign);
  result.reason = *why;
  return true;
}

void doubt(MetricResult& result, Doubt why, std::string message) {
  result.classification = MetricClass::nodata;
  result.reason = message;
  result.doubt = Missing{why, std::move(message)};
}

std::string describe_shift(const Measured& measured, const TestLevel& level) {
  return fmt::format("off by {:.6g}, between {:.6g} and {:.6g} at {:.6g} %, p = {:.2g}",
                     measured.shift.estimate, measured.shift.low, measured.shift.high,
                     (1 - level.location()) * 100, measured.rank.p_value);
}

std::string describe_harm(double harm, Sign sign) {
  if (sign == Sign::up && harm == 1) return "a doubling";
  if (sign == Sign::down && harm == 0.5) return "a halving";
  return fmt::format("{} of {:.6g} %", sign == Sign::up ? "an increase" : "a decrease", harm * 100);
}

// A pass although the points are apart, for a difference that is significant and tolerated: warned about.
void tolerate(const Metric& metric, const Measured& measured, Sign sign, MetricResult& result) {
  result.reason += fmt::format(", within the tolerance of {:.6g}", metric.tolerance);
  if (!find_saturation(measured, sign)) return;
  if (!result.caution.empty()) result.caution += "; ";
  result.caution += fmt::format("no point of the experiment is {} any of the control's: {}",
                                sign == Sign::up ? "below" : "above", result.reason);
}

// Where the points are too few for a pass: one could not have been told from harm.
std::optional<std::string> find_weakness(const Metric& metric, const Sides& sides, const Measured& measured,
                                         Sign sign, const TestLevel& level) {
  const auto p = find_saturation(measured, sign);
  if (p && !is_shifted(measured, sign, level)) {
    return fmt::format(
        "no point of the experiment is {} any of the control's, but {} against {} are too few "
        "to be sure, p = {:.2g}",
        sign == Sign::up ? "below" : "above", counted(sides.experiment.size(), "point"), sides.control.size(),
        *p);
  }
  const double harm = harm_of(metric, sign);
  const auto possible = find_possible(measured, sign, harm);
  if (!possible) return std::nullopt;
  return fmt::format("{} is not excluded, p = {:.2g}: {}", describe_harm(harm, sign), *possible,
                     describe_shift(measured, level));
}

void judge_points(const Metric& metric, const Sides& sides, const TestLevel& level, MetricResult& result) {
  const Measured measured = measure(metric, sides, level);
  describe(measured, level, metric, result);
  std::vector<Sign> signs;
  if (metric.direction != Direction::decrease) signs.push_back(Sign::up);
  if (metric.direction != Direction::increase) signs.push_back(Sign::down);
  result.classification = MetricClass::pass;
  for (const Sign sign : signs) {
    if (judge_direction(metric, measured, sign, level, result)) return;
  }
  if (!result.reason.empty()) return;
  for (const Sign sign : signs) {
    auto weakness = find_weakness(metric, sides, measured, sign, level);
    if (weakness) return doubt(result, Doubt::low_traffic, std::move(*weakness));
  }
  result.reason = describe_shift(measured, level);
  for (const Sign sign : signs) {
    if (is_shifted(measured, sign, level)) tolerate(metric, measured, sign, result);
  }
}

MetricResult judge_metric(const Metric& metric, const Sides& sides, const TestLevel& level) {
  MetricResult result = start_result(metric, sides);
  if (!is_measured(sides)) {
    doubt(result, Doubt::no_data, describe_absence(sides));
    if (!metric.must_have_data) return result;
    result.classification = MetricClass::nodata_fail;
    result.critical = true;
    result.lacks_required_data = true;
    result.doubt.reset();
  } else if (!can_reject(level, sides.experiment.size(), sides.control.size())) {
    doubt(result, Doubt::low_traffic,
          fmt::format("{} against {} cannot be told apart at {:.6g} %: each side needs {}",
                      counted(sides.experiment.size(), "point"), sides.control.size(),
                      (1 - level.alpha) * 100, points_needed(level.alpha)));
  } else if (are_alike(sides)) {
    result.classification = MetricClass::pass;
    result.reason = "both sides are alike";
  } else {
    judge_points(metric, sides, level, result);
  }
  return result;
}

std::vector<MetricResult> judge_metrics(const std::vector<Metric>& metrics) {
  std::vector<Sides> sides;
  for (const Metric& metric : metrics) sides.push_back(sides_of(metric));
  const auto tested = std::count_if(sides.begin(), sides.end(), is_measured);
  std::vector<MetricResult> results;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const double alpha =
        (1 - metrics[i].confidence_level) / static_cast<double>(std::max<std::ptrdiff_t>(tested, 1));
    results.push_back(judge_metric(metrics[i], sides[i], TestLevel{alpha}));
  }
  return results;
}

double score_with(const MetricSet& set, const std::vector<MetricResult>& metrics, Unknown unknown) {
  auto groups = score_groups(metrics, set.group_weights, unknown);
  complete_weights(groups);
  return rounded_score(total_of(groups));
}

}  // namespace

std::size_t points_needed(double alpha) {
  std::size_t needed = 1;
  while (!can_reject(TestLevel{alpha}, needed, needed)) ++needed;
  return needed;
}

Judgement judge_by_mann_whitney(const MetricSet& set) {
  Judgement judgement;
  judgement.metrics = judge_metrics(set.metrics);
  judgement.groups = score_groups(judgement.metrics, set.group_weights, Unknown::left_out);
  complete_weights(judgement.groups);
  const auto& metrics = judgement.metrics;
  const auto critical =
      std::find_if(metrics.begin(), metrics.end(), [](const MetricResult& m) { return m.critical; });
  if (critical != metrics.end()) {
    judgement.score = 0;
    judgement.outcome = MetricOutcome::failed;
    judgement.reason = fmt::format(
        "{} {} is {}",
        critical->classification == MetricClass::nodata_fail ? "required metric" : "critical metric",
        critical->name, name_of(critical->classification));
    return judgement;
  }
  const double most = score_with(set, metrics, Unknown::good);
  const double least = score_with(set, metrics, Unknown::bad);
  judgement.outcome = outcome_of(most, set.thresholds);
  judgement.reason = describe_score(most, set.thresholds);
  if (least < most) {
    judgement.reason = fmt::format("score between {} and {}: not every metric is known", least, most);
  } else {
    judgement.score = most;
  }
  return judgement;
}

}  // namespace gate::slo
