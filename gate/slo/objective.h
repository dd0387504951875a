#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/base/time.h"
#include "gate/slo/burn_rate.h"

namespace gate::slo {

// A service level indicator says which events are good. Queries are either series selectors of a
// counter, `http_requests_total{code=~"5.."}`, or PromQL with `{{window}}` where the window goes.

// Events counted by a metrics system: `total`, and either `good` or `bad`.
struct RatioSli {
  std::string good;  // empty where `bad` is given
  std::string bad;
  std::string total;
  bool absent_is_zero = false;  // no series of good (or bad) events means there were none
  bool is_counter = true;       // false: a gauge of events at a moment (OpenSLO's counter: false)

  bool operator==(const RatioSli&) const = default;
};

// Requests by their latency, from a classic Prometheus histogram: bad ones took longer than `threshold`.
struct LatencySli {
  std::string histogram;  // selector of the `_bucket` series
  Decimal threshold_ms;
  Decimal bucket_unit_ms = Decimal::of(std::int64_t{1000});  // what `le` counts: seconds by default

  bool operator==(const LatencySli&) const = default;
};

// The share itself, as a query (OpenSLO's raw): of good events, or of bad ones.
struct RawRatioSli {
  std::string query;
  bool counts_good = true;

  bool operator==(const RawRatioSli&) const = default;
};

enum class Comparison { less, less_or_equal, greater, greater_or_equal };

// A number over time; a moment is good where `value op limit` holds (OpenSLO's thresholdMetric).
struct ThresholdSli {
  std::string query;
  Comparison comparison = Comparison::less;
  Decimal limit;

  bool operator==(const ThresholdSli&) const = default;
};

// Requests one by one, from samples or a proxy's log.
struct RequestSli {
  enum class Kind {
    errors,        // bad: status 500 and above, or no answer (status 0)
    availability,  // bad: not served: no answer, 502, 503, 504
    latency,       // bad: took longer than the threshold, or was not answered
  };
  Kind kind = Kind::errors;
  Decimal threshold_ms;  // of latency

  bool operator==(const RequestSli&) const = default;
};

using Sli = std::variant<RatioSli, LatencySli, RawRatioSli, ThresholdSli, RequestSli>;

// How the good share of a period is counted (OpenSLO v1, budgetingMethod).
enum class Budgeting {
  occurrences,       // good events over all events: weighted by traffic
  timeslices,        // good slices over all slices; a slice is good where its share reaches slice_target
  ratio_timeslices,  // the mean of the slices' shares: not weighted by traffic
};

// Calendar periods start anew at fixed moments; the others end now and have a length.
struct Calendar {
  enum class Unit { day, week, month, quarter, year };
  Unit unit = Unit::month;
  int count = 1;
  Timestamp start{};      // what the clocks of the zone showed when one period started
  std::string time_zone;  // IANA name: "Europe/Berlin"; empty: UTC

  bool operator==(const Calendar&) const = default;
};

struct Period {
  std::chrono::seconds length{0};    // of a calendar period: the current one's, once it is known
  std::optional<Calendar> calendar;  // absent: rolling
  std::chrono::seconds elapsed{0};   // of a calendar period: what has passed of it, once it is known

  bool operator==(const Period&) const = default;
};

// A limit that holds over one window, without a budget: the playbook's thresholds.
struct Threshold {
  std::string setting;             // as written: "p95_latency_ms", "error_rate_percent"
  std::string limit;               // as written: "500", "1.0"
  std::chrono::seconds window{0};  // 0: all that the source has

  bool operator==(const Threshold&) const = default;
};

// What a canary is held to; the rollout and `compare` read it.
struct CanaryLimits {
  std::optional<Decimal> max_bad_share;  // absolute; absent: 1 - target
  std::size_t min_failing_clients = 3;

  bool operator==(const CanaryLimits&) const = default;
};

// Where an objective was written, for messages.
struct Origin {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;

  bool operator==(const Origin&) const = default;
};

// A service level objective: at least `target` of the events of a period are good.
struct Objective {
  std::string name;
  std::string service;
  std::string description;
  std::string source;  // name of a Source
  Sli sli;
  Decimal target;       // share of good events, above 0 and below 1, exact: 0.999
  std::string written;  // the target as percent, as text: "99.9"
  std::variant<Period, Threshold> span;
  Budgeting budgeting = Budgeting::occurrences;
  std::chrono::seconds slice{60};                      // of the two slice methods
  std::optional<Decimal> slice_target;                 // of timeslices
  Decimal reserve;                                     // share of the budget that must be left; 0: any at all
  std::optional<std::vector<BurnRateRow>> burn_rates;  // absent: the table's for this period
  std::optional<double> min_events;                    // fewer are low traffic; absent: 3 / (1 - target)
  double min_bad_events = 3;                           // fewer bad ones fire no row
  bool shadow = false;                                 // reported, not enforced
  std::string freshness;  // selector whose newest sample's age counts; empty: the SLI's own
  CanaryLimits canary;
  Origin origin;

  bool operator==(const Objective&) const = default;
};

// Exactly 1 - target: the share of events that may be bad.
Decimal error_budget(const Objective& objective);

// The share of good events that a threshold asks for: p95_latency_ms that 95 % are not slower,
// error_rate_percent X that 100 - X % are good, availability_percent A that A % are.
Decimal target_of_threshold(std::string_view setting, const Decimal& limit);

// Above 0 and below 1.
bool is_target(const Decimal& share);

// A share in percent and back, exactly.
Decimal percent_of(const Decimal& share);
Decimal share_of_percent(const Decimal& percent);

}  // namespace gate::slo
