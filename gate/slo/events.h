#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gate/base/time.h"

namespace gate::slo {

// Why a number is not known.
enum class Doubt {
  no_data,       // nothing came back, NaN, or nothing happened
  low_traffic,   // too few events to tell
  stale,         // the newest sample is too old
  inconclusive,  // what came back does not settle it
  unreachable,   // the source did not answer
};

// What is missing, and why: "no data: the query returned no series".
struct Missing {
  Doubt doubt = Doubt::no_data;
  std::string message;  // one clause, lower case, no full stop

  bool operator==(const Missing&) const = default;
};

// The events of one window and how many of them were bad. Prometheus extrapolates, so counts need not
// be whole. A latency threshold that lies between two bucket bounds leaves the bad ones between two
// numbers; else the two are equal. 0 <= bad_least <= bad_most <= total, all finite.
struct Events {
  double total = 0;
  double bad_least = 0;
  double bad_most = 0;

  bool operator==(const Events&) const = default;
};

// The events of the window that ended when the measurement was made.
struct Window {
  std::chrono::seconds length{0};
  std::variant<Events, Missing> events;

  bool operator==(const Window&) const = default;
};

// One time slice of the period, for objectives that are budgeted by slices.
struct Slice {
  Timestamp start{};
  Events events;

  bool operator==(const Slice&) const = default;
};

// What was asked and what came back, word for word but for secrets.
struct QueryRecord {
  std::string query;   // resolved: no {{window}} is left
  std::string answer;  // "12.5", "no series", "NaN", "HTTP 422: …"
  std::chrono::milliseconds took{0};

  bool operator==(const QueryRecord&) const = default;
};

// Everything a source says about one objective.
struct Measurement {
  Timestamp at{};               // the end of every window
  std::vector<Window> windows;  // one for each length that was asked for
  // Of the whole period, where the objective is budgeted by slices; slices without events are absent.
  std::variant<std::vector<Slice>, Missing> slices;
  std::vector<Slice> course;  // for charts: the error share over time, oldest first; may be empty
  std::optional<std::chrono::seconds> newest_age;  // of the newest sample; nullopt: the source cannot tell
  std::optional<Missing> untold_age;               // why it cannot, where it should
  std::optional<std::chrono::seconds> covered;  // how much of the period there is data for; nullopt: unknown
  std::vector<QueryRecord> queries;
  std::vector<std::string> warnings;  // what the source itself warned about

  bool operator==(const Measurement&) const = default;
};

// The window of that length; nullptr where nobody asked for it.
const Window* find_window(const Measurement& measurement, std::chrono::seconds length);

}  // namespace gate::slo
