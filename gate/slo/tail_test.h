#pragma once

#include <cstddef>
#include <vector>

namespace gate::slo {

// How many points of one side lie beyond all of the other's.
struct TailTest {
  std::size_t beyond = 0;
  double p_value = 1;  // one-sided: of so many or more, were both sides alike

  bool operator==(const TailTest&) const = default;
};

// Rosenbaum's test of the largest values (1954): were both sides drawn alike, the `a` largest of all n + m
// points would all be the experiment's with probability C(n, a) / C(n + m, a). Exact, whatever the
// distribution; equal points count for neither. Sees a tail or a spread that grew where the ranks of the
// bulk stay as they were. Both sides ascending.
TailTest upper_tail_test(const std::vector<double>& experiment, const std::vector<double>& control);
TailTest lower_tail_test(const std::vector<double>& experiment, const std::vector<double>& control);

// The least p value that n points can have against m: with all of them beyond.
double least_tail_p_value(std::size_t n, std::size_t m);

}  // namespace gate::slo
