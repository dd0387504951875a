#include "server/slo/status.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/checks/slo_results.h"
#include "gate/slo/reasons.h"
#include "gate/slo/wording.h"

namespace server::slo {
namespace {

using gate::Value;
using gate::slo::Events;
using gate::slo::Missing;
using gate::slo::Outcome;
using gate::slo::Reason;

constexpr std::size_t kMostNamed = 100;  // objectives, in the reasons of the whole

std::string_view name_of(Reason::Effect effect) {
  switch (effect) {
    case Reason::Effect::failure: return "failure";
    case Reason::Effect::warning: return "warning";
    case Reason::Effect::doubt: return "doubt";
    case Reason::Effect::note: break;
  }
  return "note";
}

Value reasons_value(const std::vector<Reason>& reasons) {
  Value list = Value::array();
  for (const Reason& reason : reasons)
    list.push(reason_value(reason.rule, name_of(reason.effect), reason.message));
  return list;
}

Value windows_value(const std::vector<gate::slo::Window>& windows) {
  Value list = Value::array();
  for (const gate::slo::Window& window : windows) {
    Value row = Value::object({{"window", gate::slo::window_text(window.length)}});
    if (const auto* why = std::get_if<Missing>(&window.events)) {
      row.set("missing", gate::slo::name_of(why->doubt)).set("message", why->message);
    } else {
      const auto& events = std::get<Events>(window.events);
      const bool known = std::isfinite(events.total) && events.total > 0;
      row.set("events", known ? Value{events.total} : Value{});
      row.set("bad_share", known ? Value::object({{"least", events.bad_least / events.total},
                                                  {"most", events.bad_most / events.total}})
                                 : Value{});
    }
    list.push(std::move(row));
  }
  return list;
}

Value stale_reason(const Snapshot& snapshot) {
  if (snapshot.generation == 0)
    return reason_value("slo.stale", "doubt", "the objectives were not evaluated yet");
  return reason_value("slo.stale", "doubt",
                      "the last evaluation was at " + gate::to_string(snapshot.at) +
                          ", over three intervals ago: evidence that stops is stale, not healthy");
}

// The row with what it said before as history: nothing holds of it any more.
Value stale_row(const Snapshot& snapshot, const StatusRow& row) {
  Value value = row.value;
  value.set("verdict", gate::slo::name_of(Outcome::undecided));
  value.set("doubt", gate::slo::name_of(gate::slo::Doubt::stale));
  Value reasons = Value::array();
  reasons.push(stale_reason(snapshot));
  if (const Value* said = row.value.find("reasons")) {
    for (const Value& reason : *said->as_array()) reasons.push(reason);
  }
  value.set("reasons", std::move(reasons));
  return value;
}

// The worst comes last.
std::size_t rank_of(Outcome outcome) {
  constexpr std::array kOrder{Outcome::passed, Outcome::warned, Outcome::undecided, Outcome::failed};
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), outcome) - kOrder.begin());
}

struct Overall {
  std::optional<Outcome> worst;  // of the enforced ones
  std::size_t shown = 0;
  std::vector<const StatusRow*> deciding;  // enforced ones that are the worst
  std::array<std::int64_t, 4> counts{};    // by Outcome

  void take(const StatusRow& row, Outcome outcome) {
    ++shown;
    ++counts.at(static_cast<std::size_t>(outcome));
    if (!row.enforced) return;
    if (!worst || rank_of(outcome) > rank_of(*worst)) {
      worst = outcome;
      deciding.clear();
    }
    if (outcome == *worst) deciding.push_back(&row);
  }
};

// Which objectives the verdict comes from: the first reason of each, which is the one that decided.
void name_deciding(const std::vector<const StatusRow*>& deciding, Value& reasons) {
  for (std::size_t i = 0; i < std::min(deciding.size(), kMostNamed); ++i) {
    const Value& row = deciding[i]->value;
    const Value::Array& own = *row.find("reasons")->as_array();
    if (own.empty()) continue;
    Value named = own.front();
    named.set("message", fmt::format("{}: {}", *row.find("name")->as_string(),
                                     *own.front().find("message")->as_string()));
    reasons.push(std::move(named));
  }
}

Value overall_reasons(const Snapshot& snapshot, const Overall& overall, bool stale) {
  Value reasons = Value::array();
  if (stale) reasons.push(stale_reason(snapshot));
  if (snapshot.generation != 0 && overall.shown == 0)
    reasons.push(reason_value("slo.no_objective", "doubt", "no objective is configured"));
  if (!stale && overall.worst && *overall.worst != Outcome::passed) name_deciding(overall.deciding, reasons);
  if (overall.shown != 0 && !overall.worst)
    reasons.push(reason_value("slo.not_enforced", "doubt", "nothing is enforced: only shadow objectives"));
  return reasons;
}

}  // namespace

Value reason_value(std::string_view rule, std::string_view effect, std::string_view message) {
  return Value::object({{"rule", rule}, {"effect", effect}, {"message", message}});
}

std::optional<api::Problem> check_service(const api::Call& call, const std::vector<std::string_view>& known) {
  const auto wanted = call.head.parameter("service");
  if (!wanted || std::find(known.begin(), known.end(), *wanted) != known.end()) return std::nullopt;
  return api::Problem{
      "not_found",
      fmt::format("no objective is about the service {}{}", gate::json_quoted(gate::shortened(*wanted, 100)),
                  gate::did_you_mean(*wanted, known)),
      {{"?service", "has no objective"}},
      {}};
}

StatusRow status_row(const gate::checks::EvaluatedObjective& evaluated, gate::Timestamp at) {
  Value row = Value::object();
  const Value told = gate::checks::objective_row(evaluated);
  for (const Value::Member& member : *told.as_object()) {
    if (member.name == "queries" || member.name == "enforced") continue;
    row.set(member.name, member.value);
    if (member.name == "verdict") row.set("reasons", reasons_value(evaluated.evaluation.reasons));
  }
  const auto& age = evaluated.measurement.newest_age;
  row.set("windows", windows_value(evaluated.measurement.windows));
  row.set("newest_sample_age_seconds", age ? Value{age->count()} : Value{});
  row.set("evaluated_at", gate::to_string(at));
  row.set("source", evaluated.objective.source);
  row.set("shadow", evaluated.objective.shadow);
  return {evaluated.objective.service, evaluated.evaluation.outcome, !evaluated.objective.shadow,
          std::move(row)};
}

bool is_stale(const Snapshot& snapshot, const StatusView& view) {
  return snapshot.generation == 0 || view.elapsed - snapshot.elapsed > 3 * view.interval;
}

Value status_body(const Snapshot& snapshot, const StatusView& view) {
  const bool stale = is_stale(snapshot, view);
  Overall overall;
  Value rows = Value::array();
  for (const StatusRow& row : snapshot.rows) {
    if (!view.shows(row.service)) continue;
    overall.take(row, stale ? Outcome::undecided : row.outcome);
    rows.push(stale ? stale_row(snapshot, row) : row.value);
  }
  Value counts = Value::object();
  for (const Outcome outcome : {Outcome::passed, Outcome::warned, Outcome::failed, Outcome::undecided})
    counts.set(std::string{gate::slo::name_of(outcome)},
               overall.counts.at(static_cast<std::size_t>(outcome)));
  const bool known = snapshot.generation != 0;
  const Outcome verdict = stale ? Outcome::undecided : overall.worst.value_or(Outcome::undecided);
  return Value::object({{"verdict", gate::slo::name_of(verdict)},
                        {"reasons", overall_reasons(snapshot, overall, stale)},
                        {"stale", stale},
                        {"evaluated_at", known ? Value{gate::to_string(snapshot.at)} : Value{}},
                        {"interval_seconds", static_cast<double>(view.interval.count()) / 1000},
                        {"counts", std::move(counts)},
                        {"objectives", std::move(rows)}});
}

}  // namespace server::slo
