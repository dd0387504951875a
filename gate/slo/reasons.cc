#include "gate/slo/reasons.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/slo/windows.h"
#include "gate/slo/wording.h"

namespace gate::slo {
namespace {

using std::chrono::seconds;
using Effect = Reason::Effect;

struct Writer {
  const Objective& objective;
  const Measurement& measurement;
  const Evaluation& made;
  std::vector<Reason> reasons{};

  void add(Effect effect, std::string rule, std::string key, std::string message) {
    reasons.push_back({std::move(rule), effect, Doubt::no_data, std::move(message), std::move(key)});
  }
  void doubt(Doubt doubt, std::string key, std::string message, Effect effect = Effect::doubt) {
    reasons.push_back({rule_of(doubt), effect, doubt, std::move(message), std::move(key)});
  }
};

// " over 30d"; empty for all that a source has.
std::string over(const Objective& objective) {
  const seconds window = decisive_window(objective);
  return window == seconds{0} ? "" : " over " + window_text(window);
}

Precision beside_target(const Objective& objective) {
  const std::string written = written_target(objective);
  const std::size_t point = written.find('.');
  const auto decimals = point == std::string::npos ? 0 : static_cast<int>(written.size() - point - 1);
  return {decimals + 2, objective.target};
}

std::string good_text(const Objective& objective, const Events& events) {
  const Precision precision = beside_target(objective);
  const auto text = [&](double bad) {
    return percent_text((events.total - bad) / events.total, precision, true);
  };
  const std::string least = text(events.bad_most);
  const std::string most = text(events.bad_least);
  return least == most ? least + " %" : fmt::format("between {} and {} %", least, most);
}

std::string spent_text(const Objective& objective, const BudgetState& budget) {
  const Precision precision{budget.spent.most < 0.1 ? 2 : 1,
                            Decimal::of(std::int64_t{1}).minus(objective.reserve)};
  std::string text = percent_text(budget.spent, precision) + " % of the error budget is spent";
  if (objective.reserve.is_zero()) return text;
  return text + fmt::format(", {} % must be left", percent_of(objective.reserve).to_string());
}

std::string period_text(const Objective& objective, const Evaluation& made) {
  const auto& share = std::get<Share>(made.period);
  if (const auto* threshold = std::get_if<Threshold>(&objective.span)) {
    const Precision precision{2, error_budget(objective)};
    const Interval bad{share.counted.bad_least / share.counted.total,
                       share.counted.bad_most / share.counted.total};
    return fmt::format("{} % of {} {} {}{}, {} = {} allows {} %", percent_text(bad, precision),
                       rough_text(share.counted.total), unit_of(objective), badness_of(objective),
                       over(objective), threshold->setting, threshold->limit,
                       percent_of(error_budget(objective)).to_string());
  }
  return fmt::format("{} good{}, objective is {} %: {}", good_text(objective, share.counted), over(objective),
                     written_target(objective), spent_text(objective, *made.budget));
}

void write_period(Writer& out) {
  const auto* share = std::get_if<Share>(&out.made.period);
  if (share == nullptr || out.made.violated == Ternary::no) return;
  const bool is_threshold = std::holds_alternative<Threshold>(out.objective.span);
  const std::string text = period_text(out.objective, out.made);
  if (out.made.violated == Ternary::yes) {
    out.add(Effect::failure, is_threshold ? "slo.threshold" : "slo.error_budget", "", text);
  } else if (out.made.low_traffic) {
    out.doubt(
        Doubt::low_traffic, "period",
        fmt::format("{}, {} of them {},{} are too few to decide: {} are needed",
                    counted(static_cast<std::size_t>(std::min(1e15, std::round(share->events))), "event"),
                    rough_text(share->bad_events), badness_of(out.objective), over(out.objective),
                    rough_text(std::ceil(min_events(out.objective)))));
  } else {
    out.doubt(Doubt::inconclusive, "period", text + ": this does not settle it");
  }
}

std::string key_of(const BurnRow& row) {
  return fmt::format("{} {}", name_of(row.row.severity), window_text(row.row.long_window));
}

std::string burn_text(const BurnRow& row, const Evaluation& made) {
  const Precision precision{1, row.row.factor ? row.row.factor : Decimal::of(row.factor)};
  const auto burn = [&](const Known& known) {
    const auto* interval = std::get_if<Interval>(&known);
    return interval == nullptr ? std::string{"unknown"} : number_text(*interval, precision) + " ×";
  };
  std::string text =
      fmt::format("burning {} over {} and {} over {}, {} at {} ×", burn(row.long_burn),
                  window_text(row.row.long_window), burn(row.short_burn), window_text(row.row.short_window),
                  name_of(row.row.severity), rough_text(row.factor));
  if (made.budget && made.budget->remaining.most <= 0) return text + ": the budget is spent";
  if (row.exhausted_in) text += ": exhausted in " + duration_text(*row.exhausted_in);
  return text;
}

void write_row(Writer& out, const BurnRow& row) {
  const bool page = row.row.severity == AlertSeverity::page;
  if (row.fires == Ternary::yes) {
    out.add(page ? Effect::failure : Effect::warning, "slo.burn_rate", key_of(row), burn_text(row, out.made));
  } else if (row.fires == Ternary::unknown && row.low_traffic) {
    // At its worst a ticket row warns.
    out.doubt(Doubt::low_traffic, key_of(row), burn_text(row, out.made) + "; so few bad events may be chance",
              page ? Effect::doubt : Effect::warning);
  } else if (row.fires == Ternary::unknown && !std::holds_alternative<Missing>(row.long_burn) &&
             !std::holds_alternative<Missing>(row.short_burn)) {
    out.doubt(Doubt::inconclusive, key_of(row), burn_text(row, out.made) + ": this does not settle it");
  }
}

// Windows by what is missing in them: the same fault is told once.
struct Gap {
  Missing missing;
  std::vector<std::string> windows;
};

void add_gap(std::vector<Gap>& gaps, const Missing& missing, seconds window) {
  auto gap = std::find_if(gaps.begin(), gaps.end(), [&](const Gap& g) { return g.missing == missing; });
  if (gap == gaps.end()) gap = gaps.insert(gaps.end(), {missing, {}});
  const std::string text = window_text(window);
  if (std::find(gap->windows.begin(), gap->windows.end(), text) == gap->windows.end())
    gap->windows.push_back(text);
}

void write_gaps(Writer& out) {
  std::vector<Gap> gaps;
  if (const auto* missing = std::get_if<Missing>(&out.made.period))
    add_gap(gaps, *missing, decisive_window(out.objective));
  for (const BurnRow& row : out.made.rows) {
    if (row.fires != Ternary::unknown) continue;
    if (const auto* missing = std::get_if<Missing>(&row.long_burn))
      add_gap(gaps, *missing, row.row.long_window);
    if (const auto* missing = std::get_if<Missing>(&row.short_burn))
      add_gap(gaps, *missing, row.row.short_window);
  }
  for (const Gap& gap : gaps) {
    const std::string windows = join(gap.windows, ", ");
    const std::string where = windows == "all" ? "" : fmt::format(" (over {})", windows);
    out.doubt(gap.missing.doubt, windows, gap.missing.message + where);
  }
}

void write_coverage(Writer& out) {
  const auto& covered = out.measurement.covered;
  const seconds window = decisive_window(out.objective);
  // The first scrape of a period is never at its very start.
  if (!covered || window == seconds{0} || *covered >= window - window / 20) return;
  // A service that is young may go, but what a tenth of the period says of the whole is little, and what was
  // lost may have been bad. Numbers about a time that there is no data of contradict themselves.
  const Effect partly = *covered < window / 10 ? Effect::warning : Effect::note;
  out.doubt(Doubt::no_data, "covered",
            fmt::format("there is data for {} of {}", duration_text(*covered), duration_text(window)),
            *covered == seconds{0} ? Effect::doubt : partly);
}

void write_trust(Writer& out, const Trust& trust) {
  const auto& age = out.measurement.newest_age;
  if (trust.max_age > seconds{0} && age && *age > trust.max_age) {
    out.doubt(Doubt::stale, "",
              fmt::format("the newest sample is {} old, {} may be", duration_text(*age),
                          duration_text(trust.max_age)));
  }
  if (const auto& untold = out.measurement.untold_age) out.doubt(untold->doubt, "age", untold->message);
  for (const std::string& warning : out.measurement.warnings) {
    const std::string text = "the source warns: " + shortened(warning, 500);
    out.reasons.push_back({"slo.source_warning", trust.tolerate_warnings ? Effect::warning : Effect::doubt,
                           Doubt::inconclusive, text, warning});
  }
  write_coverage(out);
}

}  // namespace

std::string written_target(const Objective& objective) {
  return objective.written.empty() ? percent_of(objective.target).to_string() : objective.written;
}

std::vector<Reason> reasons_of(const Objective& objective, const Measurement& measurement, const Trust& trust,
                               const Evaluation& made) {
  Writer out{objective, measurement, made};
  write_period(out);
  for (const BurnRow& row : made.rows) write_row(out, row);
  write_gaps(out);
  write_trust(out, trust);
  const auto rank = [](const Reason& reason) {
    constexpr Effect kOrder[] = {Effect::failure, Effect::doubt, Effect::warning, Effect::note};
    return std::find(std::begin(kOrder), std::end(kOrder), reason.effect) - std::begin(kOrder);
  };
  std::stable_sort(out.reasons.begin(), out.reasons.end(),
                   [&](const Reason& a, const Reason& b) { return rank(a) < rank(b); });
  return std::move(out.reasons);
}

std::string_view name_of(AlertSeverity severity) {
  return severity == AlertSeverity::page ? "page" : "ticket";
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "passed";
    case Outcome::warned: return "warned";
    case Outcome::failed: return "failed";
    case Outcome::undecided: break;
  }
  return "undecided";
}

std::string_view name_of(Doubt doubt) {
  switch (doubt) {
    case Doubt::no_data: return "no_data";
    case Doubt::low_traffic: return "low_traffic";
    case Doubt::stale: return "stale";
    case Doubt::unreachable: return "unreachable";
    case Doubt::inconclusive: break;
  }
  return "inconclusive";
}

std::string rule_of(Doubt doubt) {
  return fmt::format("slo.{}", name_of(doubt));
}

std::string unit_of(const Objective& objective) {
  const bool slices =
      objective.budgeting != Budgeting::occurrences && std::holds_alternative<Period>(objective.span);
  return slices ? "slices of " + window_text(objective.slice) : "events";
}

std::string badness_of(const Objective& objective) {
  if (const auto* latency = std::get_if<LatencySli>(&objective.sli))
    return fmt::format("slower than {} ms", latency->threshold_ms.to_string());
  if (const auto* request = std::get_if<RequestSli>(&objective.sli)) {
    if (request->kind == RequestSli::Kind::latency)
      return fmt::format("slower than {} ms", request->threshold_ms.to_string());
    return request->kind == RequestSli::Kind::errors ? "failed" : "not served";
  }
  return "bad";
}

}  // namespace gate::slo
