#pragma once

#include "gate/slo/metric.h"

namespace gate::slo {

// Judges as Kayenta's NetflixACAJudge-v1.0 does, for teams that move over. A metric is High where the lower
// end of its interval is above tolerance · |estimate| and its effect size at least the allowed increase;
// Low likewise. Groups score the share of their metrics that are not bad, weights add them up, a critical
// metric that is not Pass and 50 % without data score 0.
//
// It differs from Kayenta where that guesses: interval and estimate are exact and follow the unit of the
// data (Kayenta's roots stop at an absolute 1e-4); sides that are constant but not alike are decided by the
// sign of the difference and not by random noise; a metric that has no effect size stays critical. Metrics
// without a group are a group. What has no number on a side is classified, and scored, as Kayenta does; it
// has a doubt all the same, and what must have data fails the comparison. So does a critical metric, however
// low the thresholds are.
Judgement judge_as_kayenta(const MetricSet& set);

}  // namespace gate::slo
