#pragma once

#include <cstddef>

#include "gate/slo/metric.h"

namespace gate::slo {

// Judges whether each metric of the experiment is worse than the control's, with the whole file's chance
// of a false High or Low held at 1 − confidence_level (0.02 by default): with k metrics each has the k-th
// part of it, half for either direction, and of that half for either test (Bonferroni). The two tests:
//
// - location: Mann-Whitney (mann_whitney.h). It counts where the difference matters: the interval lies
//   beyond tolerance · |estimate|, or the estimate is more than tolerance · |the control's median|, or the
//   mean moved by more than tolerance · |the control's mean|.
// - tail: how many points lie beyond all of the control's (tail_test.h), outliers among them. It counts
//   where their median is further from the control's median than the control's extreme, by tolerance.
//
// A High or Low must also reach the limits of effect_size that the file gives. Where the ratio of means has
// no meaning (a mean of the control's that is not above 0, one of the experiment's below it) no limit
// applies: what cannot be measured excuses nothing.
//
// A metric has a doubt, whatever the score: no_data where a side is empty or nothing was measured;
// low_traffic where so few points could not be told apart whatever they are, where no experiment's point is
// on the good side of any control's with a p value below 0.1 (an error or three, against none), and where a
// doubling, or a halving, of every point is not excluded at 5 % (harm_of). A metric
// that must have data is NodataFailMetric without it and fails the comparison. Metrics without a group are
// one.
//
// Not seen: a change within the tolerance (warned about where no point of the experiment is as good as any of
// the control's); a change of shape that moves neither ranks nor extremes; a tail
// where the control has one point as bad (the location test is what is left). Points that follow
// from one another (a slow minute after a slow minute) count as if they were independent.
Judgement judge_by_mann_whitney(const MetricSet& set);

// How many points each side needs at least before either test can reject at two-sided level `alpha`.
std::size_t points_needed(double alpha);

}  // namespace gate::slo
