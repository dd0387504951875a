#include "gate/checks/slo_results.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "gate/checks/slo_doubt.h"
#include "gate/slo/reasons.h"
#include "gate/slo/windows.h"
#include "gate/slo/wording.h"

namespace gate::checks {
namespace {

using policy::Finding;
using slo::BurnRow;
using slo::Interval;
using slo::Missing;
using slo::Reason;
using slo::Share;

Finding finding_of(const Reason& reason, const slo::Objective& objective) {
  using Effect = Reason::Effect;
  if (objective.shadow) return policy::note(reason.rule, objective.name, "not enforced: " + reason.message);
  switch (reason.effect) {
    case Effect::failure:
      return policy::violation(reason.rule, policy::Severity::error, objective.name, reason.message);
    case Effect::warning:
      return policy::violation(reason.rule, policy::Severity::warning, objective.name, reason.message);
    case Effect::doubt:
      return policy::undecided(reason.rule, reason_of(reason.doubt), objective.name, reason.message);
    case Effect::note: break;
  }
  return policy::note(reason.rule, objective.name, reason.message);
}

// A number; null where it is none, which JSON cannot say.
Value number(double value) {
  return std::isfinite(value) ? Value{value} : Value{};
}

Value interval(const Interval& value) {
  return Value::object({{"least", number(value.least)}, {"most", number(value.most)}});
}

Value missing(const Missing& why) {
  return Value::object({{"missing", slo::name_of(why.doubt)}, {"message", why.message}});
}

Value burn(const slo::Known& known) {
  const auto* value = std::get_if<Interval>(&known);
  return value == nullptr ? missing(std::get<Missing>(known)) : interval(*value);
}

Value answer(slo::Ternary ternary) {
  if (ternary == slo::Ternary::unknown) return {};
  return ternary == slo::Ternary::yes;
}

Value sli_value(const EvaluatedObjective& evaluated) {
  const auto window = slo::decisive_window(evaluated.objective);
  Value value =
      Value::object({{"window", slo::window_text(window)}, {"unit", slo::unit_of(evaluated.objective)}});
  if (const auto* why = std::get_if<Missing>(&evaluated.evaluation.period)) {
    value.set("missing", slo::name_of(why->doubt)).set("message", why->message);
    return value;
  }
  const auto& share = std::get<Share>(evaluated.evaluation.period);
  const slo::Events& events = share.counted;
  value.set("total", number(events.total));
  value.set("bad", interval({events.bad_least, events.bad_most}));
  value.set("good_share", interval({(events.total - events.bad_most) / events.total,
                                    (events.total - events.bad_least) / events.total}));
  return value;
}

Value budget_value(const EvaluatedObjective& evaluated) {
  const auto& budget = evaluated.evaluation.budget;
  if (!budget) return {};
  Value value = Value::object({{"allowed", number(budget->allowed)},
                               {"spent", interval(budget->spent)},
                               {"remaining", interval(budget->remaining)},
                               {"reserve", evaluated.objective.reserve.to_string()},
                               {"violated", answer(evaluated.evaluation.violated)}});
  value.set("seconds_to_exhaustion",
            budget->time_to_exhaustion ? Value{budget->time_to_exhaustion->count()} : Value{});
  return value;
}

Value burn_rows(const std::vector<BurnRow>& rows) {
  Value values = Value::array();
  for (const BurnRow& row : rows) {
    values.push(Value::object({{"severity", slo::name_of(row.row.severity)},
                               {"long", slo::window_text(row.row.long_window)},
                               {"short", slo::window_text(row.row.short_window)},
                               {"factor", row.factor},
                               {"long_burn", burn(row.long_burn)},
                               {"short_burn", burn(row.short_burn)},
                               {"fires", answer(row.fires)}}));
  }
  return values;
}

Value threshold_value(const EvaluatedObjective& evaluated) {
  const auto* threshold = std::get_if<slo::Threshold>(&evaluated.objective.span);
  if (threshold == nullptr) return {};
  return Value::object({{"setting", threshold->setting},
                        {"limit", threshold->limit},
                        {"exceeded", answer(evaluated.evaluation.violated)}});
}

Value queries(const slo::Measurement& measurement) {
  Value values = Value::array();
  for (const slo::QueryRecord& record : measurement.queries) {
    values.push(Value::object(
        {{"query", record.query}, {"answer", record.answer}, {"milliseconds", record.took.count()}}));
  }
  return values;
}

Value texts(const std::vector<std::string>& list) {
  Value values = Value::array();
  for (const std::string& text : list) values.push(text);
  return values;
}

}  // namespace

std::vector<Finding> findings_of(const EvaluatedObjective& evaluated) {
  const slo::Origin& origin = evaluated.objective.origin;
  std::vector<Finding> findings;
  for (const Reason& reason : evaluated.evaluation.reasons) {
    Finding finding = finding_of(reason, evaluated.objective);
    finding.key = reason.key;
    finding.location = {origin.file, origin.line, origin.column, {}};
    findings.push_back(std::move(finding));
  }
  return findings;
}

Value objective_row(const EvaluatedObjective& evaluated) {
  const slo::Evaluation& made = evaluated.evaluation;
  Value row = Value::object();
  row.set("name", evaluated.objective.name);
  row.set("service", evaluated.objective.service.empty() ? Value{} : Value{evaluated.objective.service});
  row.set("verdict", slo::name_of(made.outcome));
  row.set("enforced", !evaluated.objective.shadow);
  row.set("doubt", made.doubt ? Value{slo::name_of(*made.doubt)} : Value{});
  row.set("target", slo::written_target(evaluated.objective));
  row.set("sli", sli_value(evaluated));
  row.set("error_budget", budget_value(evaluated));
  row.set("burn_rates", burn_rows(made.rows));
  row.set("threshold", threshold_value(evaluated));
  row.set("warnings", texts(evaluated.measurement.warnings));
  row.set("queries", queries(evaluated.measurement));
  return row;
}

}  // namespace gate::checks
