#include "gate/slo/percentile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>

#include "gate/slo/mann_whitney.h"

namespace gate::slo {

using Points = std::vector<double>;

double percentile(const Points& ascending, double p, PercentileRule rule) {
  const auto last = static_cast<double>(ascending.size() - 1);
  const double wanted = rule == PercentileRule::r7 ? p * last : p * (last + 2) - 1;
  const double at = std::clamp(wanted, 0.0, last);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending[below], ascending[above], at - std::floor(at));
}

double mean(const Points& points) {
  const auto n = static_cast<double>(points.size());
  const double sum = std::accumulate(points.begin(), points.end(), 0.0);
  if (std::isfinite(sum)) return sum / n;
  return std::accumulate(points.begin(), points.end(), 0.0,
                         [n](double total, double point) { return total + point / n; });
}

double aggregate_of(const Points& ascending, Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::avg: return mean(ascending);
    case Aggregate::p50: return percentile(ascending, 0.5, PercentileRule::r6);
    case Aggregate::p90: return percentile(ascending, 0.9, PercentileRule::r6);
    case Aggregate::p95: return percentile(ascending, 0.95, PercentileRule::r6);
  }
  return 0;
}

Points usable_points(const Points& points, NanStrategy strategy) {
  Points usable;
  usable.reserve(points.size());
  for (const double point : points) {
    if (!std::isnan(point)) {
      usable.push_back(point);
    } else if (strategy == NanStrategy::replace) {
      usable.push_back(0);
    }
  }
  return sorted_points(std::move(usable));
}

Points without_outliers(const Points& ascending) {
  if (ascending.empty()) return {};
  constexpr double kFactor = 3;
  const auto at = [&](double p) { return percentile(ascending, p, PercentileRule::r7); };
  const double reach = kFactor * (at(0.75) - at(0.25));
  const double low = std::min(at(0.01), at(0.25) - reach);
  const double high = std::max(at(0.99), at(0.75) + reach);
  Points kept;
  std::copy_if(ascending.begin(), ascending.end(), std::back_inserter(kept),
               [=](double point) { return !(point < low) && !(point > high); });
  return kept;
}

}  // namespace gate::slo
