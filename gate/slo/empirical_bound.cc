#include "gate/slo/empirical_bound.h"

#include <algorithm>
#include <cmath>

namespace gate::slo {
namespace {

constexpr double kA = 0.85;

// The chance that the bound is ever crossed, for this C and eta; 1 where the theorem says nothing.
double crossing_chance(double c, double eta) {
  const double gamma = std::sqrt(2 / eta) * (kA - std::sqrt(2 * (eta - 1) / c));
  if (gamma <= 1) return 1;
  const double square = gamma * gamma;
  return 4 * std::exp(-square * c) * (1 + 1 / ((square - 1) * std::log(eta)));
}

// Any eta gives a bound that holds, the best one the tightest: a grid comes within 1e-6 of it.
double least_crossing_chance(double c) {
  constexpr int kSteps = 200;
  double least = 1;
  for (int i = 1; i < kSteps; ++i) {
    least = std::min(least, crossing_chance(c, 1 + (2 * kA * kA - 1) * i / kSteps));
  }
  return least;
}

// The smallest C that keeps the chance at alpha.
double solve_c(double alpha) {
  double low = 1;
  double high = 100;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (least_crossing_chance(middle) > alpha ? low : high) = middle;
  }
  return high;
}

}  // namespace

EmpiricalBound::EmpiricalBound(double alpha, double t_min) : t_min_(t_min), c_(solve_c(alpha)) {}

double EmpiricalBound::at(std::uint64_t t) const {
  const auto count = static_cast<double>(t);
  if (count < t_min_) return 1;
  return std::min(1.0, kA * std::sqrt((std::log1p(std::log(count / t_min_)) + c_) / count));
}

}  // namespace gate::slo
