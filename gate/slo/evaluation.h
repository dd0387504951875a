#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gate/slo/burn_rate.h"
#include "gate/slo/events.h"
#include "gate/slo/objective.h"

namespace gate::slo {

enum class Outcome { passed, warned, failed, undecided };
enum class Ternary { no, yes, unknown };

// A number known to lie between two; mostly the two are equal.
struct Interval {
  double least = 0;
  double most = 0;

  bool operator==(const Interval&) const = default;
};

using Known = std::variant<Interval, Missing>;

// What is bad over one window, in the unit that is budgeted: events, or slices of time.
struct Share {
  Events counted;         // of that unit; ratio_timeslices sums shares
  double events = 0;      // events behind them: the traffic
  double bad_events = 0;  // of these, at least

  bool operator==(const Share&) const = default;
};

// The budget of the period so far. Shares of what the events so far allow: 1 is all of it.
struct BudgetState {
  double allowed = 0;  // bad events (or slices): (1 - target) · total
  Interval spent;
  Interval remaining;                                      // 1 - spent; negative where it is overspent
  std::optional<std::chrono::seconds> time_to_exhaustion;  // at the pace of the shortest row's long window

  bool operator==(const BudgetState&) const = default;
};

// One burn-rate row and what came of it.
struct BurnRow {
  BurnRateRow row;
  double factor = 0;
  Known long_burn;
  Known short_burn;
  Ternary fires = Ternary::unknown;
  bool low_traffic = false;                          // unknown only because too few bad events burn
  std::optional<std::chrono::seconds> exhausted_in;  // of a whole budget, at the long window's pace

  bool operator==(const BurnRow&) const = default;
};

// One fact that decides, and how.
struct Reason {
  enum class Effect { failure, warning, doubt, note };
  std::string rule;  // "slo.error_budget"
  Effect effect = Effect::failure;
  Doubt doubt = Doubt::no_data;  // of doubts, and of warnings that stand for one
  std::string message;           // one sentence, lower case, no full stop
  std::string key;               // tells it from others of the same rule: "page 1h"

  bool operator==(const Reason&) const = default;
};

// What one measurement says about one objective.
struct Evaluation {
  Outcome outcome = Outcome::undecided;
  std::optional<Doubt> doubt;           // of an undecided outcome: the first one's
  std::variant<Share, Missing> period;  // over budget_window(), or over the threshold's
  std::optional<BudgetState> budget;    // absent: unknown, or a threshold
  // Whether less is left of the budget than the reserve, or more is bad than the threshold allows.
  Ternary violated = Ternary::unknown;
  bool low_traffic = false;  // unknown only because there are too few events
  std::vector<BurnRow> rows;
  std::vector<Reason> reasons;  // empty: passed, and nothing to say

  bool operator==(const Evaluation&) const = default;
};

// How far a measurement is to be trusted; its source knows.
struct Trust {
  std::chrono::seconds max_age{0};  // of the newest sample; 0: any
  bool tolerate_warnings = false;   // the source's own warnings only warn

  bool operator==(const Trust&) const = default;
};

// Decides in three values: what is missing, NaN, empty or straddles a limit is never a pass.
//
// Budget: failed where less is left than the reserve, or nothing. Burn rates: a page row that fires fails, a
// ticket row warns; a row fires where the burn rate is above its factor over both windows, or, where a total
// outage burns no faster than that, where everything is bad. A row of which one window does not burn cannot
// fire, whatever the other would say. Thresholds: failed where more is bad than they allow.
//
// Few events: fewer than min_events in the period decide nothing, fewer than min_bad_events bad ones fire no
// row, unless chance explains them in less than 1 case in 100 (the exact binomial tail): an outage is never
// hidden by low traffic. Rule of three for the default of min_events: without a bad event among 3 / p, the
// share is below p with 95 % confidence.
Evaluation evaluate(const Objective& objective, const Measurement& measurement, const Trust& trust = {});

// The fewest events of a period that decide: the objective's own number, or 3 / (1 - target).
double min_events(const Objective& objective);

}  // namespace gate::slo
