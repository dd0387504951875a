#pragma once

#include <span>

#include "gate/slo/objective.h"
#include "gate/slo/rules.h"

namespace gate::checks {

// Prometheus rules for objectives whose events Prometheus counts, with the labels `objective` and `service`:
//
// - slo:bad_events:increase5m and slo:events:increase5m, every five minutes: windows of more than six hours
// are
//   ratios of their sums, so that they are weighted by traffic, never means of ratios.
// - slo:bad_share:ratio for each window. Without events there is no sample, instead of NaN that compares
// false;
// - slo:error_budget:remaining of rolling periods;
// - alerts: SloErrorBudgetBurn for each burn-rate row (label severity: page or ticket), SloErrorBudgetSpent,
//   and so that nothing goes silent SloNoData, where a series of the indicator is missing for as long as a
//   total outage would take to page, and SloNoTraffic, where an hour had no event.
//
// Histograms must have a bucket at the objective's threshold; without one SloNoData fires.
slo::RuleFile make_rules(std::span<const slo::Objective> objectives);

}  // namespace gate::checks
