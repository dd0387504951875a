#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/load/promql_selector.h"

namespace gate::load {

// A value at a moment, in seconds since 1970. NaN and infinities are values.
struct PrometheusPoint {
  double at = 0;
  double value = 0;

  bool operator==(const PrometheusPoint&) const = default;
};

struct PrometheusSeries {
  std::vector<Label> labels;            // by name, __name__ among them; none for a scalar
  std::vector<PrometheusPoint> points;  // by time; one unless it is a matrix

  bool operator==(const PrometheusSeries&) const = default;
};

// The answer to a query of Prometheus' HTTP API.
struct PrometheusAnswer {
  enum class Kind { scalar, vector, matrix };
  Kind kind = Kind::vector;
  std::vector<PrometheusSeries> series;
  std::vector<std::string> warnings;  // the answer may be partial
  std::vector<std::string> infos;     // remarks on the query

  bool operator==(const PrometheusAnswer&) const = default;
};

// Reads the reply to /api/v1/query or /api/v1/query_range. Errors, each with what the server said:
// refused for 401 and 403; timeout where it says that the query took too long; unavailable for other
// statuses that tell of the server (404, 408, 429, 5xx), and for a body that is not whole JSON, whose
// first line is quoted; malformed where it refuses the query (400, 422) or answers in another shape, of
// native histograms too.
Result<PrometheusAnswer> parse_prometheus_reply(int status, std::string_view body);

}  // namespace gate::load
