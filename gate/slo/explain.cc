#include "gate/slo/explain.h"

#include <cmath>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/slo/reasons.h"
#include "gate/slo/windows.h"
#include "gate/slo/wording.h"

namespace gate::slo {
namespace {

// As many digits as tell the number from its neighbours on a page.
std::string exact_text(double number) {
  return std::isfinite(number) ? Decimal::of(number).to_string() : number_text(number);
}

std::string exact_text(const Interval& number) {
  if (number.least == number.most) return exact_text(number.least);
  return fmt::format("{} to {}", exact_text(number.least), exact_text(number.most));
}

std::string missing_text(const Missing& missing) {
  return fmt::format("cannot be told: {}", missing.message);
}

std::string answer_text(Ternary answer, std::string_view yes, std::string_view no) {
  return std::string{answer == Ternary::yes ? yes : answer == Ternary::no ? no : "cannot be told"};
}

struct Writer {
  const Objective& objective;
  const Evaluation& made;
  std::vector<Step> steps{};

  void add(std::string what, std::string formula, std::string numbers, std::string result) {
    steps.push_back({std::move(what), std::move(formula), std::move(numbers), std::move(result)});
  }
};

void write_target(Writer& out) {
  out.add("error budget", "1 - target", fmt::format("1 - {}", out.objective.target.to_string()),
          error_budget(out.objective).to_string());
}

// What the share is a share of; false where it is not known.
bool write_share(Writer& out) {
  const std::string unit = unit_of(out.objective);
  const std::string formula = fmt::format("bad {} / {}", unit, unit);
  if (const auto* missing = std::get_if<Missing>(&out.made.period)) {
    out.add("bad share", formula, "", missing_text(*missing));
    return false;
  }
  const auto& share = std::get<Share>(out.made.period);
  const Events& events = share.counted;
  out.add("bad share", formula,
          fmt::format("{} / {}", exact_text(Interval{events.bad_least, events.bad_most}),
                      exact_text(events.total)),
          exact_text(Interval{events.bad_least / events.total, events.bad_most / events.total}));
  const double least = min_events(out.objective);
  out.add("traffic",
          out.objective.min_events ? "events against min_events" : "events against 3 / (1 - target)",
          fmt::format("{} against {}", exact_text(share.events), exact_text(least)),
          share.events >= least  ? "enough to decide"
          : out.made.low_traffic ? "too few to decide"
                                 : "too few, but chance explains this in less than 1 case in 100");
  return true;
}

void write_budget(Writer& out) {
  const BudgetState& budget = *out.made.budget;
  const auto& events = std::get<Share>(out.made.period).counted;
  const std::string allowance = error_budget(out.objective).to_string();
  out.add("bad ones allowed", "(1 - target) · total",
          fmt::format("{} · {}", allowance, exact_text(events.total)), exact_text(budget.allowed));
  out.add("budget spent", "bad share / (1 - target)",
          fmt::format("{} / {}",
                      exact_text(Interval{events.bad_least / events.total, events.bad_most / events.total}),
                      allowance),
          percent_text(budget.spent, {4, std::nullopt}) + " %");
  const std::string reserve = percent_of(out.objective.reserve).to_string();
  out.add(
      "budget left", "1 - spent, against the reserve",
      fmt::format("{} % against {} %", percent_text(budget.remaining, {4, out.objective.reserve}), reserve),
      answer_text(out.made.violated, "too little is left", "enough is left"));
  if (!budget.time_to_exhaustion) return;
  out.add("time to exhaustion", "budget left · period / burn rate", "at the pace of the shortest long window",
          duration_text(*budget.time_to_exhaustion));
}

void write_threshold(Writer& out, const Threshold& threshold) {
  out.add("threshold", "bad share against 1 - target",
          fmt::format("{} = {} allows {}", threshold.setting, threshold.limit,
                      error_budget(out.objective).to_string()),
          answer_text(out.made.violated, "exceeded", "kept"));
}

std::string burn_text(const Known& known) {
  const auto* burn = std::get_if<Interval>(&known);
  return burn == nullptr ? missing_text(std::get<Missing>(known))
                         : number_text(*burn, {4, std::nullopt}) + " ×";
}

void write_row(Writer& out, const BurnRow& row, std::chrono::seconds period) {
  const std::string name = fmt::format("{} row {}/{}", name_of(row.row.severity),
                                       window_text(row.row.long_window), window_text(row.row.short_window));
  if (row.row.factor) {
    out.add(name + ": factor", "as given", "", row.row.factor->to_string());
  } else {
    out.add(name + ": factor", "budget % / 100 · period / long window",
            fmt::format("{} / 100 · {} / {}", row.row.budget_percent.to_string(), window_text(period),
                        window_text(row.row.long_window)),
            exact_text(row.factor));
  }
  if (row.factor * error_budget(out.objective).nearest_double() >= 1) {
    out.add(name + ": reach", "1 / (1 - target)", "the burn rate of a total outage is no higher",
            "fires where everything is bad");
  }
  const std::string against = fmt::format("{} and {} against {}", burn_text(row.long_burn),
                                          burn_text(row.short_burn), exact_text(row.factor));
  const std::string answer = row.low_traffic ? "cannot be told: so few bad events may be chance"
                                             : answer_text(row.fires, "fires", "does not fire");
  out.add(name, "burn rate of both windows > factor", against, answer);
}

}  // namespace

std::vector<Step> explain(const Objective& objective, const Evaluation& made) {
  Writer out{objective, made};
  write_target(out);
  const bool known = write_share(out);
  const auto* threshold = std::get_if<Threshold>(&objective.span);
  if (known && threshold != nullptr) write_threshold(out, *threshold);
  if (known && made.budget) write_budget(out);
  if (const auto* period = std::get_if<Period>(&objective.span)) {
    for (const BurnRow& row : made.rows) write_row(out, row, period->length);
  }
  out.add("verdict", "failed > undecided > warned > passed",
          made.reasons.empty() ? "nothing speaks against it" : counted(made.reasons.size(), "reason"),
          std::string{name_of(made.outcome)});
  return std::move(out.steps);
}

}  // namespace gate::slo
