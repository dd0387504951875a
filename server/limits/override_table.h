#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/limits/limiter.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::limits {

extern const store::Migration kRateLimitMigration;

// Those in force, by endpoint. Others stay in the table, as history.
gate::Result<std::vector<Override>> load_overrides(store::Transaction& transaction, gate::Timestamp now);

// Ends what is in force for that endpoint.
gate::Status end_override(store::Transaction& transaction, const std::string& endpoint, gate::Timestamp at);

// Ends the one that is in force for its endpoint, and gives it the next id.
gate::Status insert_override(store::Transaction& transaction, Override& made);

}  // namespace server::limits
