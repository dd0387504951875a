#include "gate/slo/tail_test.h"

#include <algorithm>

namespace gate::slo {
namespace {

// C(n, beyond) / C(n + m, beyond), factor by factor.
double probability(std::size_t n, std::size_t m, std::size_t beyond) {
  double p = 1;
  for (std::size_t taken = 0; taken < beyond && p > 0; ++taken)
    p *= static_cast<double>(n - taken) / static_cast<double>(n + m - taken);
  return p;
}

TailTest tail_test(std::size_t beyond, std::size_t n, std::size_t m) {
  return {beyond, probability(n, m, beyond)};
}

}  // namespace

TailTest upper_tail_test(const std::vector<double>& experiment, const std::vector<double>& control) {
  if (experiment.empty() || control.empty()) return {};
  const auto first = std::upper_bound(experiment.begin(), experiment.end(), control.back());
  return tail_test(static_cast<std::size_t>(experiment.end() - first), experiment.size(), control.size());
}

TailTest lower_tail_test(const std::vector<double>& experiment, const std::vector<double>& control) {
  if (experiment.empty() || control.empty()) return {};
  const auto end = std::lower_bound(experiment.begin(), experiment.end(), control.front());
  return tail_test(static_cast<std::size_t>(end - experiment.begin()), experiment.size(), control.size());
}

double least_tail_p_value(std::size_t n, std::size_t m) {
  return probability(n, m, n);
}

}  // namespace gate::slo
