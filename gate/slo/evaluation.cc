#include "gate/slo/evaluation.h"

#include <algorithm>
#include <limits>

#include "gate/slo/binomial.h"
#include "gate/slo/reasons.h"
#include "gate/slo/share.h"
#include "gate/slo/windows.h"

namespace gate::slo {
namespace {

using std::chrono::seconds;

// Chance explains so many bad events in less than this share of cases.
constexpr double kNoChance = 0.01;

Ternary both(Ternary a, Ternary b) {
  if (a == Ternary::no || b == Ternary::no) return Ternary::no;
  return a == Ternary::yes && b == Ternary::yes ? Ternary::yes : Ternary::unknown;
}

bool is_no_chance(const Share& share, double limit) {
  return binomial_tail(share.counted.bad_least, share.counted.total, limit) < kNoChance;
}

double quotient(double part, const Decimal& whole) {
  return Decimal::of(part).divided_by(whole).value_or(std::numeric_limits<double>::infinity());
}

Interval shares_of(const Events& events) {
  return {events.bad_least / events.total, events.bad_most / events.total};
}

Interval in_budgets(const Events& events, const Decimal& budget) {
  const Interval share = shares_of(events);
  return {quotient(share.least, budget), quotient(share.most, budget)};
}

// The pace of `burn` spends a budget of `left` (1: a whole one) within this time.
std::optional<seconds> time_to_spend(double left, double burn, seconds period) {
  if (!(burn > 0)) return std::nullopt;
  const double time = std::max(0.0, left) * static_cast<double>(period.count()) / burn;
  return time < 1e12 ? std::optional{seconds{static_cast<std::int64_t>(time)}} : std::nullopt;
}

struct Judgement {
  const Objective& objective;
  const Measurement& measurement;
  Decimal budget;  // 1 - target
};

// The share of bad events at which the row fires.
std::optional<Fraction> limit_of(const Judgement& judgement, const BurnRateRow& row, seconds period) {
  Fraction limit = exact_factor(row, period);
  const auto scaled = limit.numerator.times(judgement.budget);
  if (!scaled) return std::nullopt;
  limit.numerator = *scaled;
  return limit;
}

// Whether the burn rate over a window is above the row's factor.
Ternary burns(const Judgement& judgement, const Share& share, const BurnRateRow& row, seconds period) {
  const Events& events = share.counted;
  const auto limit = limit_of(judgement, row, period);
  if (!limit) return Ternary::unknown;
  // A total outage burns 1 / (1 - target) and no more; a factor beyond it must not silence the row.
  if (limit->numerator >= limit->denominator) {
    if (events.bad_least >= events.total) return Ternary::yes;
    return events.bad_most >= events.total ? Ternary::unknown : Ternary::no;
  }
  const auto least = compare_share(events.bad_least, events.total, *limit);
  if (row.inclusive && least && *least == 0) return Ternary::yes;
  return is_above(events, *limit);
}

// A long window that burns by a handful of events: chance, unless that is ruled out.
bool is_too_few(const Judgement& judgement, const Share& share, const BurnRow& row) {
  if (share.bad_events >= judgement.objective.min_bad_events) return false;
  const double limit = row.factor * judgement.budget.nearest_double();
  return limit >= 1 || !is_no_chance(share, limit);
}

Known burn_of(const Judgement& judgement, const std::variant<Share, Missing>& share) {
  if (const auto* missing = std::get_if<Missing>(&share)) return *missing;
  return in_budgets(std::get<Share>(share).counted, judgement.budget);
}

BurnRow judge_row(const Judgement& judgement, const BurnRateRow& row, seconds period) {
  const auto over = [&](seconds window) {
    return share_over(judgement.objective, judgement.measurement, window);
  };
  const auto long_share = over(row.long_window);
  const auto short_share = over(row.short_window);
  const auto fires = [&](const std::variant<Share, Missing>& share) {
    const auto* known = std::get_if<Share>(&share);
    return known == nullptr ? Ternary::unknown : burns(judgement, *known, row, period);
  };
  BurnRow judged{row,
                 burn_rate_factor(row, period),
                 burn_of(judgement, long_share),
                 burn_of(judgement, short_share),
                 both(fires(long_share), fires(short_share)),
                 false,
                 std::nullopt};
  const auto* known = std::get_if<Share>(&long_share);
  if (known == nullptr) return judged;
  judged.exhausted_in = time_to_spend(1, std::get<Interval>(judged.long_burn).most, period);
  if (judged.fires == Ternary::yes && is_too_few(judgement, *known, judged)) {
    judged.fires = Ternary::unknown;
    judged.low_traffic = true;
  }
  return judged;
}

BudgetState budget_of(const Judgement& judgement, const Share& share) {
  BudgetState state;
  state.allowed = judgement.budget.nearest_double() * share.counted.total;
  state.spent = in_budgets(share.counted, judgement.budget);
  state.remaining = {1 - state.spent.most, 1 - state.spent.least};
  return state;
}

// Whether less than the reserve is left, or nothing: spent >= 1, or spent > 1 - reserve.
Ternary overspent(const Judgement& judgement, const Events& events) {
  const auto may_spend = Decimal::of(std::int64_t{1}).minus(judgement.objective.reserve);
  const auto limit = may_spend ? may_spend->times(judgement.budget) : std::nullopt;
  if (!limit) return Ternary::unknown;
  const auto all_spent = [&](double bad) {
    const auto side = compare_share(bad, events.total, {*limit});
    return side && (*side > 0 || (*side == 0 && judgement.objective.reserve.is_zero()));
  };
  if (all_spent(events.bad_least)) return Ternary::yes;
  return all_spent(events.bad_most) ? Ternary::unknown : Ternary::no;
}

// With few events only what chance cannot explain decides.
Ternary with_traffic(const Judgement& judgement, const Share& share, Ternary answer, bool& low_traffic) {
  if (share.events >= min_events(judgement.objective)) return answer;
  if (answer == Ternary::yes && is_no_chance(share, judgement.budget.nearest_double())) return answer;
  low_traffic = true;
  return Ternary::unknown;
}

void judge_period(const Judgement& judgement, seconds length, Evaluation& made) {
  for (const BurnRateRow& row : burn_rates_of(judgement.objective))
    made.rows.push_back(judge_row(judgement, row, length));
  const auto* share = std::get_if<Share>(&made.period);
  if (share == nullptr) return;
  made.budget = budget_of(judgement, *share);
  made.violated = with_traffic(judgement, *share, overspent(judgement, share->counted), made.low_traffic);
  if (made.rows.empty()) return;
  const auto shortest =
      std::min_element(made.rows.begin(), made.rows.end(),
                       [](const auto& a, const auto& b) { return a.row.long_window < b.row.long_window; });
  if (const auto* burn = std::get_if<Interval>(&shortest->long_burn))
    made.budget->time_to_exhaustion = time_to_spend(made.budget->remaining.least, burn->most, length);
}

// failed > undecided > warned > passed.
void settle(Evaluation& made) {
  const auto find = [&](Reason::Effect effect) {
    const auto found = std::find_if(made.reasons.begin(), made.reasons.end(),
                                    [&](const Reason& reason) { return reason.effect == effect; });
    return found == made.reasons.end() ? nullptr : &*found;
  };
  made.outcome = Outcome::passed;
  if (find(Reason::Effect::warning) != nullptr) made.outcome = Outcome::warned;
  if (const Reason* reason = find(Reason::Effect::doubt)) {
    made.outcome = Outcome::undecided;
    made.doubt = reason->doubt;
  }
  if (find(Reason::Effect::failure) != nullptr) {
    made.outcome = Outcome::failed;
    made.doubt.reset();
  }
}

void judge_threshold(const Judgement& judgement, Evaluation& made) {
  const auto* share = std::get_if<Share>(&made.period);
  if (share == nullptr) return;
  made.violated =
      with_traffic(judgement, *share, is_above(share->counted, {judgement.budget}), made.low_traffic);
}

}  // namespace

double min_events(const Objective& objective) {
  if (objective.min_events) return *objective.min_events;
  return Decimal::of(std::int64_t{3})
      .divided_by(error_budget(objective))
      .value_or(std::numeric_limits<double>::infinity());
}

Evaluation evaluate(const Objective& objective, const Measurement& measurement, const Trust& trust) {
  const Judgement judgement{objective, measurement, error_budget(objective)};
  const auto* period = std::get_if<Period>(&objective.span);
  Evaluation made;
  made.period = share_over(objective, measurement, decisive_window(objective));
  if (period != nullptr)
    judge_period(judgement, period->length, made);
  else
    judge_threshold(judgement, made);
  made.reasons = reasons_of(objective, measurement, trust, made);
  settle(made);
  return made;
}

}  // namespace gate::slo
