#pragma once

#include <chrono>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "gate/slo/objective.h"

namespace gate::slo {

// A server with Prometheus' HTTP API: Prometheus, Thanos, Mimir, VictoriaMetrics.
struct PrometheusSource {
  std::string url;         // up to the path in front of /api/v1
  std::string token_env;   // variable that holds a bearer token; empty: none
  std::string token_file;  // or the file that does
  std::string user;        // basic authentication, with `password_env`
  std::string password_env;
  std::map<std::string, std::string> headers;  // "X-Scope-OrgID"
  std::string ca_file;
  std::chrono::seconds scrape_interval{60};
  std::chrono::seconds max_age{0};            // 0: three scrape intervals
  std::chrono::milliseconds timeout{10'000};  // of one query
  bool tolerate_warnings = false;             // a warning of the server (a partial answer) only warns

  bool operator==(const PrometheusSource&) const = default;
};

// Request samples in files, read once: JSON Lines, CSV or HAProxy's HTTP log, told by content.
struct SamplesSource {
  std::vector<std::string> files;   // files, folders, globs; "-" is stdin
  std::chrono::seconds max_age{0};  // of the newest sample; 0: any
  bool may_grow = false;            // watched: a last line that no line feed ends is not there yet

  bool operator==(const SamplesSource&) const = default;
};

// A service's own metrics page, read twice: from its URL, or from two files.
struct ExpositionSource {
  std::string url;
  std::string before;  // files instead of the URL
  std::string after;
  std::chrono::milliseconds interval{10'000};
  std::chrono::milliseconds timeout{10'000};

  bool operator==(const ExpositionSource&) const = default;
};

// Request samples that are posted to the server that evaluates them; an objective's `service` says whose.
struct PostedSource {
  std::chrono::seconds max_age{300};  // of the newest sample

  bool operator==(const PostedSource&) const = default;
};

// A source that is declared and that nobody here can read: OpenSLO knows many types.
struct UnsupportedSource {
  std::string type;  // as written: "Datadog"
  std::string why;   // one clause: "only Prometheus is read"

  bool operator==(const UnsupportedSource&) const = default;
};

struct Source {
  std::string name;
  std::variant<PrometheusSource, SamplesSource, ExpositionSource, PostedSource, UnsupportedSource> settings;
  Origin origin;

  bool operator==(const Source&) const = default;
};

// What in a file of objectives is read otherwise than its author may have meant.
struct Remark {
  std::string message;
  Origin origin;

  bool operator==(const Remark&) const = default;
};

// What files of objectives declare.
struct ObjectiveSet {
  std::vector<Source> sources;
  std::vector<Objective> objectives;
  std::vector<Remark> remarks;

  bool operator==(const ObjectiveSet&) const = default;
};

}  // namespace gate::slo
