#include "gate/slo/metric_sides.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gate/slo/percentile.h"

namespace gate::slo {
namespace {

bool has_number(const std::vector<double>& points) {
  return std::any_of(points.begin(), points.end(), [](double point) { return !std::isnan(point); });
}

}  // namespace

Sides sides_of(const Metric& metric) {
  return {usable_points(metric.control, metric.nan_strategy),
          usable_points(metric.experiment, metric.nan_strategy),
          has_number(metric.control) || has_number(metric.experiment)};
}

Sides bulk_of(Sides sides, Outliers outliers) {
  if (outliers == Outliers::keep) return sides;
  return {without_outliers(sides.control), without_outliers(sides.experiment), sides.measured};
}

bool is_empty(const Sides& sides) {
  return sides.control.empty() || sides.experiment.empty();
}

bool are_alike(const Sides& sides) {
  if (sides.control == sides.experiment) return true;
  return !is_empty(sides) && sides.control.front() == sides.control.back() &&
         sides.experiment.front() == sides.experiment.back() &&
         sides.control.front() == sides.experiment.front();
}

MetricResult start_result(const Metric& metric, const Sides& sides) {
  MetricResult result;
  result.name = metric.name;
  result.group = metric.group;
  result.control_points = sides.control.size();
  result.experiment_points = sides.experiment.size();
  return result;
}

std::optional<double> effect_size(const Sides& sides, EffectMeasure measure, double u) {
  if (measure == EffectMeasure::cles) {
    return u / (static_cast<double>(sides.control.size()) * static_cast<double>(sides.experiment.size()));
  }
  const double before = mean(sides.control);
  const double after = mean(sides.experiment);
  if (before == 0 || after == 0 || !std::isfinite(after / before)) return std::nullopt;
  return after / before;
}

}  // namespace gate::slo
