#include "gate/slo/criteria_judge.h"

#include <algorithm>
#include <compare>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/slo/metric_sides.h"
#include "gate/slo/percentile.h"

namespace gate::slo {
namespace {

bool holds(Criterion::Op op, std::strong_ordering order) {
  switch (op) {
    case Criterion::Op::less: return order < 0;
    case Criterion::Op::less_or_equal: return order <= 0;
    case Criterion::Op::equal: return order == 0;
    case Criterion::Op::greater_or_equal: return order >= 0;
    case Criterion::Op::greater: return order > 0;
  }
  return false;
}

// The two numbers of a comparison, both multiplied by 100 where that spares a division.
struct Compared {
  std::optional<Decimal> value;
  std::optional<Decimal> target;
};

Compared compared(const Criterion& criterion, const Decimal& value, const std::optional<double>& control) {
  if (criterion.base == Criterion::Base::absolute) return {value, criterion.number};
  if (!control) return {value, std::nullopt};
  const Decimal before = Decimal::of(*control);
  if (criterion.base == Criterion::Base::offset) return {value, before.plus(criterion.number)};
  const Decimal hundred = Decimal::of(std::int64_t{100});
  const auto percent = hundred.plus(criterion.number);
  return {value.times(hundred), percent ? before.times(*percent) : std::nullopt};
}

// Kleene's logic: "and" is the least of its parts, "or" the most.
enum class Truth { no, unknown, yes };

Truth truth_of(const Criterion& criterion, const std::optional<double>& experiment,
               const std::optional<double>& control) {
  if (!experiment) return Truth::unknown;
  const Compared both = compared(criterion, Decimal::of(*experiment), control);
  if (!both.value || !both.target) return Truth::unknown;
  return holds(criterion.op, *both.value <=> *both.target) ? Truth::yes : Truth::no;
}

std::optional<double> value_of(const std::vector<double>& points, std::size_t numbers, Aggregate aggregate) {
  if (numbers == 0) return std::nullopt;
  return aggregate_of(points, aggregate);
}

std::string describe_values(const MetricResult& result) {
  const auto text = [](const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : std::string{"none"};
  };
  return fmt::format("{}, the control's is {}", text(result.experiment_value), text(result.control_value));
}

std::string describe_sets(const CriteriaSets& sets) {
  std::string text;
  for (const auto& set : sets) {
    if (!text.empty()) text += " or ";
    for (std::size_t i = 0; i < set.size(); ++i) text += (i == 0 ? "" : " and ") + set[i].written;
  }
  return text;
}

void classify(const Metric& metric, MetricResult& result) {
  const auto met = [&](const CriteriaSets& sets) {
    return meets(sets, result.experiment_value, result.control_value);
  };
  const auto passes = met(metric.pass);
  const auto warns = passes == false ? met(metric.warning) : std::optional<bool>{false};
  if (!passes || !warns) {
    result.classification = MetricClass::nodata;
    result.reason = fmt::format("the {} has no data, so {} says nothing",
                                result.experiment_value ? "control" : "experiment",
                                describe_sets(passes ? metric.warning : metric.pass));
    result.doubt = Missing{Doubt::no_data, result.reason};
    return;
  }
  result.classification = *passes ? MetricClass::pass : *warns ? MetricClass::warning : MetricClass::fail;
  result.reason = fmt::format("{}; {} {}", describe_values(result), describe_sets(metric.pass),
                              *passes ? "holds" : "does not hold");
}

bool is_relative(const CriteriaSets& sets) {
  for (const auto& set : sets) {
    for (const Criterion& criterion : set) {
      if (criterion.base != Criterion::Base::absolute) return true;
    }
  }
  return false;
}

// Where points are missing, an aggregate of the one or two that are left is chance: what fails stays so, what
// does not is not known. A side that was given as one value is an aggregate already.
void doubt_few_points(const Metric& metric, const Sides& sides, MetricResult& result) {
  constexpr std::size_t kFewest = 3;
  const auto few = [](std::size_t numbers, const std::vector<double>& points) {
    return numbers < kFewest && numbers < points.size();
  };
  const bool relative = is_relative(metric.pass) || is_relative(metric.warning);
  const bool few_to_judge = few(sides.experiment_numbers, metric.experiment);
  if (result.doubt || !(few_to_judge || (relative && few(sides.control_numbers, metric.control)))) return;
  const std::size_t numbers = few_to_judge ? sides.experiment_numbers : sides.control_numbers;
  result.doubt = Missing{Doubt::low_traffic, fmt::format("the {} has {} with a number: criteria need {}",
                                                         few_to_judge ? "experiment" : "control",
                                                         counted(numbers, "point"), kFewest)};
  if (result.classification == MetricClass::fail) return;
  result.classification = MetricClass::nodata;
  result.reason = result.doubt->message;
}

MetricResult judge_metric(const Metric& metric) {
  const Sides sides = bulk_of(sides_of(metric), metric.outliers);
  MetricResult result = start_result(metric, sides);
  result.control_value = value_of(sides.control, sides.control_numbers, metric.aggregate);
  result.experiment_value = value_of(sides.experiment, sides.experiment_numbers, metric.aggregate);
  if (metric.must_have_data && !result.experiment_value) {
    result.classification = MetricClass::nodata_fail;
    result.lacks_required_data = true;
    result.reason = "the experiment has no data";
  } else if (metric.pass.empty()) {
    result.classification = MetricClass::info;
    result.reason = describe_values(result);
  } else {
    classify(metric, result);
    doubt_few_points(metric, sides, result);
  }
  result.critical =
      is_bad(result.classification) && (metric.must_have_data || metric.key_sli || metric.critical);
  return result;
}

// What of the weights was earned, and can be at most: decimals, so that 0.1 three times is 0.3.
struct Earned {
  Decimal least;
  Decimal most;
  Decimal all;
};

Decimal sum(const Decimal& a, const Decimal& b) {
  return a.plus(b).value_or(a);  // weights are doubles: their sums are short
}

Earned earned_by(const MetricSet& set, const std::vector<MetricResult>& results) {
  const Decimal half = Decimal::of(0.5);
  Earned earned;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Decimal& weight = set.metrics[i].weight;
    switch (results[i].classification) {
      case MetricClass::info: continue;
      case MetricClass::pass:
        earned.least = sum(earned.least, weight);
        earned.most = sum(earned.most, weight);
        break;
      case MetricClass::warning: {
        const Decimal part = weight.times(half).value_or(weight);
        earned.least = sum(earned.least, part);
        earned.most = sum(earned.most, part);
        break;
      }
      case MetricClass::nodata: earned.most = sum(earned.most, weight); break;
      case MetricClass::nodata_fail:
      case MetricClass::fail:
      case MetricClass::high:
      case MetricClass::low: break;
    }
    earned.all = sum(earned.all, weight);
  }
  return earned;
}

bool reaches(const Decimal& earned, const Decimal& all, double percent) {
  const auto have = earned.times(Decimal::of(std::int64_t{100}));
  const auto need = all.times(Decimal::of(percent));
  return have && need && *have >= *need;
}

double percent_of(const Decimal& earned, const Decimal& all) {
  return earned.divided_by(all).value_or(0) * 100;
}

void score(const MetricSet& set, Judgement& judgement) {
  const Earned earned = earned_by(set, judgement.metrics);
  const auto key = std::find_if(judgement.metrics.begin(), judgement.metrics.end(),
                                [](const MetricResult& metric) { return metric.critical; });
  if (earned.all.is_zero() && key == judgement.metrics.end()) {
    judgement.outcome = MetricOutcome::marginal;
    judgement.reason = "no metric has criteria to pass, and a weight";
    return;
  }
  judgement.outcome = reaches(earned.most, earned.all, set.total_score.pass)      ? MetricOutcome::passed
                      : reaches(earned.most, earned.all, set.total_score.warning) ? MetricOutcome::warned
                                                                                  : MetricOutcome::failed;
  const double most = percent_of(earned.most, earned.all);
  judgement.reason = fmt::format("score {:.6g}: {} passes, below {} fails", most, set.total_score.pass,
                                 set.total_score.warning);
  if (earned.least == earned.most) {
    judgement.score = most;
  } else {
    judgement.reason = fmt::format("score between {:.6g} and {:.6g}: not every metric is known",
                                   percent_of(earned.least, earned.all), most);
  }
  if (key == judgement.metrics.end()) return;
  judgement.outcome = MetricOutcome::failed;
  judgement.reason = fmt::format("key metric {} is {}", key->name, name_of(key->classification));
}

}  // namespace

std::optional<bool> meets(const CriteriaSets& sets, const std::optional<double>& experiment,
                          const std::optional<double>& control) {
  Truth any = Truth::no;
  for (const auto& set : sets) {
    Truth all = Truth::yes;
    for (const Criterion& criterion : set) all = std::min(all, truth_of(criterion, experiment, control));
    any = std::max(any, all);
  }
  if (any == Truth::unknown) return std::nullopt;
  return any == Truth::yes;
}

Judgement judge_by_criteria(const MetricSet& set) {
  Judgement judgement;
  for (const Metric& metric : set.metrics) judgement.metrics.push_back(judge_metric(metric));
  score(set, judgement);
  return judgement;
}

}  // namespace gate::slo
