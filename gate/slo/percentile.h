#pragma once

#include <vector>

#include "gate/slo/metric.h"

namespace gate::slo {

// Where a percentile lies among n points (Hyndman and Fan 1996, Sample quantiles in statistical packages).
enum class PercentileRule {
  r6,  // at p·(n + 1), from 1
  r7,  // at p·(n − 1), from 0: R's default
};

// The percentile `p`, from 0 to 1, of points that are ascending and not empty, between two of them linearly.
double percentile(const std::vector<double>& ascending, double p, PercentileRule rule);

// Of points that are not empty. Sums beyond a double do not make it infinite.
double mean(const std::vector<double>& points);

double aggregate_of(const std::vector<double>& ascending, Aggregate aggregate);

// The points that a metric's strategy leaves, ascending: without a number they are dropped or 0.
std::vector<double> usable_points(const std::vector<double>& points, NanStrategy strategy);

// Without those below min(p1, Q1 − 3·IQR) or above max(p99, Q3 + 3·IQR), percentiles by R-7.
std::vector<double> without_outliers(const std::vector<double>& ascending);

}  // namespace gate::slo
