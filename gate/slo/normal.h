#pragma once

namespace gate::slo {

// The share of a standard normal distribution below `x`, to a relative 1e-15 in the lower tail.
double normal_cdf(double x);

// The point below which the share `p` of a standard normal distribution lies; p from 1e-300 to below 1.
// To 1e-15 relative to `p` as given: ask for the lower tail and change the sign, 1 - p is rounded.
double normal_quantile(double p);

}  // namespace gate::slo
