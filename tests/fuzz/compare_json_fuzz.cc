#include <cmath>
#include <optional>
#include <string>

#include "gate/load/compare_json.h"
#include "gate/slo/criteria_judge.h"
#include "gate/slo/kayenta_judge.h"
#include "gate/slo/mann_whitney_judge.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using slo::Judgement;
using slo::MetricResult;
using slo::MetricSet;

bool is_number(const std::optional<double>& value) {
  return !value || std::isfinite(*value);
}

void check_result(const MetricResult& result) {
  for (const auto& value :
       {result.estimate, result.ci_low, result.ci_high, result.p_value, result.tail_p_value,
        result.effect_size, result.control_value, result.experiment_value}) {
    require(is_number(value), "what is reported is a number");
  }
  require(!result.estimate || (*result.ci_low <= *result.estimate && *result.estimate <= *result.ci_high),
          "an estimate lies within its interval");
  require(!result.reason.empty(), "a classification has a reason");
}

void check_judgement(const MetricSet& set, const Judgement& judgement) {
  require(judgement.metrics.size() == set.metrics.size(), "every metric has a result");
  for (const MetricResult& result : judgement.metrics) check_result(result);
  require(is_number(judgement.score), "a score is a number");
  require(!judgement.score || (*judgement.score >= 0 && *judgement.score <= 100), "a score is from 0 to 100");
}

void check_data_is_needed(const Judgement& judgement) {
  for (const MetricResult& result : judgement.metrics) {
    const bool empty = result.control_points == 0 || result.experiment_points == 0;
    require(!empty || result.doubt || is_bad(result.classification), "nothing passes without data");
  }
}

}  // namespace

void fuzz_compare_json(std::string_view input) {
  constexpr std::size_t kMostBytes = 16'384;
  if (input.size() > kMostBytes) return;
  const auto set = load::metric_set_from_json(input, "m.json");
  if (!set) {
    require(set.error().message.substr(0, 7) == "m.json:", "an error has a place");
    return;
  }
  if (set->metrics.empty()) return;
  const Judgement ours = slo::judge_by_mann_whitney(*set);
  check_judgement(*set, ours);
  check_data_is_needed(ours);
  check_judgement(*set, slo::judge_as_kayenta(*set));
  check_judgement(*set, slo::judge_by_criteria(*set));
}

}  // namespace gate::fuzz
