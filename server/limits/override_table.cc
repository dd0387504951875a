#include "server/limits/override_table.h"

namespace server::limits {
namespace {

std::int64_t count_of(gate::Timestamp moment) {
  return moment.time_since_epoch().count();
}

gate::Timestamp moment_of(std::int64_t count) {
  return gate::Timestamp{std::chrono::milliseconds{count}};
}

Override override_of(const store::Row& row) {
  const Rate rate{static_cast<std::uint32_t>(row.integer(2)), std::chrono::milliseconds{row.integer(3)}};
  return {row.integer(0),
          row.text(1),
          rate,
          row.text(4),
          row.text(5),
          row.text(6),
          moment_of(row.integer(7)),
          moment_of(row.integer(8))};
}

}  // namespace

const store::Migration kRateLimitMigration{5, "rate limits", R"(
CREATE TABLE rate_limit_override (
  id {integer} NOT NULL PRIMARY KEY,
  endpoint TEXT NOT NULL,
  max_requests {integer} NOT NULL CHECK (max_requests > 0),
  window_ms {integer} NOT NULL CHECK (window_ms > 0),
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL,
  owner TEXT NOT NULL,
  set_ms {integer} NOT NULL,
  expires_ms {integer} NOT NULL,
  ended_ms {integer}
) {strict};
)"};

gate::Result<std::vector<Override>> load_overrides(store::Transaction& transaction, gate::Timestamp now) {
  const auto rows = transaction.query(
      "SELECT id, endpoint, max_requests, window_ms, reason, set_by, owner, set_ms, expires_ms "
      "FROM rate_limit_override WHERE ended_ms IS NULL AND expires_ms > :now ORDER BY endpoint, id",
      {{"now", count_of(now)}});
  if (!rows) return rows.error();
  std::vector<Override> overrides;
  for (const store::Row& row : *rows) overrides.push_back(override_of(row));
  return overrides;
}

gate::Status end_override(store::Transaction& transaction, const std::string& endpoint, gate::Timestamp at) {
  const auto ended = transaction.execute(
      "UPDATE rate_limit_override SET ended_ms = :at "
      "WHERE endpoint = :endpoint AND ended_ms IS NULL AND expires_ms > :at",
      {{"at", count_of(at)}, {"endpoint", endpoint}});
  return ended ? gate::done() : gate::Status{ended.error()};
}

gate::Status insert_override(store::Transaction& transaction, Override& made) {
  if (auto ended = end_override(transaction, made.endpoint, made.set_at); !ended) return ended;
  const auto last = transaction.query("SELECT COALESCE(MAX(id), 0) FROM rate_limit_override", {});
  if (!last) return last.error();
  made.id = last->at(0).integer(0) + 1;
  const auto inserted = transaction.execute(
      "INSERT INTO rate_limit_override (id, endpoint, max_requests, window_ms, reason, set_by, owner, "
      "set_ms, expires_ms, ended_ms) "
      "VALUES (:id, :endpoint, :max, :window, :reason, :set_by, :owner, :set, :expires, NULL)",
      {{"id", made.id},
       {"endpoint", made.endpoint},
       {"max", std::int64_t{made.rate.requests}},
       {"window", made.rate.window.count()},
       {"reason", made.reason},
       {"set_by", made.set_by},
       {"owner", made.owner},
       {"set", count_of(made.set_at)},
       {"expires", count_of(made.expires_at)}});
  return inserted ? gate::done() : gate::Status{inserted.error()};
}

}  // namespace server::limits
