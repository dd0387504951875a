#include "gate/slo/error_blocks.h"

#include <algorithm>
#include <cmath>

namespace gate::slo {

BlockTilt::BlockTilt(const BlockTable& table, std::optional<double> share)
    : share_(share), bad_(table.bad()), canary_bad_(table.canary_bad) {
  says_something_ =
      bad_ > 0 && (share || (table.baseline > 0 && table.canary > 0 && bad_ < table.requests()));
  if (says_something_ && !share) take_coefficients(table);
}

// C(bad, j) C(good, canary - j) for the j that can be, as multiples of the first, then made to sum up to 1.
void BlockTilt::take_coefficients(const BlockTable& table) {
  first_ = bad_ > table.baseline ? bad_ - table.baseline : 0;
  count_ = std::min(bad_, table.canary) - first_ + 1;
  const double bad = bad_;
  const double canary = table.canary;
  const double good_beyond = static_cast<double>(table.baseline) - bad;
  double sum = 1;
  coefficients_[0] = 1;
  for (std::uint32_t i = 1; i < count_; ++i) {
    const double j = first_ + i - 1;
    coefficients_[i] = coefficients_[i - 1] * (bad - j) * (canary - j) / ((j + 1) * (good_beyond + j + 1));
    sum += coefficients_[i];
  }
  for (std::uint32_t i = 0; i < count_; ++i) coefficients_[i] /= sum;
}

// E0[r^(X - first)].
double BlockTilt::tilted_sum(double ratio) const {
  double sum = 0;
  for (std::uint32_t i = count_; i > 0; --i) sum = sum * ratio + coefficients_[i - 1];
  return sum;
}

double BlockTilt::log_likelihood_ratio(double ratio) const {
  if (!says_something_) return 0;
  if (share_) return canary_bad_ * std::log(ratio) - bad_ * std::log1p(*share_ * (ratio - 1));
  return (canary_bad_ - first_) * std::log(ratio) - std::log(tilted_sum(ratio));
}

std::vector<double> shares_beyond(double limit) {
  constexpr double kMost = 0.95;
  std::vector<double> shares;
  for (const double multiple : {1.25, 1.5, 2.0, 3.0, 5.0, 10.0}) {
    if (limit * multiple < kMost) shares.push_back(limit * multiple);
  }
  shares.push_back(std::max(kMost, (1 + limit) / 2));
  return shares;
}

ShareEvidence share_evidence(double share, double limit) {
  return {std::log(share / limit), std::log((1 - share) / (1 - limit))};
}

}  // namespace gate::slo
