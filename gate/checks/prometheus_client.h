#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/checks/http_secrets.h"
#include "gate/checks/source_world.h"
#include "gate/load/prometheus_reply.h"
#include "gate/slo/events.h"

namespace gate::checks {

// A query for one moment, or for many: at `end` and every `step` before it, back to `end - length`.
struct PrometheusQuery {
  std::string promql;
  std::chrono::seconds length{0};  // 0: one moment
  std::chrono::seconds step{0};

  auto operator<=>(const PrometheusQuery&) const = default;
};

// What came back, and how the report tells of it. No text of it holds a secret.
struct PrometheusReply {
  Result<load::PrometheusAnswer> answer;
  slo::QueryRecord record;
};

// Talks to one server until a deadline. Safe to share between threads.
class PrometheusClient {
 public:
  // `timeout` is of one query, `deadline` of all, from now.
  PrometheusClient(HttpAccess access, std::chrono::milliseconds timeout, std::chrono::milliseconds deadline,
                   const SourceWorld& world);

  // One query at that moment; absent: the server's now. A range of more than 11,000 steps, which no server
  // answers at once, is asked for in pieces. A connection that broke, and HTTP 502 and 503, are tried once
  // more.
  [[nodiscard]] PrometheusReply ask(const PrometheusQuery& query, std::optional<Timestamp> at) const;

  // All of them in parallel, the replies in their order. Once the server fails to answer many in a row the
  // rest is not asked.
  [[nodiscard]] std::vector<PrometheusReply> ask_all(std::span<const PrometheusQuery> queries,
                                                     Timestamp at) const;

 private:
  [[nodiscard]] Result<load::PrometheusAnswer> ask_range(const PrometheusQuery& query, Timestamp at) const;
  [[nodiscard]] Result<load::PrometheusAnswer> call(std::string_view endpoint, std::string form) const;
  [[nodiscard]] Result<ports::HttpReply> send(const ports::HttpRequest& request) const;
  [[nodiscard]] Result<ports::HttpReply> send_once(ports::HttpRequest request) const;

  HttpAccess access_;
  std::chrono::milliseconds timeout_;
  std::chrono::milliseconds overall_;
  std::chrono::nanoseconds end_;
  const SourceWorld& world_;
};

}  // namespace gate::checks
