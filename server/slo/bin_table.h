#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/slo/bins.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::slo {

// Adds the bins of one batch to what is stored: one row for each.
gate::Status add_bins(store::Transaction& transaction, const std::string& service, const Bins& bins);

// The stored bins of a service.
gate::Result<Bins> load_bins(store::Transaction& transaction, const std::string& service);

// Deletes what no tier keeps any more. Returns how many.
gate::Result<std::int64_t> forget_bins(store::Transaction& transaction, const Tiers& tiers,
                                       gate::Timestamp now);

// Notes that a service posts. Returns how many services do.
gate::Result<std::int64_t> note_service(store::Transaction& transaction, const std::string& service);

// Of the whole SLO service: bins, spans (span_table.h) and how long it observes.
extern const store::Migration kSloMigration;

}  // namespace server::slo
