#include "gate/checks/prometheus_plan.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/promql_scan.h"
#include "gate/load/promql_selector.h"
#include "gate/slo/windows.h"

namespace gate::checks {
namespace {

using std::chrono::seconds;

constexpr seconds kDay{86'400};
constexpr seconds kThresholdWindow{3600};    // where a threshold asks for all that there is
constexpr std::int64_t kMaxPoints = 40'000;  // of a threshold metric over one window
constexpr std::int64_t kCoursePoints = 60;
constexpr std::int64_t kCoveragePoints = 240;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string filled(std::string_view promql, seconds window) {
  const std::string length = promql_duration(window);
  return replace_all(replace_all(promql, "{{window}}", length), "{{ window }}", length);
}

// A template filled in, or a selector put where `wrapped` has `{}`.
Result<std::string> filled_or_wrapped(std::string_view name, std::string_view query, std::string_view before,
                                      std::string_view after, seconds window) {
  if (const auto checked = load::check_promql(query); !checked)
    return Error{ErrorCode::usage, checked.error().within(name).message};
  if (load::is_promql_template(query)) return filled(query, window);
  return fmt::format("{}{}[{}]{}", before, trim(query), promql_duration(window), after);
}

Result<std::vector<std::string>> ratio_over(const slo::RatioSli& sli, seconds window) {
  const bool has_good = !sli.good.empty();
  const std::string_view before = sli.is_counter ? "sum(increase(" : "sum(sum_over_time(";
  auto part =
      filled_or_wrapped(has_good ? "good" : "bad", has_good ? sli.good : sli.bad, before, "))", window);
  if (!part) return part.error();
  auto total = filled_or_wrapped("total", sli.total, before, "))", window);
  if (!total) return total.error();
  return std::vector{std::move(*part), std::move(*total)};
}

std::string raw_over(const slo::RawRatioSli& sli, seconds window, seconds scrape_interval) {
  if (load::is_promql_template(sli.query)) return filled(sli.query, window);
  const seconds step = std::max(scrape_interval, window / 2'000);
  return fmt::format("avg_over_time(({})[{}:{}])", sli.query, promql_duration(window), promql_duration(step));
}

// A rate needs a few samples to see anything.
seconds moment_window(seconds scrape_interval) {
  return 4 * scrape_interval;
}

seconds rounded_up(seconds length, std::int64_t parts) {
  return seconds{std::max<std::int64_t>(1, (length.count() + parts - 1) / parts)};
}

Result<PlannedPart> plan_window(const slo::Objective& objective, seconds length, seconds scrape_interval,
                                QueryList& list) {
  const seconds window = asked_window(length);
  const auto promql = promql_over(objective.sli, window, scrape_interval);
  if (!promql) return promql.error();
  PlannedPart part{window, length, {}};
  for (const std::string& query : *promql) {
    if (!std::holds_alternative<slo::ThresholdSli>(objective.sli)) {
      part.queries.push_back(list.add({query, {}, {}}));
      continue;
    }
    const seconds step = std::min(window, std::max(scrape_interval, rounded_up(window, kMaxPoints)));
    part.queries.push_back(list.add({query, std::max(seconds{1}, window - step), step}));
  }
  return part;
}

// One answer for each slice of a stretch that ends now.
Result<PlannedPart> plan_slices(const slo::Objective& objective, seconds stretch, seconds slice,
                                seconds scrape_interval, QueryList& list) {
  const auto promql = promql_over(objective.sli, slice, scrape_interval);
  if (!promql) return promql.error();
  PlannedPart part{slice, stretch, {}};
  for (const std::string& query : *promql)
    part.queries.push_back(list.add({query, std::max(slice, stretch - slice), slice}));
  return part;
}

void plan_course(ObjectivePlan& plan, const slo::Objective& objective, seconds scrape_interval,
                 QueryList& list) {
  const std::vector<seconds> windows = slo::needed_windows(objective);
  const seconds longest = std::max(slo::budget_window(objective), windows.empty() ? kDay : windows.back());
  const seconds stretch = std::min(kDay, asked_window(longest));
  const seconds step = std::max(2 * scrape_interval, rounded_up(stretch, kCoursePoints));
  if (stretch < 2 * step) return;
  if (auto course = plan_slices(objective, stretch, step, scrape_interval, list))
    plan.course = std::move(*course);
}

void plan_freshness(ObjectivePlan& plan, const slo::Objective& objective, const PlanSettings& settings,
                    QueryList& list) {
  const std::string selector = freshness_selector(objective);
  plan.age =
      list.add({fmt::format("time() - (max(timestamp({0})) or max(max_over_time(timestamp({0})[{1}:4m])))",
                            selector, promql_duration(settings.longest_age)),
                {},
                {}});
  const seconds period = asked_window(slo::decisive_window(objective));
  plan.covered_step = std::max(settings.scrape_interval, rounded_up(period, kCoveragePoints));
  plan.covered = list.add({fmt::format("count_over_time(count({})[{}:{}])", selector, promql_duration(period),
                                       promql_duration(plan.covered_step)),
                           {},
                           {}});
}

}  // namespace

std::string promql_duration(seconds length) {
  constexpr std::array<std::pair<std::int64_t, char>, 3> kUnits{{{86'400, 'd'}, {3600, 'h'}, {60, 'm'}}};
  for (const auto& [size, unit] : kUnits) {
    if (length.count() % size == 0) return fmt::format("{}{}", length.count() / size, unit);
  }
  return fmt::format("{}s", length.count());
}

Result<std::vector<std::string>> promql_over(const slo::Sli& sli, seconds window, seconds scrape_interval) {
  using Queries = Result<std::vector<std::string>>;
  return std::visit(
      Overloaded{[&](const slo::RatioSli& ratio) -> Queries { return ratio_over(ratio, window); },
                 [&](const slo::LatencySli& latency) -> Queries {
                   auto buckets = filled_or_wrapped("histogram", latency.histogram, "sum by (le) (increase(",
                                                    "))", window);
                   if (!buckets) return buckets.error();
                   return std::vector{std::move(*buckets)};
                 },
                 [&](const slo::RawRatioSli& raw) -> Queries {
                   return std::vector{raw_over(raw, window, scrape_interval)};
                 },
                 [&](const slo::ThresholdSli& threshold) -> Queries {
                   return std::vector{filled(threshold.query, moment_window(scrape_interval))};
                 },
                 [](const slo::RequestSli&) -> Queries {
                   return Error{ErrorCode::usage,
                                "single requests cannot be had from Prometheus: give good, bad or histogram"};
                 }},
      sli);
}

std::string freshness_selector(const slo::Objective& objective) {
  if (!objective.freshness.empty()) return objective.freshness;
  const std::string_view query = std::visit(
      Overloaded{[](const slo::RatioSli& ratio) -> std::string_view { return ratio.total; },
                 [](const slo::LatencySli& latency) -> std::string_view { return latency.histogram; },
                 [](const slo::RawRatioSli& raw) -> std::string_view { return raw.query; },
                 [](const slo::ThresholdSli& threshold) -> std::string_view { return threshold.query; },
                 [](const slo::RequestSli&) { return std::string_view{}; }},
      objective.sli);
  return std::string{load::first_selector(query)};
}

std::size_t QueryList::add(PrometheusQuery query) {
  const auto [known, is_new] = numbers_.emplace(query, queries_.size());
  if (is_new) queries_.push_back(std::move(query));
  return known->second;
}

seconds asked_window(seconds length) {
  return length.count() > 0 ? length : kThresholdWindow;
}

std::optional<std::string> why_unaskable(const slo::Objective& objective) {
  const auto promql = promql_over(objective.sli, kThresholdWindow, seconds{60});
  if (!promql) return promql.error().message;
  if (freshness_selector(objective).empty())
    return "its queries name no series whose age could be told: set freshness to a selector";
  if (objective.freshness.empty()) return std::nullopt;
  const auto selector = load::parse_promql_selector(objective.freshness);
  if (!selector) return selector.error().within("freshness: not a series selector").message;
  return std::nullopt;
}

ObjectivePlan plan_objective(const slo::Objective& objective, const PlanSettings& settings, QueryList& list) {
  ObjectivePlan plan;
  const seconds scrape_interval = settings.scrape_interval;
  plan.impossible = why_unaskable(objective);
  if (plan.impossible) return plan;
  for (const seconds length : slo::needed_windows(objective)) {
    if (auto part = plan_window(objective, length, scrape_interval, list))
      plan.windows.push_back(std::move(*part));
  }
  if (objective.budgeting != slo::Budgeting::occurrences && slo::budget_window(objective).count() > 0) {
    auto slices =
        plan_slices(objective, slo::budget_window(objective), objective.slice, scrape_interval, list);
    if (slices) plan.slices = std::move(*slices);
  }
  plan_freshness(plan, objective, settings, list);
  if (settings.with_course) plan_course(plan, objective, scrape_interval, list);
  return plan;
}

}  // namespace gate::checks
