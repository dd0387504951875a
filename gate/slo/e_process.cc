#include "gate/slo/e_process.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace gate::slo {
namespace {

// Far beyond any bar, and far from overflow: a block multiplies by less than 1e200.
constexpr double kMostEvidence = 1e100;

}  // namespace

double weight_of_later_starts(std::uint64_t blocks) {
  if (blocks == 0) return 0.5;
  const auto scale = static_cast<int>(std::bit_width(blocks)) - 1;
  const double starts = std::ldexp(1.0, scale);
  const double later_here = 2 * starts - 1 - static_cast<double>(blocks);
  const double i = scale;
  return 0.5 * (1 / (i + 2) + later_here / starts / ((i + 1) * (i + 2)));
}

StartMixture start_mixture(std::size_t alternatives) {
  return {std::vector<double>(alternatives, 0.5 / static_cast<double>(alternatives)), 0};
}

void multiply(StartMixture& mixture, std::uint64_t blocks_before, std::span<const double> factors) {
  const double started = weight_of_later_starts(mixture.blocks) - weight_of_later_starts(blocks_before);
  const double each = started / static_cast<double>(mixture.evidence.size());
  mixture.blocks = blocks_before;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    mixture.evidence[i] = std::min((mixture.evidence[i] + each) * factors[i], kMostEvidence);
  }
}

double e_value(const StartMixture& mixture) {
  return std::accumulate(mixture.evidence.begin(), mixture.evidence.end(),
                         weight_of_later_starts(mixture.blocks));
}

std::size_t best_alternative(const StartMixture& mixture) {
  const auto best = std::max_element(mixture.evidence.begin(), mixture.evidence.end());
  return static_cast<std::size_t>(best - mixture.evidence.begin());
}

double log_mean_exp(std::span<const double> logs) {
  if (logs.empty()) return -std::numeric_limits<double>::infinity();
  const double most = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - most);
  return most + std::log(sum / static_cast<double>(logs.size()));
}

}  // namespace gate::slo
