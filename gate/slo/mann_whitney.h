#pragma once

#include <cstddef>
#include <vector>

namespace gate::slo {

// The points of one side, ascending. A NaN is not among them, an infinity is the largest finite double.
std::vector<double> sorted_points(std::vector<double> points);

// How an experiment's points lie to a control's.
struct RankTest {
  double u = 0;        // pairs in which the experiment is larger, an equal pair counting half
  double z = 0;        // above 0: the experiment's are larger; 0 where all points are equal
  double p_value = 1;  // two-sided
};

// The Mann-Whitney U test (Mann and Whitney 1947) by its normal approximation, corrected for ties and
// continuity: z = (U − nm/2 ∓ ½) / σ, σ² = nm/12 · ((N + 1) − Σ(t³ − t) / (N(N − 1))). Both sides ascending,
// neither empty.
RankTest rank_test(const std::vector<double>& experiment, const std::vector<double>& control);

// The largest |z| that n points against m can have.
double largest_z(std::size_t n, std::size_t m);

// By how much the experiment's points are larger.
struct Shift {
  double estimate = 0;  // Hodges and Lehmann 1963: the median of all n·m differences, exactly
  double low = 0;       // the interval's ends, both among the differences
  double high = 0;

  bool operator==(const Shift&) const = default;
};

// The shifts μ for which rank_test(experiment − μ, control) does not reject at the level whose normal
// quantile is `z`, from 0: where the step function g(μ) crosses ±z, exactly. It follows the data's scale,
// unlike a root finder's. Both sides ascending, neither empty. Differences are
// those of pairwise_difference.h.
Shift shift_between(const std::vector<double>& experiment, const std::vector<double>& control, double z);

}  // namespace gate::slo
