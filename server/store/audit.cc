#include "server/store/audit.h"

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "gate/load/json.h"
#include "gate/load/json_fields.h"

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

// audit_head holds the last sequence and hash once more, so that rows cut off at the end are missed.
const Migration kAuditMigration{2, "audit", R"(
CREATE TABLE audit (
  sequence {integer} NOT NULL PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  owner TEXT NOT NULL,
  scope TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  idempotency TEXT NOT NULL,
  state_before TEXT NOT NULL,
  state_after TEXT NOT NULL,
  hash TEXT NOT NULL
) {strict};
CREATE TABLE audit_head (
  id {integer} NOT NULL PRIMARY KEY CHECK (id = 1),
  sequence {integer} NOT NULL,
  hash TEXT NOT NULL
) {strict};
INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '');
)"};

namespace {

constexpr std::int64_t kPiece = 500;  // rows read at once

constexpr std::int64_t kBeforeAll = std::numeric_limits<std::int64_t>::min();

constexpr std::string_view kColumns =
    "sequence, at, actor, owner, scope, action, subject, reason, correlation_id, idempotency, state_before, "
    "state_after, hash";

// A row as it lies in the table: what the hash is taken of.
struct StoredRow {
  std::int64_t sequence = 0;
  std::string at, actor, owner, scope, action, subject, reason, correlation_id, idempotency;
  std::string before, after;  // canonical JSON
  std::string hash;
};

struct Head {
  std::int64_t sequence = 0;
  std::string hash;
};

StoredRow stored_row(const Row& row) {
  return {row.integer(0), row.text(1), row.text(2), row.text(3),  row.text(4),  row.text(5), row.text(6),
          row.text(7),    row.text(8), row.text(9), row.text(10), row.text(11), row.text(12)};
}

std::string quoted(const std::string& text) {
  return gate::to_canonical_json(gate::Value{text});
}

// RFC 8785 of the whole row: its members sorted, and before and after canonical already.
std::string canonical(const StoredRow& row) {
  return fmt::format(
      R"({{"action":{},"actor":{},"after":{},"at":{},"before":{},"correlation_id":{},"idempotency":{},)"
      R"("owner":{},"reason":{},"scope":{},"sequence":{},"subject":{}}})",
      quoted(row.action), quoted(row.actor), row.after, quoted(row.at), row.before,
      quoted(row.correlation_id), quoted(row.idempotency), quoted(row.owner), quoted(row.reason),
      quoted(row.scope), row.sequence, quoted(row.subject));
}

std::string hash_of(const std::string& previous, const StoredRow& row) {
  return gate::sha256_hex(previous + canonical(row));
}

Result<std::optional<Head>> read_head(Transaction& transaction) {
  const auto rows = transaction.query("SELECT sequence, hash FROM audit_head WHERE id = 1", {});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Head>{};
  return std::optional<Head>{Head{rows->front().integer(0), rows->front().text(1)}};
}

Status insert(Transaction& transaction, const StoredRow& row) {
  const auto inserted = transaction.execute(
      "INSERT INTO audit (sequence, at, actor, owner, scope, action, subject, reason, correlation_id, "
      "idempotency, state_before, state_after, hash) VALUES (:sequence, :at, :actor, :owner, :scope, "
      ":action, "
      ":subject, :reason, :correlation_id, :idempotency, :state_before, :state_after, :hash)",
      {{"sequence", row.sequence},
       {"at", row.at},
       {"actor", row.actor},
       {"owner", row.owner},
       {"scope", row.scope},
       {"action", row.action},
       {"subject", row.subject},
       {"reason", row.reason},
       {"correlation_id", row.correlation_id},
       {"idempotency", row.idempotency},
       {"state_before", row.before},
       {"state_after", row.after},
       {"hash", row.hash}});
  return inserted ? gate::done() : Status{inserted.error()};
}

Result<gate::Value> value_of(const std::string& json) {
  const auto document = gate::load::parse_json(json);
  if (!document) return Error{ErrorCode::malformed, "a row of the audit log holds no JSON"};
  return gate::load::to_value(document->root);
}

Result<AuditRow> audit_row(StoredRow row) {
  const auto at = gate::parse_timestamp(row.at);
  if (!at) return Error{ErrorCode::malformed, "a row of the audit log holds no time"};
  auto before = value_of(row.before);
  if (!before) return before.error();
  auto after = value_of(row.after);
  if (!after) return after.error();
  return AuditRow{row.sequence,
                  *at,
                  {std::move(row.actor), std::move(row.owner), std::move(row.scope), std::move(row.action),
                   std::move(row.subject), std::move(row.reason), std::move(row.correlation_id),
                   std::move(row.idempotency), std::move(*before), std::move(*after)},
                  std::move(row.hash)};
}

void break_at(AuditWalk& walk, std::int64_t sequence, std::string why) {
  walk.check.broken_at = sequence;
  walk.check.why = std::move(why);
  walk.finished = true;
}

void take(AuditWalk& walk, const StoredRow& row) {
  const std::int64_t expected = walk.check.rows + 1;
  if (row.sequence != expected) {
    break_at(walk, expected, "it is missing");
  } else if (row.hash != hash_of(walk.check.head, row)) {
    break_at(walk, expected, "its hash does not fit its content and the row before it");
  } else {
    walk.check.rows = expected;
    walk.check.head = row.hash;
  }
}

Status compare_with_head(Transaction& transaction, AuditWalk& walk) {
  const auto read = read_head(transaction);
  if (!read) return read.error();
  const std::optional<Head>& head = *read;
  walk.finished = true;
  if (!head) {
    break_at(walk, walk.check.rows + 1, "the record of where the log ends is missing");
  } else if (head->sequence > walk.check.rows) {
    break_at(walk, walk.check.rows + 1, "it is missing, as are all after it");
  } else if (head->sequence < walk.check.rows) {
    break_at(walk, head->sequence + 1, "it lies beyond the end of the log");
  } else if (head->hash != walk.check.head) {
    break_at(walk, walk.check.rows, "its hash is not the one the log ends with");
  }
  return gate::done();
}

}  // namespace

Result<std::int64_t> append_audit(Transaction& transaction, const AuditEntry& entry, gate::Timestamp at) {
  const auto read = read_head(transaction);
  if (!read) return read.error();
  const std::optional<Head>& head = *read;
  if (!head) return Error{ErrorCode::malformed, "the audit log has lost the record of where it ends"};
  StoredRow row{head->sequence + 1,
                gate::to_string(at),
                entry.actor,
                entry.owner,
                entry.scope,
                entry.action,
                entry.subject,
                entry.reason,
                entry.correlation_id,
                entry.idempotency,
                gate::to_canonical_json(entry.before),
                gate::to_canonical_json(entry.after),
                {}};
  row.hash = hash_of(head->hash, row);
  if (auto inserted = insert(transaction, row); !inserted) return inserted.error();
  const auto moved =
      transaction.execute("UPDATE audit_head SET sequence = :sequence, hash = :hash WHERE id = 1",
                          {{"sequence", row.sequence}, {"hash", row.hash}});
  if (!moved) return moved.error();
  return row.sequence;
}

Result<std::vector<AuditRow>> newest_audit(Transaction& transaction, std::int64_t limit,
                                           std::int64_t before) {
  const auto rows = transaction.query(
      fmt::format("SELECT {} FROM audit WHERE sequence < :before ORDER BY sequence DESC LIMIT :limit",
                  kColumns),
      {{"before", before}, {"limit", limit}});
  if (!rows) return rows.error();
  std::vector<AuditRow> newest;
  for (const Row& row : *rows) {
    auto read = audit_row(stored_row(row));
    if (!read) return read.error();
    newest.push_back(std::move(*read));
  }
  return newest;
}

Status walk_audit(Transaction& transaction, AuditWalk& walk) {
  const auto rows =
      transaction.query(fmt::format("SELECT {} FROM audit WHERE sequence > :after ORDER BY sequence LIMIT {}",
                                    kColumns, kPiece),
                        {{"after", walk.check.rows == 0 ? kBeforeAll : walk.check.rows}});
  if (!rows) return rows.error();
  for (const Row& row : *rows) {
    take(walk, stored_row(row));
    if (walk.finished) return gate::done();
  }
  const bool more = static_cast<std::int64_t>(rows->size()) == kPiece;
  return more ? gate::done() : compare_with_head(transaction, walk);
}

Result<AuditCheck> check_audit(Transaction& transaction) {
  AuditWalk walk;
  while (!walk.finished) {
    if (auto walked = walk_audit(transaction, walk); !walked) return walked.error();
  }
  return walk.check;
}

}  // namespace server::store
