#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/slo/metric.h"

namespace gate::load {

// The metrics of a canary and its baseline, as JSON:
//   {"metrics": [{"name", "group", "direction": "increase|decrease|either", "critical", "must_have_data",
//     "nan_strategy": "remove|replace", "outliers": "keep|remove", "tolerance", "confidence_level",
//     "effect_size": {"measure": "mean_ratio|cles", "allowed_increase", "allowed_decrease",
//       "critical_increase", "critical_decrease"},
//     "criteria": {"pass": [["<=+10%", "<600"], ["<500"]], "warning": ["<=800"]}, "weight", "key_sli",
//     "aggregate": "avg|p50|p90|p95",
//     "control": [numbers or null], "experiment": [numbers or null]}],
//    "group_weights": {"group": percent}, "thresholds": {"pass", "marginal"},
//    "total_score": {"pass", "warning"}}
// Each metric has a name of its own and both arrays; the other keys are optional. A list of strings as
// criteria is one set. Errors: malformed, as `path:line:column: why`, for text that is not JSON, an unknown
// key, a value of the wrong type or range, a number beyond a double; budget over 16 MiB.
Result<slo::MetricSet> metric_set_from_json(std::string_view text, std::string_view path);

}  // namespace gate::load
