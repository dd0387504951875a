#include "gate/checks/slo_table.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "gate/slo/reasons.h"
#include "gate/slo/sparkline.h"
#include "gate/slo/wording.h"

namespace gate::checks {
namespace {

using std::chrono::seconds;

constexpr std::size_t kWindowColumns = 4;
constexpr std::string_view kNothing = "-";

std::vector<seconds> window_columns(std::span<const EvaluatedObjective> objectives) {
  std::set<seconds> windows;
  for (const EvaluatedObjective& one : objectives) {
    for (const slo::BurnRow& row : one.evaluation.rows) windows.insert(row.row.long_window);
  }
  std::vector<seconds> columns{windows.begin(), windows.end()};
  columns.resize(std::min(columns.size(), kWindowColumns));
  return columns;
}

std::string verdict_cell(const EvaluatedObjective& one) {
  const std::string_view verdict = slo::name_of(one.evaluation.outcome);
  return one.objective.shadow ? fmt::format("{} (shadow)", verdict) : std::string{verdict};
}

std::string good_cell(const EvaluatedObjective& one) {
  const auto* share = std::get_if<slo::Share>(&one.evaluation.period);
  if (share == nullptr || share->counted.total <= 0) return std::string{kNothing};
  const slo::Events& events = share->counted;
  const slo::Interval good{1 - events.bad_most / events.total, 1 - events.bad_least / events.total};
  return slo::percent_text(good, {3, one.objective.target});
}

std::string budget_cell(const EvaluatedObjective& one) {
  const auto& budget = one.evaluation.budget;
  return budget ? slo::percent_text(budget->remaining, {1, one.objective.reserve}) : std::string{kNothing};
}

std::string burn_cell(const slo::BurnRow& row) {
  const auto* burn = std::get_if<slo::Interval>(&row.long_burn);
  const std::string number = burn == nullptr ? "?" : slo::rough_text(burn->most);
  switch (row.fires) {
    case slo::Ternary::yes: return number + " !";
    case slo::Ternary::unknown: return burn == nullptr ? number : number + " ?";
    case slo::Ternary::no: return number;
  }
  return number;
}

// Of several rows with that long window the first: they burn alike.
std::string burn_cell(const EvaluatedObjective& one, seconds window) {
  const auto& rows = one.evaluation.rows;
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const slo::BurnRow& candidate) {
    return candidate.row.long_window == window;
  });
  return row == rows.end() ? std::string{kNothing} : burn_cell(*row);
}

Value row_of(const EvaluatedObjective& one, const std::vector<seconds>& windows) {
  Value row = Value::object({{"objective", one.objective.name},
                             {"verdict", verdict_cell(one)},
                             {"target", slo::written_target(one.objective)},
                             {"good", good_cell(one)},
                             {"budget_left", budget_cell(one)}});
  for (const seconds window : windows) {
    row.set(fmt::format("burn_{}", slo::window_text(window)), burn_cell(one, window));
  }
  const double budget = slo::error_budget(one.objective).nearest_double();
  row.set("course", slo::sparkline(one.measurement.course, budget));
  return row;
}

}  // namespace

Value slo_table(std::span<const EvaluatedObjective> objectives) {
  const std::vector<seconds> windows = window_columns(objectives);
  Value table = Value::array();
  for (const EvaluatedObjective& one : objectives) table.push(row_of(one, windows));
  return table;
}

}  // namespace gate::checks
