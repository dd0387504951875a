#include "gate/slo/binomial.h"

#include <algorithm>
#include <cmath>

namespace gate::slo {
namespace {

constexpr double kMostEvents = 1e12;  // beyond, the logarithms hold too few digits

double log_mass(double k, double n, double p) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(p) +
         (n - k) * std::log1p(-p);
}

// The sum of the mass from `k` away from the mode: terms only shrink, so it ends where they no longer count.
double sum_away(double k, double n, double p, double step) {
  double sum = 0;
  double term = std::exp(log_mass(k, n, p));
  while (k >= 0 && k <= n && term > sum * 1e-17) {
    sum += term;
    term *= step > 0 ? (n - k) / (k + 1) * p / (1 - p) : k / (n - k + 1) * (1 - p) / p;
    k += step;
  }
  return sum;
}

}  // namespace

double binomial_tail(double least, double total, double share) {
  const double n = std::round(total);
  const double k = std::round(least);
  if (k <= 0) return 1;
  if (k > n || share <= 0) return 0;
  if (share >= 1 || n > kMostEvents) return 1;
  const bool beyond_the_mode = k > (n + 1) * share;
  const double tail = beyond_the_mode ? sum_away(k, n, share, 1) : 1 - sum_away(k - 1, n, share, -1);
  return std::clamp(tail, 0.0, 1.0);
}

}  // namespace gate::slo
