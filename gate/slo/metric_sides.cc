#include "gate/slo/metric_sides.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/slo/percentile.h"

namespace gate::slo {
namespace {

std::size_t numbers_in(const std::vector<double>& points) {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(), [](double point) { return !std::isnan(point); }));
}

// Empty where at least half of the points have a number, or none has.
std::string caution_about(std::string_view side, std::size_t numbers, std::size_t all, NanStrategy strategy) {
  const std::size_t missing = all - numbers;
  if (numbers == 0 || missing <= numbers) return "";
  return fmt::format("{} of {} of the {} have no number and {}", grouped(missing), counted(all, "point"),
                     side, strategy == NanStrategy::replace ? "count as 0" : "are left out");
}

}  // namespace

Sides sides_of(const Metric& metric) {
  return {usable_points(metric.control, metric.nan_strategy),
          usable_points(metric.experiment, metric.nan_strategy), numbers_in(metric.control),
          numbers_in(metric.experiment)};
}

Sides bulk_of(Sides sides, Outliers outliers) {
  if (outliers == Outliers::keep) return sides;
  return {without_outliers(sides.control), without_outliers(sides.experiment), sides.control_numbers,
          sides.experiment_numbers};
}

bool is_empty(const Sides& sides) {
  return sides.control.empty() || sides.experiment.empty();
}

bool is_measured(const Sides& sides) {
  return sides.control_numbers > 0 && sides.experiment_numbers > 0;
}

std::string describe_absence(const Sides& sides) {
  if (sides.control_numbers == 0 && sides.experiment_numbers == 0)
    return "no point of either side has a number";
  return fmt::format("the {} has no data", sides.control_numbers == 0 ? "control" : "experiment");
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
  const auto control =
      caution_about("control", sides.control_numbers, metric.control.size(), metric.nan_strategy);
  const auto experiment =
      caution_about("experiment", sides.experiment_numbers, metric.experiment.size(), metric.nan_strategy);
  result.caution = control + (control.empty() || experiment.empty() ? "" : "; ") + experiment;
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
