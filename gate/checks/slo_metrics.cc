#include "gate/checks/slo_metrics.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "gate/base/text.h"
#include "gate/checks/slo_doubt.h"
#include "gate/load/compare_json.h"
#include "gate/slo/criteria_judge.h"
#include "gate/slo/kayenta_judge.h"
#include "gate/slo/mann_whitney_judge.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::Finding;
using policy::Reason;
using policy::Severity;
using slo::Judgement;
using slo::Metric;
using slo::MetricClass;
using slo::MetricJudge;
using slo::MetricOutcome;
using slo::MetricResult;
using slo::MetricSet;

constexpr std::uint64_t kLargestFile = std::uint64_t{16} << 20U;
constexpr std::string_view kRule = "slo.metric";

Judgement judge_metrics(const MetricSet& set, MetricJudge judge) {
  switch (judge) {
    case MetricJudge::mann_whitney: return slo::judge_by_mann_whitney(set);
    case MetricJudge::kayenta: return slo::judge_as_kayenta(set);
    case MetricJudge::criteria: return slo::judge_by_criteria(set);
  }
  return {};
}

Finding undecided(Reason reason, const std::string& subject, const std::string& message) {
  return policy::undecided(fmt::format("slo.{}", policy::name_of(reason)), reason, subject, message);
}

std::vector<Finding> findings_about(const MetricResult& metric, MetricOutcome outcome) {
  std::vector<Finding> findings;
  if (metric.doubt) {
    findings.push_back(undecided(reason_of(metric.doubt->doubt), metric.name, metric.doubt->message));
  }
  if (!metric.caution.empty()) {
    findings.push_back(policy::violation(std::string{kRule}, Severity::warning, metric.name, metric.caution));
  }
  const bool warned = metric.classification == MetricClass::warning;
  if (!warned && !metric.lacks_required_data && !is_bad(metric.classification)) return findings;
  std::string message = fmt::format("{}{}: {}", metric.critical ? "critical, " : "",
                                    name_of(metric.classification), metric.reason);
  const bool fails = metric.lacks_required_data || (outcome == MetricOutcome::failed && !warned);
  findings.push_back(policy::violation(std::string{kRule}, fails ? Severity::error : Severity::warning,
                                       metric.name, std::move(message)));
  return findings;
}

std::optional<Finding> finding_about_score(const Judgement& judgement, bool blamed) {
  switch (judgement.outcome) {
    case MetricOutcome::passed: return std::nullopt;
    case MetricOutcome::marginal: return undecided(Reason::inconclusive, "score", judgement.reason);
    case MetricOutcome::warned:
      return policy::violation(std::string{kRule}, Severity::warning, "score", judgement.reason);
    case MetricOutcome::failed: break;
  }
  // Where metrics are to blame each stands for itself, so that an exempted one blocks nothing.
  if (blamed) return std::nullopt;
  return policy::violation(std::string{kRule}, Severity::error, "score", judgement.reason);
}

void add_findings(const MetricSet& set, const Judgement& judgement, Evidence& evidence) {
  bool blamed = false;
  for (std::size_t i = 0; i < judgement.metrics.size(); ++i) {
    for (Finding& finding : findings_about(judgement.metrics[i], judgement.outcome)) {
      const slo::Origin& origin = set.metrics[i].origin;
      finding.location = {origin.file, origin.line, origin.column, fmt::format("/metrics/{}", i)};
      blamed =
          blamed || (finding.kind == policy::FindingKind::violation && finding.severity == Severity::error);
      evidence.findings.push_back(std::move(finding));
    }
  }
  if (auto finding = finding_about_score(judgement, blamed)) evidence.findings.push_back(std::move(*finding));
}

// Criteria that nobody looked at must not look like ones that hold.
void warn_of_criteria(const MetricSet& set, MetricJudge judge, Evidence& evidence) {
  if (judge == MetricJudge::criteria) return;
  for (const Metric& metric : set.metrics) {
    if (metric.pass.empty()) continue;
    evidence.findings.push_back(policy::violation(
        std::string{kRule}, Severity::warning, "criteria",
        fmt::format("metric {} has criteria, and the judge {} looks at none: use --judge criteria",
                    metric.name, name_of(judge))));
    return;
  }
}

std::size_t numbers_in(const std::vector<double>& points) {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(), [](double point) { return !std::isnan(point); }));
}

Value number(const std::optional<double>& number) {
  return number ? Value{*number} : Value{};
}

Value metric_value(const MetricResult& metric, MetricJudge judge) {
  Value value = Value::object({{"name", metric.name},
                               {"group", metric.group},
                               {"classification", name_of(metric.classification)},
                               {"critical", metric.critical},
                               {"control_points", metric.control_points},
                               {"experiment_points", metric.experiment_points}});
  if (judge == MetricJudge::criteria) {
    value.set("control_value", number(metric.control_value));
    value.set("experiment_value", number(metric.experiment_value));
  } else {
    value.set("estimate", number(metric.estimate));
    value.set("ci_low", number(metric.ci_low));
    value.set("ci_high", number(metric.ci_high));
    value.set("confidence_level", number(metric.confidence_level));
    value.set("p_value", number(metric.p_value));
    if (judge == MetricJudge::mann_whitney) value.set("tail_p_value", number(metric.tail_p_value));
    value.set("effect_size", number(metric.effect_size));
  }
  value.set("reason", metric.reason);
  return value;
}

Value results_of(const Judgement& judgement, MetricJudge judge) {
  Value metrics = Value::array();
  for (const MetricResult& metric : judgement.metrics) metrics.push(metric_value(metric, judge));
  Value groups = Value::array();
  for (const slo::GroupResult& group : judgement.groups) {
    groups.push(
        Value::object({{"name", group.name}, {"score", number(group.score)}, {"weight", group.weight}}));
  }
  return Value::object({{"judge", name_of(judge)},
                        {"metrics", std::move(metrics)},
                        {"groups", std::move(groups)},
                        {"score", number(judgement.score)},
                        {"reason", judgement.reason}});
}

}  // namespace

Result<Evidence> check_metrics(const std::string& path, MetricJudge judge, const ports::Files& files) {
  const auto text = files.read(path, kLargestFile);
  if (!text) return text.error();
  const auto set = load::metric_set_from_json(*text, path);
  if (!set) return set.error();

  Evidence evidence;
  evidence.inputs.push_back({path, sha256_hex(*text), text->size()});
  std::size_t points = 0;
  for (const Metric& metric : set->metrics)
    points += numbers_in(metric.control) + numbers_in(metric.experiment);
  policy::count(evidence, "metrics", set->metrics.size());
  policy::count(evidence, "points", points);
  Judgement judgement;
  if (set->metrics.empty()) {
    judgement.reason = "the file has no metrics";
    evidence.findings.push_back(undecided(Reason::no_data, path, judgement.reason));
  } else {
    judgement = judge_metrics(*set, judge);
    add_findings(*set, judgement, evidence);
    warn_of_criteria(*set, judge, evidence);
  }
  evidence.results = results_of(judgement, judge);
  return evidence;
}

}  // namespace gate::checks
