#include "tests/fuzz/slo_checks.h"

#include <algorithm>
#include <cmath>

#include "gate/slo/windows.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using slo::BurnRow;
using slo::Evaluation;
using slo::Events;
using slo::Measurement;
using slo::Missing;
using slo::Objective;
using slo::Outcome;
using slo::Ternary;
using std::chrono::seconds;

bool goes(const Evaluation& made) {
  return made.outcome == Outcome::passed || made.outcome == Outcome::warned;
}

void check_row(const slo::BurnRateRow& row, seconds period) {
  require(row.long_window.count() > 0 && row.long_window <= period, "a long window is within the period");
  require(row.short_window.count() > 0 && row.short_window <= row.long_window,
          "a short window is within the long one");
  require(slo::burn_rate_factor(row, period) > 0, "a factor is above 0");
}

void check_known(const slo::Known& known) {
  const auto* burn = std::get_if<slo::Interval>(&known);
  require(burn == nullptr || (burn->least >= 0 && burn->least <= burn->most), "a burn rate is a number");
}

// A row that cannot fire has a window that is known, and that does not burn.
void check_row(const BurnRow& row) {
  check_known(row.long_burn);
  check_known(row.short_burn);
  const bool is_known = std::holds_alternative<slo::Interval>(row.long_burn) ||
                        std::holds_alternative<slo::Interval>(row.short_burn);
  require(row.fires != Ternary::no || is_known, "a row of which nothing is known does not rest");
  require(row.fires != Ternary::yes || row.long_burn.index() + row.short_burn.index() == 0,
          "a row fires by both its windows");
}

void check_go(const Objective& objective, const Measurement& measurement, const slo::Trust& trust,
              const Evaluation& made) {
  const auto* share = std::get_if<slo::Share>(&made.period);
  require(share != nullptr, "nothing goes without its period");
  const Events& events = share->counted;
  require(std::isfinite(events.total) && events.total > 0, "nothing goes without events");
  require(events.bad_least >= 0 && events.bad_least <= events.bad_most && events.bad_most <= events.total,
          "nothing goes by numbers that contradict each other");
  require(share->events >= slo::min_events(objective), "nothing goes by too few events");
  require(made.violated == Ternary::no, "nothing goes that is violated");
  const double budget = slo::error_budget(objective).nearest_double();
  require(events.bad_most <= events.total * budget * (1 + 1e-9), "nothing goes beyond its budget");
  require(trust.max_age.count() == 0 || !measurement.newest_age || *measurement.newest_age <= trust.max_age,
          "nothing goes that is stale");
  require(measurement.warnings.empty() || made.outcome == Outcome::warned,
          "nothing passes against a warning");
  for (const BurnRow& row : made.rows) {
    const bool page = row.row.severity == slo::AlertSeverity::page;
    require(row.fires == Ternary::no || !page, "nothing goes against a page");
    require(row.fires == Ternary::no || made.outcome == Outcome::warned, "nothing passes against a ticket");
  }
}

// Whatever a measurement says: without its period it lets nothing go.
void check_without_period(const Objective& objective, Measurement measurement, const slo::Trust& trust) {
  measurement.slices = Missing{};
  for (slo::Window& window : measurement.windows) {
    if (window.length == slo::decisive_window(objective)) window.events = Missing{};
  }
  require(!goes(slo::evaluate(objective, measurement, trust)), "nothing goes where its period is missing");
}

}  // namespace

void check_objective(const Objective& objective) {
  require(slo::is_target(objective.target), "a target lies between 0 and 1");
  require(!objective.name.empty() && !objective.source.empty(), "an objective has a name and a source");
  const Decimal one = Decimal::of(std::int64_t{1});
  require(!objective.reserve.is_negative() && objective.reserve < one, "a reserve is less than the budget");
  require(objective.slice.count() > 0, "a slice has a length");
  if (const auto* period = std::get_if<slo::Period>(&objective.span)) {
    require(period->calendar || period->length.count() > 0, "a period has a length");
    for (const slo::BurnRateRow& row : slo::burn_rates_of(objective)) {
      if (!period->calendar) check_row(row, period->length);
    }
  }
  require(!goes(slo::evaluate(objective, {})), "nothing goes that is not measured");
}

void check_evaluation(const Objective& objective, const Measurement& measurement, const slo::Trust& trust) {
  const Evaluation made = slo::evaluate(objective, measurement, trust);
  require(made.doubt.has_value() == (made.outcome == Outcome::undecided), "a doubt leaves it undecided");
  for (const BurnRow& row : made.rows) check_row(row);
  if (made.outcome == Outcome::passed) {
    require(std::all_of(made.reasons.begin(), made.reasons.end(),
                        [](const auto& reason) { return reason.effect == slo::Reason::Effect::note; }),
            "what passes has only notes");
  }
  if (goes(made)) check_go(objective, measurement, trust, made);
  check_without_period(objective, measurement, trust);
}

}  // namespace gate::fuzz
