#include "gate/slo/normal.h"

#include <algorithm>
#include <cmath>

namespace gate::slo {
namespace {

// Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23: off by 4.5e-4 at most.
double first_guess(double p) {
  const double t = std::sqrt(-2.0 * std::log(p));
  return (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
         t;
}

// Halley's method triples the right digits with each step.
double lower_quantile(double p) {
  constexpr int kSteps = 3;
  constexpr double kRootOfTwoPi = 2.5066282746310005024;
  double x = first_guess(p);
  for (int i = 0; i < kSteps; ++i) {
    const double step = (normal_cdf(x) - p) * kRootOfTwoPi * std::exp(x * x / 2);
    x -= step / (1 + x * step / 2);
  }
  return x;
}

}  // namespace

double normal_cdf(double x) {
  constexpr double kRootOfHalf = 0.70710678118654752440;
  return std::erfc(-x * kRootOfHalf) / 2;
}

double normal_quantile(double p) {
  constexpr double kLeast = 1e-300;
  if (p > 0.5) return -lower_quantile(std::max(1 - p, kLeast));
  return lower_quantile(std::max(p, kLeast));
}

}  // namespace gate::slo
