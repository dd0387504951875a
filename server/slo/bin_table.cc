#include "server/slo/bin_table.h"

#include <utility>

#include "server/slo/stored_time.h"

namespace server::slo {
namespace {

using gate::Timestamp;
using std::chrono::seconds;

constexpr std::string_view kColumns =
    "bin_width, bin_start, track, requests, errors, unserved, unanswered, newest, latency";

store::Parameters key_of(const std::string& service, const BinKey& key) {
  return {{"service", service},
          {"width", key.width.count()},
          {"start", stored(key.start)},
          {"track", static_cast<std::int64_t>(key.track)}};
}

gate::Result<BinCounts> counts_in(const store::Row& row) {
  BinCounts counts;
  counts.total = static_cast<std::uint64_t>(row.integer(3));
  counts.errors = static_cast<std::uint64_t>(row.integer(4));
  counts.unserved = static_cast<std::uint64_t>(row.integer(5));
  counts.unanswered = static_cast<std::uint64_t>(row.integer(6));
  counts.newest = moment_of(row.integer(7));
  auto latency = parse_latency_counts(row.text(8));
  if (!latency) return latency.error();
  counts.latency = std::move(*latency);
  return counts;
}

BinKey key_in(const store::Row& row) {
  return {seconds{row.integer(0)}, moment_of(row.integer(1)), static_cast<gate::slo::Track>(row.integer(2))};
}

gate::Status add_bin(store::Transaction& transaction, const std::string& service, const BinKey& key,
                     BinCounts counts) {
  static const std::string select =
      "SELECT " + std::string{kColumns} +
      " FROM slo_bins WHERE service = :service AND bin_width = :width AND bin_start = :start"
      " AND track = :track";
  static const std::string upsert =
      "INSERT INTO slo_bins (service, " + std::string{kColumns} +
      ") VALUES (:service, :width, :start, :track, :requests, :errors, :unserved, :unanswered, :newest,"
      " :latency) ON CONFLICT (service, bin_width, bin_start, track) DO UPDATE SET"
      " requests = excluded.requests, errors = excluded.errors, unserved = excluded.unserved,"
      " unanswered = excluded.unanswered, newest = excluded.newest, latency = excluded.latency";
  store::Parameters parameters = key_of(service, key);
  const auto found = transaction.query(select, parameters);
  if (!found) return found.error();
  if (!found->empty()) {
    const auto before = counts_in(found->front());
    if (!before) return before.error();
    merge(counts, *before);
  }
  const auto count = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
  parameters.emplace_back("requests", count(counts.total));
  parameters.emplace_back("errors", count(counts.errors));
  parameters.emplace_back("unserved", count(counts.unserved));
  parameters.emplace_back("unanswered", count(counts.unanswered));
  parameters.emplace_back("newest", stored(counts.newest));
  parameters.emplace_back("latency", to_text(counts.latency));
  const auto added = transaction.execute(upsert, parameters);
  return added ? gate::done() : added.error();
}

}  // namespace

gate::Status add_bins(store::Transaction& transaction, const std::string& service, const Bins& bins) {
  for (const auto& [key, counts] : bins) {
    if (auto added = add_bin(transaction, service, key, counts); !added) return added;
  }
  return gate::done();
}

gate::Result<Bins> load_bins(store::Transaction& transaction, const std::string& service) {
  static const std::string select =
      "SELECT " + std::string{kColumns} + " FROM slo_bins WHERE service = :service";
  const auto rows = transaction.query(select, {{"service", service}});
  if (!rows) return rows.error();
  Bins bins;
  for (const store::Row& row : *rows) {
    auto counts = counts_in(row);
    if (!counts) return counts.error();
    bins.emplace(key_in(row), std::move(*counts));
  }
  return bins;
}

gate::Result<std::int64_t> forget_bins(store::Transaction& transaction, const Tiers& tiers, Timestamp now) {
  std::int64_t forgotten = 0;
  for (const Tier& tier : tiers) {
    const auto deleted =
        transaction.execute("DELETE FROM slo_bins WHERE bin_width = :width AND bin_start < :oldest",
                            {{"width", tier.width.count()}, {"oldest", stored(now - tier.kept)}});
    if (!deleted) return deleted.error();
    forgotten += *deleted;
  }
  return forgotten;
}

gate::Result<std::int64_t> note_service(store::Transaction& transaction, const std::string& service) {
  const auto noted = transaction.execute(
      "INSERT INTO slo_services (service) VALUES (:service) ON CONFLICT (service) DO NOTHING",
      {{"service", service}});
  if (!noted) return noted.error();
  const auto rows = transaction.query("SELECT COUNT(*) FROM slo_services", {});
  if (!rows) return rows.error();
  return rows->front().integer(0);
}

const store::Migration kSloMigration{7, "service levels", R"(
CREATE TABLE slo_services (
  service TEXT NOT NULL PRIMARY KEY
) {strict};
CREATE TABLE slo_bins (
  service TEXT NOT NULL,
  bin_width {integer} NOT NULL,
  bin_start {integer} NOT NULL,
  track {integer} NOT NULL,
  requests {integer} NOT NULL,
  errors {integer} NOT NULL,
  unserved {integer} NOT NULL,
  unanswered {integer} NOT NULL,
  newest {integer} NOT NULL,
  latency TEXT NOT NULL,
  PRIMARY KEY (service, bin_width, bin_start, track)
) {strict};
CREATE INDEX slo_bins_by_age ON slo_bins (bin_width, bin_start);
CREATE TABLE slo_spans (
  objective TEXT NOT NULL,
  kind TEXT NOT NULL,
  started_at {integer} NOT NULL,
  ended_at {integer},
  service TEXT NOT NULL,
  enforced {integer} NOT NULL,
  worst TEXT,
  reason TEXT NOT NULL,
  evaluations {integer} NOT NULL,
  PRIMARY KEY (objective, kind, started_at)
) {strict};
CREATE INDEX slo_spans_by_end ON slo_spans (ended_at);
CREATE TABLE slo_observation (
  id {integer} NOT NULL PRIMARY KEY,
  since {integer} NOT NULL,
  last_at {integer} NOT NULL
) {strict};
)"};

}  // namespace server::slo
