#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "gate/base/time.h"
#include "gate/base/value.h"
#include "server/api/call.h"
#include "server/slo/span_table.h"
#include "server/slo/spans.h"

namespace server::slo {

inline constexpr std::int64_t kMostSpans = 2'000;  // of one answer

// What an answer about breaches is made of.
struct Look {
  api::Call call;
  std::int64_t hours = 0;  // back from `now`
  gate::Timestamp now{};
  std::vector<Span> spans;  // newest first; one more than an answer has where there are more
  std::optional<Observation> observation;
  bool is_watched = false;  // by an objective that is asked for and in reach
};

// The answer's body. Complete without reasons: then no breach in it means that there was none.
gate::Value breaches_body(const Look& look, std::chrono::milliseconds interval);

}  // namespace server::slo
