#pragma once

#include <string>

#include "gate/base/result.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"
#include "gate/slo/metric.h"

namespace gate::checks {

// `slo-evaluate compare FILE`: whether the metrics of an experiment are worse than those of a control.
//
// A bad metric is a violation slo.metric of that name: an error where the score fails, the metric is critical
// or it must have data and has none, else the score outvotes it and it warns, whoever judges. What
// cannot be told is undecided (slo.no_data, slo.low_traffic), whatever the score; a score that is neither
// passed nor failed is undecided (slo.inconclusive).
//
// Results: judge, metrics, groups, score, reason. Errors: those of the file and of metric_set_from_json.
Result<policy::Evidence> check_metrics(const std::string& path, slo::MetricJudge judge,
                                       const ports::Files& files);

}  // namespace gate::checks
