#pragma once

#include <cstdint>
#include <vector>

namespace gate::slo {

// The k-th smallest (from 1) of all n·m differences x − y of an experiment's points and a control's, both
// ascending, neither empty: exactly the double that the difference is, or the largest one where it is
// beyond. The differences are a matrix with sorted rows and columns that is never written down: O((n + m)
// log(nm)) for what telemetry looks like, at most 128 walks over the points for anything else.
double kth_difference(const std::vector<double>& experiment, const std::vector<double>& control,
                      std::uint64_t k);

}  // namespace gate::slo
