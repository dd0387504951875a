#pragma once

#include <cstdint>

namespace gate::slo {

// How far an empirical distribution can be from the true one, anywhere, at any time: with probability 1 -
// alpha, for all t >= t_min at once, sup_x |F_t(x) - F(x)| <= A sqrt((ln(1 + ln(t / t_min)) + C) / t), where
// alpha = inf over eta in (1, 2A^2) of 4 e^(-g^2 C) (1 + 1 / ((g^2 - 1) ln eta)), g = sqrt(2/eta) (A - sqrt(2
// (eta - 1) / C)). Source: Howard and Ramdas, Sequential estimation of quantiles with applications to A/B
// testing and best-arm identification, Bernoulli 28 (2022), theorem 2.
class EmpiricalBound {
 public:
  // 0 < alpha < 1; t_min >= 1.
  EmpiricalBound(double alpha, double t_min);

  // 1 below t_min: nothing is known.
  [[nodiscard]] double at(std::uint64_t t) const;

 private:
  double t_min_;
  double c_;
};

}  // namespace gate::slo
