#include "server/store/idempotency.h"

namespace server::store {

using gate::Result;
using gate::Status;

// kept_at counts milliseconds since 1970: engines sort texts differently.
const Migration kIdempotencyMigration{3, "idempotency", R"(
CREATE TABLE idempotency (
  id TEXT NOT NULL PRIMARY KEY,
  request_sha256 TEXT NOT NULL,
  status {integer} NOT NULL,
  content_type TEXT NOT NULL,
  body TEXT NOT NULL,
  kept_at {integer} NOT NULL
) {strict};
CREATE INDEX idempotency_by_time ON idempotency (kept_at);
)"};

namespace {

std::int64_t milliseconds(gate::Timestamp at) {
  return at.time_since_epoch().count();
}

}  // namespace

Result<std::optional<KeyedAnswer>> find_keyed_answer(Transaction& transaction, const std::string& id) {
  const auto rows = transaction.query(
      "SELECT request_sha256, status, content_type, body FROM idempotency WHERE id = :id", {{"id", id}});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<KeyedAnswer>{};
  const Row& row = rows->front();
  return std::optional<KeyedAnswer>{
      KeyedAnswer{id, row.text(0), static_cast<int>(row.integer(1)), row.text(2), row.text(3)}};
}

Status keep_keyed_answer(Transaction& transaction, const KeyedAnswer& answer, gate::Timestamp at) {
  const auto kept = transaction.execute(
      "INSERT INTO idempotency (id, request_sha256, status, content_type, body, kept_at) "
      "VALUES (:id, :request_sha256, :status, :content_type, :body, :kept_at)",
      {{"id", answer.id},
       {"request_sha256", answer.request_sha256},
       {"status", std::int64_t{answer.status}},
       {"content_type", answer.content_type},
       {"body", answer.body},
       {"kept_at", milliseconds(at)}});
  return kept ? gate::done() : Status{kept.error()};
}

Result<std::int64_t> forget_keyed_answers(Transaction& transaction, gate::Timestamp oldest) {
  return transaction.execute("DELETE FROM idempotency WHERE kept_at < :oldest",
                             {{"oldest", milliseconds(oldest)}});
}

}  // namespace server::store
