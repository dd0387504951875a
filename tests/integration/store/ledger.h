#pragma once

#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/store/audit.h"
#include "server/store/idempotency.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::store::test {

// How often each change was applied: once, or something is wrong.
inline const Migration kLedger{4, "ledger", R"(
CREATE TABLE ledger (
  id TEXT NOT NULL PRIMARY KEY,
  times {integer} NOT NULL
) {strict};
)"};

inline std::vector<Migration> ledger_migrations() {
  return {kCoreMigration, kAuditMigration, kIdempotencyMigration, kLedger};
}

// A keyed change as a service makes it: the effect, the audit row and the kept answer in one transaction;
// what was done before is not done again.
inline gate::Status apply_once(Transaction& transaction, const std::string& id, gate::Timestamp at) {
  const auto kept = find_keyed_answer(transaction, id);
  if (!kept) return kept.error();
  if (*kept) return gate::done();
  const auto applied = transaction.execute(
      "INSERT INTO ledger (id, times) VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET times = ledger.times + "
      "1",
      {{"id", id}});
  if (!applied) return applied.error();
  AuditEntry entry;
  entry.actor = "system";
  entry.action = "ledger.applied";
  entry.subject = id;
  if (auto told = append_audit(transaction, entry, at); !told) return told.error();
  return keep_keyed_answer(transaction, {id, "", 200, "application/json", "{}"}, at);
}

}  // namespace server::store::test
