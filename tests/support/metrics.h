#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gate/slo/metric.h"

namespace gate::test {

constexpr double kNoPoint = std::numeric_limits<double>::quiet_NaN();

// A metric with these points and every other setting at its default.
inline slo::Metric metric(std::string name, std::vector<double> control, std::vector<double> experiment) {
  slo::Metric made;
  made.name = std::move(name);
  made.control = std::move(control);
  made.experiment = std::move(experiment);
  return made;
}

// `count` different points around a value, within a twentieth of it.
inline std::vector<double> around(double value, int count) {
  std::vector<double> points;
  for (int i = 0; i < count; ++i) points.push_back(value * (0.95 + 0.1 * i / count));
  return points;
}

inline slo::MetricSet set_of(std::vector<slo::Metric> metrics) {
  slo::MetricSet set;
  set.metrics = std::move(metrics);
  return set;
}

}  // namespace gate::test
