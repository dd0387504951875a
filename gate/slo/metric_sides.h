#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gate/slo/metric.h"

namespace gate::slo {

// The points of a metric as a judge compares them: ascending, after the metric's strategies.
struct Sides {
  std::vector<double> control;
  std::vector<double> experiment;
  std::size_t control_numbers = 0;  // points that had a number before zeros were put in
  std::size_t experiment_numbers = 0;

  bool operator==(const Sides&) const = default;
};

Sides sides_of(const Metric& metric);

// Both without their outliers, where the metric asks for that.
Sides bulk_of(Sides sides, Outliers outliers);

[[nodiscard]] bool is_empty(const Sides& sides);  // one side or both

// Whether both sides have a number of their own: zeros in the place of missing points are none.
[[nodiscard]] bool is_measured(const Sides& sides);

// Which side is not: "the control has no data".
std::string describe_absence(const Sides& sides);

// Whether both sides hold the same points, or every point of both is the same.
[[nodiscard]] bool are_alike(const Sides& sides);

// The same metric's result before it is judged: name, group, how many points there are, and a caution where
// more than half of a side's points have no number.
MetricResult start_result(const Metric& metric, const Sides& sides);

// mean(experiment) / mean(control), or the share of pairs in which the experiment's is larger, given U of
// the rank test. Absent where a mean is 0, or the ratio is beyond a double.
std::optional<double> effect_size(const Sides& sides, EffectMeasure measure, double u);

}  // namespace gate::slo
