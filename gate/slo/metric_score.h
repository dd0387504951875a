#pragma once

#include <map>
#include <string>
#include <vector>

#include "gate/slo/metric.h"

namespace gate::slo {

// What a metric that nobody knows anything about counts as in its group's score.
enum class Unknown { left_out, good, bad };

// The groups of the metrics, by name: score = 100 · good / (good + bad). A group without a weight has an
// equal part of what the others leave of 100.
std::vector<GroupResult> score_groups(const std::vector<MetricResult>& metrics,
                                      const std::map<std::string, double>& weights, Unknown unknown);

// Σ score · weight / 100; a group without a score counts as 100.
double total_of(const std::vector<GroupResult>& groups);

// The weights made to sum to 100, where they sum to anything.
void complete_weights(std::vector<GroupResult>& groups);

// To two digits after the point, halves away from zero, of the number as its shortest digits write it.
double rounded_score(double score);

MetricOutcome outcome_of(double score, const ScoreThresholds& thresholds);

// "score 92.5: below 95".
std::string describe_score(double score, const ScoreThresholds& thresholds);

}  // namespace gate::slo
