#include "gate/slo/mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "gate/slo/normal.h"
#include "gate/slo/pairwise_difference.h"

namespace gate::slo {
namespace {

using Points = std::vector<double>;

double tie_term(std::size_t equal) {
  const auto t = static_cast<double>(equal);
  return t * t * t - t;
}

// How many of the points from `at` on are equal to `value`.
std::size_t equal_from(const Points& points, std::size_t at, double value) {
  std::size_t end = at;
  while (end < points.size() && points[end] == value) ++end;
  return end - at;
}

double ties_within(const Points& points) {
  double ties = 0;
  for (std::size_t at = 0; at < points.size();) {
    const std::size_t equal = equal_from(points, at, points[at]);
    ties += tie_term(equal);
    at += equal;
  }
  return ties;
}

double sigma(double n, double m, double ties) {
  const double all = n + m;
  return std::sqrt(std::max(0.0, n * m / 12 * (all + 1 - ties / (all * (all - 1)))));
}

// U, and the tie terms of both sides together.
struct Ranks {
  double u = 0;
  double ties = 0;
};

Ranks rank(const Points& experiment, const Points& control) {
  Ranks ranks;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < experiment.size() || j < control.size()) {
    const bool from_experiment =
        j == control.size() || (i < experiment.size() && experiment[i] <= control[j]);
    const double value = from_experiment ? experiment[i] : control[j];
    const std::size_t here = equal_from(experiment, i, value);
    const std::size_t there = equal_from(control, j, value);
    ranks.u += static_cast<double>(here) * (static_cast<double>(j) + static_cast<double>(there) / 2);
    ranks.ties += tie_term(here + there);
    i += here;
    j += there;
  }
  return ranks;
}

}  // namespace

Points sorted_points(Points points) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  for (double& point : points) point = std::clamp(point, -kLargest, kLargest);
  std::sort(points.begin(), points.end());
  return points;
}

RankTest rank_test(const Points& experiment, const Points& control) {
  const auto n = static_cast<double>(experiment.size());
  const auto m = static_cast<double>(control.size());
  const Ranks ranks = rank(experiment, control);
  const double spread = sigma(n, m, ranks.ties);
  const double off = ranks.u - n * m / 2;
  RankTest test;
  test.u = ranks.u;
  if (off == 0 || spread == 0) return test;
  test.z = (off - std::copysign(0.5, off)) / spread;
  test.p_value = std::min(1.0, 2 * normal_cdf(-std::abs(test.z)));
  return test;
}

double largest_z(std::size_t n, std::size_t m) {
  const auto pairs = static_cast<double>(n) * static_cast<double>(m);
  return (pairs / 2 - 0.5) / sigma(static_cast<double>(n), static_cast<double>(m), 0);
}

Shift shift_between(const Points& experiment, const Points& control, double z) {
  const auto n = static_cast<double>(experiment.size());
  const auto m = static_cast<double>(control.size());
  const std::uint64_t pairs = std::uint64_t{experiment.size()} * control.size();
  const auto kth = [&](std::uint64_t k) { return kth_difference(experiment, control, k); };

  // Right of a shift that leaves no equal pair, z(U) falls to the quantile where U falls to this.
  const double spread = sigma(n, m, ties_within(experiment) + ties_within(control));
  const double critical = std::floor(n * m / 2 + 0.5 + z * spread);
  const std::uint64_t above = critical >= n * m ? pairs - 1 : static_cast<std::uint64_t>(critical);

  Shift shift;
  shift.low = kth(pairs - above);
  shift.high = kth(above + 1);
  shift.estimate = pairs % 2 == 1 ? kth(pairs / 2 + 1) : std::midpoint(kth(pairs / 2), kth(pairs / 2 + 1));
  return shift;
}

}  // namespace gate::slo
