#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/checks/prometheus_source.h"
#include "tests/support/prometheus_answers.h"
#include "tests/support/world.h"

namespace gate::checks {

// A server that answers the questions every measurement starts with, and nothing else.
struct PrometheusWorld : test::World {
  PrometheusWorld() {
    http.answer("", test::prometheus_vector({}));
    http.answer("query=time()", test::prometheus_number(fmt::format("{}", now_in_seconds())));
    http.answer("max(timestamp(", test::prometheus_number("5"));
  }
  [[nodiscard]] std::int64_t now_in_seconds() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
  }
  [[nodiscard]] SourceWorld source_world() const { return {http, clock, environment, files}; }

  // What stands there for the first objective; fails the test where nothing does.
  slo::Measurement measure(const slo::Objective& objective, const slo::PrometheusSource& source,
                           const MeasureSettings& settings = {}) {
    const std::vector<slo::Objective> objectives{objective};
    auto measurements = measure_prometheus(source, objectives, settings, source_world());
    if (!measurements || measurements->of.size() != 1) {
      ADD_FAILURE() << (measurements ? "not one measurement" : measurements.error().message);
      return {};
    }
    notes = measurements->notes;
    return measurements->of[0];
  }
  std::vector<std::string> notes;
};

inline slo::PrometheusSource a_source() {
  slo::PrometheusSource source;
  source.url = "http://prom:9090/";
  source.scrape_interval = std::chrono::seconds{15};
  return source;
}

// One window of an hour, and no budget.
inline slo::Objective over_an_hour(slo::Sli sli) {
  slo::Objective objective;
  objective.name = "checkout";
  objective.sli = std::move(sli);
  objective.target = *Decimal::parse("0.99");
  objective.span = slo::Threshold{"error_rate_percent", "1", std::chrono::seconds{3600}};
  return objective;
}

inline slo::RatioSli a_ratio() {
  slo::RatioSli sli;
  sli.bad = "http_requests_total{code=~\"5..\"}";
  sli.total = "http_requests_total";
  return sli;
}

// Parts of the two queries of a_ratio().
constexpr const char* kBad = "sum(increase(http_requests_total{code";
constexpr const char* kTotal = "sum(increase(http_requests_total[";

}  // namespace gate::checks
