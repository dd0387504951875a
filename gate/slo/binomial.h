#pragma once

namespace gate::slo {

// The probability of `least` or more bad events among `total`, each bad with probability `share`: the exact
// binomial tail, to a relative error of about 1e-6. Counts are rounded to whole ones; a `share` outside 0 to
// 1 counts as the nearer of the two. 1, which is no evidence, for more than 10^12 events.
double binomial_tail(double least, double total, double share);

}  // namespace gate::slo
