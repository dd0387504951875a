#include "server/app/migrations.h"

#include <array>

#include "server/auth/key_record.h"
#include "server/exemptions/tables.h"
#include "server/limits/override_table.h"
#include "server/slo/bin_table.h"
#include "server/store/audit.h"
#include "server/store/idempotency.h"

namespace server::app {

std::span<const store::Migration> migrations() {
  static const std::array kAll{
      store::kCoreMigration, store::kAuditMigration,      store::kIdempotencyMigration,
      auth::kKeyMigration,   limits::kRateLimitMigration, exemptions::kExemptionMigration,
      slo::kSloMigration};
  return kAll;
}

}  // namespace server::app
