#pragma once

#include <chrono>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "gate/load/prometheus_reply.h"
#include "gate/slo/events.h"
#include "gate/slo/objective.h"

namespace gate::checks {

using Answers = std::span<const load::PrometheusAnswer* const>;

// The one number of an answer. Missing for none, NaN (no_data), infinite or several (inconclusive); `name`
// says whose: "total returned 3 series: sum them".
std::variant<double, slo::Missing> one_number(const load::PrometheusAnswer& answer, std::string_view name);

// The events that the answers to promql_over() tell about one window. A share without events behind it counts
// one event each scrape interval. Of a threshold metric each moment is an event, and a NaN may be a bad one.
std::variant<slo::Events, slo::Missing> events_of(const slo::Sli& sli, Answers answers,
                                                  std::chrono::seconds window,
                                                  std::chrono::seconds scrape_interval);

// The same for each of many slices, from range queries with the slice as step; slices without events are left
// out. Events of one kind that were seen in no slice are zero in it only where they were in another,
// and bad ones only where they still are in the newest that has events.
std::variant<std::vector<slo::Slice>, slo::Missing> slices_of(const slo::Sli& sli, Answers answers,
                                                              std::chrono::seconds slice,
                                                              std::chrono::seconds scrape_interval);

}  // namespace gate::checks
