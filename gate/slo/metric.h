#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/slo/events.h"
#include "gate/slo/objective.h"

namespace gate::slo {

// Who decides whether the experiment's metrics are worse than the control's.
enum class MetricJudge {
  mann_whitney,  // mann_whitney_judge.h: ours, the default
  kayenta,       // kayenta_judge.h: the semantics of Kayenta's NetflixACAJudge-v1.0
  criteria,      // criteria_judge.h: the semantics of Keptn's quality gates
};

// In which direction a difference is bad.
enum class Direction { increase, decrease, either };

// What happens to a point that has no number.
enum class NanStrategy { remove, replace };  // replace: by zero

enum class Outliers { keep, remove };

// How large a difference is: mean(experiment) / mean(control), or the share of pairs in which the
// experiment's value is the larger one (common language effect size).
enum class EffectMeasure { mean_ratio, cles };

// Limits of the effect size; absent ones are 1 for a ratio and 0.5 for the share of pairs.
struct EffectSize {
  EffectMeasure measure = EffectMeasure::mean_ratio;
  std::optional<double> allowed_increase;   // High needs at least this
  std::optional<double> allowed_decrease;   // Low needs at most this
  std::optional<double> critical_increase;  // and a critical metric these
  std::optional<double> critical_decrease;

  bool operator==(const EffectSize&) const = default;
};

// `<= +10%`: what an aggregate is compared with (Keptn's criterion grammar: op[+|-]number[%]).
struct Criterion {
  enum class Op { less, less_or_equal, equal, greater_or_equal, greater };
  enum class Base {
    absolute,  // the number
    offset,    // the control's aggregate plus the number
    percent,   // the control's aggregate plus so many percent of it
  };
  Op op = Op::less_or_equal;
  Base base = Base::absolute;
  Decimal number;       // signed
  std::string written;  // as it stands in the file

  bool operator==(const Criterion&) const = default;
};

// Met where any one set is; a set is met where each of its criteria is.
using CriteriaSets = std::vector<std::vector<Criterion>>;

// What the points of a side are made into for criteria. Percentiles lie at p·(n + 1).
enum class Aggregate { avg, p50, p90, p95 };

// What one metric of a comparison is held to, and its points: NaN where there is none.
struct Metric {
  std::string name;
  std::string group = "default";
  Direction direction = Direction::either;
  bool critical = false;
  bool must_have_data = false;
  NanStrategy nan_strategy = NanStrategy::remove;
  Outliers outliers = Outliers::keep;
  double tolerance = 0.25;         // from 0
  double confidence_level = 0.98;  // above 0 and below 1
  EffectSize effect_size;
  std::vector<double> control;
  std::vector<double> experiment;

  CriteriaSets pass;  // of the criteria judge; empty: the metric is only told
  CriteriaSets warning;
  Decimal weight = Decimal::of(std::int64_t{1});
  bool key_sli = false;
  Aggregate aggregate = Aggregate::avg;

  Origin origin;

  bool operator==(const Metric&) const = default;
};

// At least `pass` passes, at least `marginal` is not decided, less fails; from 0 to 100.
struct ScoreThresholds {
  double pass = 95;
  double marginal = 75;

  bool operator==(const ScoreThresholds&) const = default;
};

// The same for criteria: at least `warning` is warned about.
struct TotalScore {
  double pass = 90;
  double warning = 75;

  bool operator==(const TotalScore&) const = default;
};

// Everything a comparison file says.
struct MetricSet {
  std::vector<Metric> metrics;                  // names are unique
  std::map<std::string, double> group_weights;  // in percent, 100 together at most; each names a group
  ScoreThresholds thresholds;
  TotalScore total_score;

  bool operator==(const MetricSet&) const = default;
};

// What became of a metric. The first five are Kayenta's, the others those of criteria.
enum class MetricClass { pass, high, low, nodata, nodata_fail, warning, fail, info };

// "Pass", "High", "Low", "Nodata", "NodataFailMetric", "Warning", "Fail", "Info".
std::string_view name_of(MetricClass classification);
std::string_view name_of(MetricJudge judge);  // "mann-whitney", "kayenta", "criteria"

// Whether it speaks against the experiment.
bool is_bad(MetricClass classification);

// What a judge says about one metric. Numbers are finite.
struct MetricResult {
  std::string name;
  std::string group;
  MetricClass classification = MetricClass::nodata;
  bool critical = false;           // where it is bad it fails the whole comparison
  std::size_t control_points = 0;  // as compared: after the strategies
  std::size_t experiment_points = 0;
  std::optional<double> control_value;  // aggregates, of criteria
  std::optional<double> experiment_value;
  std::optional<double> estimate;  // Hodges-Lehmann: how much larger the experiment is
  std::optional<double> ci_low;
  std::optional<double> ci_high;
  std::optional<double> confidence_level;  // of the interval
  std::optional<double> p_value;           // two-sided, Mann-Whitney
  std::optional<double> tail_p_value;      // of the more suspicious tail
  std::optional<double> effect_size;       // absent where it is not defined
  std::string reason;                      // one clause, lower case, no full stop
  std::string caution;                     // what to warn about whatever it is; else empty
  bool lacks_required_data = false;        // fails the whole comparison, whatever it is and the score is
  std::optional<Missing> doubt;            // why nothing can be said; decides whatever the score is

  bool operator==(const MetricResult&) const = default;
};

struct GroupResult {
  std::string name;
  std::optional<double> score;  // absent where no metric of the group is known
  double weight = 0;            // in percent

  bool operator==(const GroupResult&) const = default;
};

enum class MetricOutcome { passed, warned, marginal, failed };

// What a judge says about all of them.
struct Judgement {
  std::vector<MetricResult> metrics;  // in the order of the file
  std::vector<GroupResult> groups;    // by name; none for criteria
  std::optional<double> score;        // absent where data is missing that could change it
  MetricOutcome outcome = MetricOutcome::marginal;
  std::string reason;  // of the outcome, in one clause

  bool operator==(const Judgement&) const = default;
};

}  // namespace gate::slo
