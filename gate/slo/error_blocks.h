#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace gate::slo {

// One block of requests as a two by two table.
struct BlockTable {
  static constexpr std::uint32_t kMostRequests = 64;

  std::uint32_t baseline = 0;  // requests
  std::uint32_t canary = 0;
  std::uint32_t baseline_bad = 0;  // of them
  std::uint32_t canary_bad = 0;

  [[nodiscard]] std::uint32_t requests() const { return baseline + canary; }
  [[nodiscard]] std::uint32_t bad() const { return baseline_bad + canary_bad; }
  bool operator==(const BlockTable&) const = default;
};

// Where a block's bad requests fall if they fall like all its others. Given how many requests each arm had
// and how many were bad, the canary's number X of bad ones is hypergeometric, whatever the canary's share and
// however bad things are for both; with a share that is known beforehand it is binomial.
class BlockTilt {
 public:
  // At most kMostRequests.
  explicit BlockTilt(const BlockTable& table, std::optional<double> share = std::nullopt);

  // Whether the bad requests could have fallen otherwise.
  [[nodiscard]] bool says_something() const { return says_something_; }

  // ln (r^x / E0[r^X]) for r > 0: the likelihood ratio of the odds ratio r against 1, of Fisher's noncentral
  // hypergeometric distribution. Its expectation is exactly 1 under the null hypothesis.
  [[nodiscard]] double log_likelihood_ratio(double ratio) const;

 private:
  void take_coefficients(const BlockTable& table);
  [[nodiscard]] double tilted_sum(double ratio) const;

  std::optional<double> share_;
  std::uint32_t bad_;
  std::uint32_t canary_bad_;
  bool says_something_;
  std::uint32_t first_ = 0;  // fewest bad requests that the canary can have
  std::uint32_t count_ = 0;
  std::array<double, BlockTable::kMostRequests + 1> coefficients_;  // P0(first + j)
};

// The alternatives that tests average over.

// Odds ratios of a canary that is worse.
inline constexpr std::array kWorseRatios = {1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 1000.0};

// Of a canary that is not, as multiples of the odds ratio or the share that would be too much.
inline constexpr std::array kSafeMultiples = {0.1, 0.25, 0.5, 0.75};

// Shares of a canary beyond its limit: multiples of the limit below 0.95, and 0.95. At most 7.
std::vector<double> shares_beyond(double limit);

// ln of the likelihood ratios of one bad, and of one good request: `share` against `limit`.
struct ShareEvidence {
  double bad = 0;
  double good = 0;

  bool operator==(const ShareEvidence&) const = default;
};
ShareEvidence share_evidence(double share, double limit);

}  // namespace gate::slo
