#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/checks/prometheus_client.h"
#include "gate/slo/objective.h"

namespace gate::checks {

// A length as PromQL writes it, in the largest unit that fits: "30d", "5m", "90s".
std::string promql_duration(std::chrono::seconds length);

// The queries that count an SLI's events over a window: [bad or good, total] of a ratio, the buckets of a
// histogram, the share of a raw ratio, the value of a threshold metric. A selector is wrapped in
// sum(increase(…)), and in a template the window is filled in. Errors: usage for a query that is neither, and
// for request samples, which Prometheus has none of.
Result<std::vector<std::string>> promql_over(const slo::Sli& sli, std::chrono::seconds window,
                                             std::chrono::seconds scrape_interval);

// The selector whose newest sample tells how old the data is; empty where none can be seen.
std::string freshness_selector(const slo::Objective& objective);

// Why Prometheus cannot be asked about the objective, as far as that is plain to see without a server.
std::optional<std::string> why_unaskable(const slo::Objective& objective);

// Queries without repetition, each known by its number.
class QueryList {
 public:
  std::size_t add(PrometheusQuery query);
  [[nodiscard]] const std::vector<PrometheusQuery>& queries() const { return queries_; }

 private:
  std::vector<PrometheusQuery> queries_;
  std::map<PrometheusQuery, std::size_t> numbers_;
};

// What is asked about one stretch of time, by the numbers of the queries.
struct PlannedPart {
  std::chrono::seconds window{0};  // that an answer counts over: the whole, or one slice
  std::chrono::seconds length{0};  // as the objective calls it
  std::vector<std::size_t> queries;
};

// All that is asked about one objective.
struct ObjectivePlan {
  std::vector<PlannedPart> windows;
  std::optional<PlannedPart> slices;
  std::optional<PlannedPart> course;
  std::optional<std::size_t> age;
  std::optional<std::size_t> covered;  // its answer counts steps
  std::chrono::seconds covered_step{0};
  std::optional<std::string> impossible;  // why the objective cannot be asked about at all
};

// How the questions are put.
struct PlanSettings {
  std::chrono::seconds scrape_interval{60};
  std::chrono::seconds longest_age{3600};  // how far back the newest sample is looked for
  bool with_course = false;
};

ObjectivePlan plan_objective(const slo::Objective& objective, const PlanSettings& settings, QueryList& list);

// The window that is asked about: an hour where all that there is was meant.
std::chrono::seconds asked_window(std::chrono::seconds length);

}  // namespace gate::checks
