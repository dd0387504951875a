#include "gate/slo/metric_score.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include <fmt/format.h>

#include "gate/base/decimal.h"

namespace gate::slo {
namespace {

struct Count {
  std::size_t good = 0;
  std::size_t all = 0;
};

void add(Count& count, const MetricResult& metric, Unknown unknown) {
  const bool known = metric.classification != MetricClass::nodata;
  if (!known && unknown == Unknown::left_out) return;
  ++count.all;
  if (known ? !is_bad(metric.classification) : unknown == Unknown::good) ++count.good;
}

}  // namespace

std::vector<GroupResult> score_groups(const std::vector<MetricResult>& metrics,
                                      const std::map<std::string, double>& weights, Unknown unknown) {
  std::map<std::string, Count> counts;
  for (const MetricResult& metric : metrics) add(counts[metric.group], metric, unknown);
  const double given = std::accumulate(weights.begin(), weights.end(), 0.0,
                                       [](double sum, const auto& weight) { return sum + weight.second; });
  const auto unweighted = std::count_if(counts.begin(), counts.end(), [&](const auto& count) {
    return weights.find(count.first) == weights.end();
  });
  std::vector<GroupResult> groups;
  for (const auto& [name, count] : counts) {
    const auto weight = weights.find(name);
    GroupResult group{
        name, std::nullopt,
        weight != weights.end() ? weight->second : (100 - given) / static_cast<double>(unweighted)};
    if (count.all > 0) group.score = static_cast<double>(count.good) / static_cast<double>(count.all) * 100;
    groups.push_back(std::move(group));
  }
  return groups;
}

double total_of(const std::vector<GroupResult>& groups) {
  return std::accumulate(groups.begin(), groups.end(), 0.0, [](double sum, const GroupResult& group) {
    return sum + group.score.value_or(100) * (group.weight / 100);
  });
}

void complete_weights(std::vector<GroupResult>& groups) {
  const double sum = std::accumulate(groups.begin(), groups.end(), 0.0,
                                     [](double so_far, const auto& group) { return so_far + group.weight; });
  if (!(sum > 0)) return;
  for (GroupResult& group : groups) group.weight = group.weight / sum * 100;
}

double rounded_score(double score) {
  const Decimal hundred = Decimal::of(std::int64_t{100});
  const auto scaled = Decimal::of(score).times(hundred);
  if (!scaled) return score;
  // floor() of the nearest double is off by one at most; the exact comparison says which it is.
  double whole = std::floor(scaled->nearest_double());
  const auto rest = scaled->minus(Decimal::of(whole));
  if (rest && *rest >= Decimal::of(0.5)) whole += 1;
  return whole / 100;
}

MetricOutcome outcome_of(double score, const ScoreThresholds& thresholds) {
  if (score >= thresholds.pass) return MetricOutcome::passed;
  return score >= thresholds.marginal ? MetricOutcome::marginal : MetricOutcome::failed;
}

std::string describe_score(double score, const ScoreThresholds& thresholds) {
  switch (outcome_of(score, thresholds)) {
    case MetricOutcome::passed: return fmt::format("score {}, {} is enough", score, thresholds.pass);
    case MetricOutcome::marginal:
      return fmt::format("score {}: {} passes, below {} fails", score, thresholds.pass, thresholds.marginal);
    case MetricOutcome::warned:
    case MetricOutcome::failed: break;
  }
  return fmt::format("score {}, below {}", score, thresholds.marginal);
}

}  // namespace gate::slo
