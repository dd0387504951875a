#pragma once

#include <optional>

#include "gate/slo/metric.h"

namespace gate::slo {

// Whether one of the sets is met, each of its criteria by the experiment's aggregate, a relative one beside
// the control's. nullopt where that hangs on a value that is not there. Numbers are compared as exact
// decimals: a double is the shortest decimal that reads back as it.
std::optional<bool> meets(const CriteriaSets& sets, const std::optional<double>& experiment,
                          const std::optional<double>& control);

// Judges as Keptn's quality gate does: a metric that meets its pass criteria earns its weight, one that
// meets its warning criteria half of it, others nothing; the share earned is the score. A failed key_sli (or
// critical metric) fails. A metric without pass criteria is only told.
//
// Keptn passes what it has nothing to compare with; here that has a doubt, no_data, and low_traffic where
// points are missing and fewer than three of the experiment (or of the control, for relative criteria) have a
// number. Without any pass criteria the outcome is marginal.
Judgement judge_by_criteria(const MetricSet& set);

}  // namespace gate::slo
