#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gate::slo {

// An e-process is a number that starts at 1, is never negative and is expected not to grow under the null
// hypothesis, whenever one looks: the chance that it ever reaches 1/alpha is at most alpha (Ville 1939;
// Howard and Ramdas). Products of likelihood ratios are such, and so are their averages.

// The average of such products over several alternatives and over the block that each starts with, so that
// evidence against a canary that went bad late is not drowned by what came before. The start weighs 1/2;
// the starts 2^i … 2^(i+1)-1 blocks later share 1/2 · 1/((i+1)(i+2)) evenly: the sum over all is 1, so the
// average is an e-process. A start after s blocks costs a factor of about 2 s (log2 s)^2, once.
struct StartMixture {
  std::vector<double> evidence;  // by alternative, of the starts so far
  std::uint64_t blocks = 0;      // starts after up to this many blocks are counted in

  bool operator==(const StartMixture&) const = default;
};

StartMixture start_mixture(std::size_t alternatives);

// Takes the block after `blocks_before` in: `factors` are its likelihood ratios, one an alternative. A block
// that says nothing (all factors 1) can be left out. Requires: blocks_before does not fall.
void multiply(StartMixture& mixture, std::uint64_t blocks_before, std::span<const double> factors);

double e_value(const StartMixture& mixture);

// The alternative with most evidence.
std::size_t best_alternative(const StartMixture& mixture);

// The weight of all starts after more than that many blocks.
double weight_of_later_starts(std::uint64_t blocks);

// ln of the mean of e^x; an empty list has mean 0.
double log_mean_exp(std::span<const double> logs);

}  // namespace gate::slo
