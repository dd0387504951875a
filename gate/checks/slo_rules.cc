#include "gate/checks/slo_rules.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/checks/prometheus_plan.h"
#include "gate/slo/reasons.h"
#include "gate/slo/windows.h"
#include "gate/slo/wording.h"

namespace gate::checks {
namespace {

using slo::Objective;
using slo::Rule;
using slo::RuleGroup;
using std::chrono::seconds;
using Labels = std::vector<std::pair<std::string, std::string>>;

constexpr seconds kCountStep{300};
constexpr seconds kLongestDirect{6 * 3600};  // beyond, sums of recorded counts are read instead

// Prometheus expands templates in labels and annotations.
std::string plain(std::string_view text) {
  return replace_all(text, "{{", "{ {");
}

// `selector` with one more matcher.
std::string with_matcher(std::string_view selector, const std::string& matcher) {
  const std::string_view text = trim(selector);
  if (text.empty() || text.back() != '}') return fmt::format("{}{{{}}}", text, matcher);
  const std::string_view inside = trim(text.substr(0, text.size() - 1));
  const bool is_first = inside.back() == '{' || inside.back() == ',';
  return fmt::format("{}{}{}}}", inside, is_first ? "" : ",", matcher);
}

// The buckets of a histogram as a ratio. Libraries write a bound of 1 as "1" or as "1.0".
slo::RatioSli ratio_of(const slo::LatencySli& sli) {
  const auto bound = sli.threshold_ms.divided_by(sli.bucket_unit_ms);
  const std::string le = Decimal::of(bound.value_or(0)).to_string();
  const std::string pattern =
      le.find('.') == std::string::npos ? fmt::format("{}(\\\\.0)?", le) : replace_all(le, ".", "\\\\.");
  slo::RatioSli ratio;
  ratio.good = with_matcher(sli.histogram, fmt::format("le=~\"{}\"", pattern));
  ratio.total = with_matcher(sli.histogram, "le=\"+Inf\"");
  return ratio;
}

// One number without labels: a selector is summed already, a template need not be.
std::string summed(std::string_view written, const std::string& query) {
  return written.find("{{") == std::string_view::npos ? query : fmt::format("sum({})", query);
}

// What the rules of one objective are made of.
struct Maker {
  const Objective& objective;
  slo::RatioSli sli;
  Labels labels;
  std::string chosen;  // the matcher of its own series

  // [bad, total] over a window, without labels each.
  [[nodiscard]] std::optional<std::pair<std::string, std::string>> over(seconds window) const {
    const auto queries = promql_over(sli, window, kCountStep);
    if (!queries) return std::nullopt;
    const std::string part = summed(sli.good.empty() ? sli.bad : sli.good, (*queries)[0]);
    const std::string total = summed(sli.total, (*queries)[1]);
    std::string bad = sli.good.empty() ? part : fmt::format("clamp_min({} - {}, 0)", total, part);
    if (sli.absent_is_zero) {
      bad = sli.good.empty() ? fmt::format("({} or 0 * {})", part, total)
                             : fmt::format("clamp_min({} - ({} or 0 * {}), 0)", total, part, total);
    }
    return std::pair{std::move(bad), total};
  }

  [[nodiscard]] std::string series(std::string_view name, std::string_view more = "") const {
    return fmt::format("{}{{{}{}}}", name, chosen, more);
  }

  [[nodiscard]] Rule record(std::string name, std::string expression, std::string window = "") const {
    Labels all = labels;
    if (!window.empty()) all.emplace_back("window", std::move(window));
    return {false, std::move(name), std::move(expression), seconds{0}, std::move(all), {}};
  }

  [[nodiscard]] Rule alert(std::string name, std::string expression, seconds delay, std::string_view severity,
                           std::string summary) const {
    Labels all = labels;
    all.emplace_back("severity", severity);
    return {true,  std::move(name), std::move(expression),
            delay, std::move(all),  {{"summary", plain(summary)}}};
  }
};

std::string share_over(const Maker& maker, seconds window) {
  if (window <= kLongestDirect) {
    const auto direct = maker.over(window);
    if (direct) return fmt::format("{} / ({} > 0)", direct->first, direct->second);
  }
  const std::string length = promql_duration(window);
  return fmt::format("sum_over_time({}[{}]) / (sum_over_time({}[{}]) > 0)",
                     maker.series("slo:bad_events:increase5m"), length, maker.series("slo:events:increase5m"),
                     length);
}

RuleGroup count_rules(const Maker& maker, const std::pair<std::string, std::string>& counts) {
  return {"slo counts: " + plain(maker.objective.name),
          kCountStep,
          {maker.record("slo:bad_events:increase5m", counts.first),
           maker.record("slo:events:increase5m", counts.second)}};
}

RuleGroup share_rules(const Maker& maker, const slo::Period& period) {
  RuleGroup group{"slo shares: " + plain(maker.objective.name), seconds{0}, {}};
  std::vector<seconds> windows = slo::needed_windows(maker.objective);
  if (period.calendar)
    windows.erase(std::remove(windows.begin(), windows.end(), period.elapsed), windows.end());
  for (const seconds window : windows) {
    group.rules.push_back(
        maker.record("slo:bad_share:ratio", share_over(maker, window), promql_duration(window)));
  }
  if (period.calendar) return group;
  const std::string spent =
      maker.series("slo:bad_share:ratio", fmt::format(",window=\"{}\"", promql_duration(period.length)));
  group.rules.push_back(maker.record("slo:error_budget:remaining",
                                     fmt::format("1 - sum without (window) ({}) / {}", spent,
                                                 slo::error_budget(maker.objective).to_string())));
  return group;
}

// The share of bad events above which a row fires; 1 where only a total outage does.
double limit_of(const slo::BurnRateRow& row, const Objective& objective, seconds period) {
  const slo::Fraction factor = slo::exact_factor(row, period);
  const auto share = factor.numerator.times(slo::error_budget(objective));
  return std::min(1.0, share ? share->divided_by(factor.denominator).value_or(1) : 1.0);
}

Rule burn_alert(const Maker& maker, const slo::BurnRateRow& row, seconds period) {
  const double limit = limit_of(row, maker.objective, period);
  const std::string compared =
      fmt::format("{} {}", limit >= 1 || row.inclusive ? ">=" : ">", Decimal::of(limit).to_string());
  const auto over = [&](seconds window) {
    const std::string share =
        maker.series("slo:bad_share:ratio", fmt::format(",window=\"{}\"", promql_duration(window)));
    return fmt::format("sum without (window) ({}) {}", share, compared);
  };
  Rule rule = maker.alert(
      "SloErrorBudgetBurn", fmt::format("{} and {}", over(row.long_window), over(row.short_window)),
      seconds{0}, slo::name_of(row.severity),
      fmt::format("{} burns its error budget at more than {} × over {} and {}", maker.objective.name,
                  slo::rough_text(slo::burn_rate_factor(row, period)), slo::window_text(row.long_window),
                  slo::window_text(row.short_window)));
  rule.labels.emplace_back("long_window", promql_duration(row.long_window));
  return rule;
}

// How long a total outage takes to page, in whole minutes, and two of grace: Pyrra's delay for absence.
seconds absence_delay(const Objective& objective, seconds period) {
  const auto rows = slo::burn_rates_of(objective);
  if (rows.empty()) return std::chrono::minutes{5};
  const double outage =
      limit_of(rows.front(), objective, period) * static_cast<double>(rows.front().long_window.count());
  return std::chrono::minutes{2 + static_cast<int>(std::ceil(outage / 60))};
}

RuleGroup alert_rules(const Maker& maker, const slo::Period& period,
                      const std::pair<std::string, std::string>& counts) {
  const Objective& objective = maker.objective;
  RuleGroup group{"slo alerts: " + plain(objective.name), seconds{0}, {}};
  for (const slo::BurnRateRow& row : slo::burn_rates_of(objective))
    group.rules.push_back(burn_alert(maker, row, period.length));
  if (!period.calendar) {
    group.rules.push_back(maker.alert(
        "SloErrorBudgetSpent",
        fmt::format("{} <= {}", maker.series("slo:error_budget:remaining"), objective.reserve.to_string()),
        seconds{0}, "ticket",
        fmt::format("{} has no more than {} % of its error budget left", objective.name,
                    slo::percent_of(objective.reserve).to_string())));
  }
  group.rules.push_back(
      maker.alert("SloNoData", fmt::format("absent({}) or absent({})", counts.first, counts.second),
                  absence_delay(objective, period.length), "page",
                  fmt::format("nothing tells whether {} is kept: a series is missing", objective.name)));
  if (const auto hour = maker.over(std::chrono::hours{1})) {
    group.rules.push_back(
        maker.alert("SloNoTraffic", fmt::format("{} == 0", hour->second), seconds{0}, "ticket",
                    fmt::format("nothing tells whether {} is kept: no event in an hour", objective.name)));
  }
  return group;
}

// Why there are no rules for it; empty: there are.
std::string unruled(const Objective& objective) {
  const bool counted = std::holds_alternative<slo::RatioSli>(objective.sli) ||
                       std::holds_alternative<slo::LatencySli>(objective.sli);
  if (!counted) return "its events are not counted by Prometheus";
  if (!std::holds_alternative<slo::Period>(objective.span)) return "a threshold has no error budget to burn";
  return objective.budgeting == slo::Budgeting::occurrences ? "" : "its budget is counted in slices of time";
}

void add_rules(const Objective& objective, slo::RuleFile& file) {
  std::string why = unruled(objective);
  if (why.empty()) {
    const auto* latency = std::get_if<slo::LatencySli>(&objective.sli);
    Maker maker{objective,
                latency != nullptr ? ratio_of(*latency) : std::get<slo::RatioSli>(objective.sli),
                {{"objective", plain(objective.name)}},
                fmt::format("objective={}", json_quoted(plain(objective.name)))};
    if (!objective.service.empty()) maker.labels.emplace_back("service", plain(objective.service));
    const auto& period = std::get<slo::Period>(objective.span);
    if (const auto counts = maker.over(kCountStep)) {
      file.groups.push_back(count_rules(maker, *counts));
      file.groups.push_back(share_rules(maker, period));
      file.groups.push_back(alert_rules(maker, period, *counts));
      return;
    }
    why = "its queries are neither selectors nor PromQL with {{window}}";
  }
  file.skipped.push_back(fmt::format("{}: {}", objective.name, why));
}

}  // namespace

slo::RuleFile make_rules(std::span<const Objective> objectives) {
  slo::RuleFile file;
  for (const Objective& objective : objectives) add_rules(objective, file);
  return file;
}

}  // namespace gate::checks
