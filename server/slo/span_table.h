#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/slo/spans.h"
#include "server/store/store.h"

namespace server::slo {

// Since when evaluations follow each other without a gap, and the last of them.
struct Observation {
  gate::Timestamp since{};
  gate::Timestamp last_at{};

  bool operator==(const Observation&) const = default;
};

gate::Status put_span(store::Transaction& transaction, const Span& span);
gate::Status put_observation(store::Transaction& transaction, const Observation& observation);

// Spans that were open at `from` or later, the newest first, `most` at most.
gate::Result<std::vector<Span>> load_spans(store::Transaction& transaction, gate::Timestamp from,
                                           std::int64_t most);
gate::Result<std::optional<Observation>> load_observation(store::Transaction& transaction);

// Deletes those that ended before `oldest`: what happened then the audit log still tells.
gate::Status forget_spans(store::Transaction& transaction, gate::Timestamp oldest);

}  // namespace server::slo
