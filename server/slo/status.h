#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/base/value.h"
#include "gate/checks/slo.h"
#include "gate/slo/evaluation.h"
#include "server/api/call.h"

namespace server::slo {

// One objective of a snapshot, ready to be shown.
struct StatusRow {
  std::string service;
  gate::slo::Outcome outcome = gate::slo::Outcome::undecided;
  bool enforced = true;
  gate::Value value;
};

// What the last evaluation said. Not to be changed once it is made: readers share it.
struct Snapshot {
  std::int64_t generation = 0;          // 0: nothing was evaluated yet
  gate::Timestamp at{};                 // when the evaluation began
  std::chrono::nanoseconds elapsed{0};  // the same by the monotonic clock
  std::vector<StatusRow> rows;          // in the order of the files
};

StatusRow status_row(const gate::checks::EvaluatedObjective& evaluated, gate::Timestamp at);

// A look at a snapshot: which services, and how old it may be.
struct StatusView {
  std::function<bool(std::string_view service)> shows;
  std::chrono::nanoseconds elapsed{0};  // now
  std::chrono::milliseconds interval{0};
};

// Evidence that stops is stale, not healthy: from three intervals on.
bool is_stale(const Snapshot& snapshot, const StatusView& view);

// {"rule": "slo.stale", "effect": "doubt", "message": …}
gate::Value reason_value(std::string_view rule, std::string_view effect, std::string_view message);

// 404 for a service that none of these is; nothing where no service was asked for.
std::optional<api::Problem> check_service(const api::Call& call, const std::vector<std::string_view>& known);

// The answer's body. Its reasons name what decided a verdict that is not passed. The verdict over all is the
// worst of the enforced objectives, failed > undecided > warned > passed; undecided where there is none, and
// where the snapshot is stale.
gate::Value status_body(const Snapshot& snapshot, const StatusView& view);

std::string_view status_schema();
std::string_view breaches_schema();
std::string_view samples_reply_schema();
std::string_view samples_request_schema();

}  // namespace server::slo
