#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/base/value.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::store {

// One row of the audit log: who changed what, from what to what.
struct AuditEntry {
  std::string actor;    // id of the key, "local:uid 0", "system"
  std::string owner;    // of the key
  std::string scope;    // under which it was allowed
  std::string action;   // "rate_limit.configured"
  std::string subject;  // what was changed: "canaryManagement", "checkout"
  std::string reason;   // as given; may be empty
  std::string correlation_id;
  std::string idempotency;  // SHA-256 of principal, route and key; empty: none was sent
  gate::Value before;       // null where there was nothing
  gate::Value after;

  bool operator==(const AuditEntry&) const = default;
};

struct AuditRow {
  std::int64_t sequence = 0;
  gate::Timestamp at{};
  AuditEntry entry;
  std::string hash;  // SHA-256 over the previous row's hash and this row's canonical JSON (RFC 8785)

  bool operator==(const AuditRow&) const = default;
};

// Adds a row to the chain, in the transaction of the change it tells of. Returns its sequence number.
gate::Result<std::int64_t> append_audit(Transaction& transaction, const AuditEntry& entry,
                                        gate::Timestamp at);

// The newest `limit` rows before that sequence number, newest first.
constexpr std::int64_t kAfterAllRows = std::numeric_limits<std::int64_t>::max();
gate::Result<std::vector<AuditRow>> newest_audit(Transaction& transaction, std::int64_t limit,
                                                 std::int64_t before = kAfterAllRows);

// What a walk along the whole chain found.
struct AuditCheck {
  std::int64_t rows = 0;
  std::string head;                       // hash of the last row; empty: none
  std::optional<std::int64_t> broken_at;  // sequence of the first row that does not fit
  std::string why;                        // one clause: "its hash does not fit its content"

  bool operator==(const AuditCheck&) const = default;
};
gate::Result<AuditCheck> check_audit(Transaction& transaction);

// The same walk in pieces of some hundred rows, so that a running server can do other work between them.
struct AuditWalk {
  AuditCheck check;
  bool finished = false;

  bool operator==(const AuditWalk&) const = default;
};
gate::Status walk_audit(Transaction& transaction, AuditWalk& walk);

extern const Migration kAuditMigration;

}  // namespace server::store
