#include "server/exemptions/tables.h"

#include <array>

#include <fmt/format.h>

namespace server::exemptions {
namespace {

using gate::Result;
using store::Cell;
using store::Row;
using store::Transaction;

constexpr std::array kKinds{VersionKind::pushed, VersionKind::file, VersionKind::reset};

constexpr std::string_view kVersionColumns =
    "SELECT generation, kind, register_text, sha256, source, git_sha, made_by, owner, made_ms, file_sha256, "
    "restored FROM exemption_register";

std::int64_t count_of(gate::Timestamp moment) {
  return moment.time_since_epoch().count();
}

gate::Timestamp moment_of(std::int64_t count) {
  return gate::Timestamp{std::chrono::milliseconds{count}};
}

Version version_in(const Row& row) {
  Version version;
  version.generation = row.integer(0);
  for (const VersionKind kind : kKinds) {
    if (name_of(kind) == row.text(1)) version.kind = kind;
  }
  version.text = row.text(2);
  version.sha256 = row.text(3);
  version.source = row.text(4);
  version.git_sha = row.text(5);
  version.made_by = row.text(6);
  version.owner = row.text(7);
  version.at = moment_of(row.integer(8));
  version.file_sha256 = row.text(9);
  version.restored = row.integer(10);
  return version;
}

Result<std::optional<Version>> version_where(Transaction& transaction, std::string_view where,
                                             const store::Parameters& parameters) {
  const auto rows = transaction.query(
      fmt::format("{} {} ORDER BY generation DESC LIMIT 1", kVersionColumns, where), parameters);
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Version>{};
  return std::optional{version_in(rows->front())};
}

gate::Status status_of(const Result<std::int64_t>& changed) {
  return changed ? gate::done() : gate::Status{changed.error()};
}

}  // namespace

const store::Migration kExemptionMigration{6, "exemptions", R"(
CREATE TABLE exemption_register (
  generation {integer} NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  register_text TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,
  git_sha TEXT NOT NULL,
  made_by TEXT NOT NULL,
  owner TEXT NOT NULL,
  made_ms {integer} NOT NULL,
  file_sha256 TEXT NOT NULL,
  restored {integer} NOT NULL
) {strict};
CREATE TABLE exemption_processed (
  generation {integer} NOT NULL,
  exemption TEXT NOT NULL,
  expired_on TEXT NOT NULL,
  made_by TEXT NOT NULL,
  owner TEXT NOT NULL,
  made_ms {integer} NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (generation, exemption)
) {strict};
CREATE TABLE exemption_validation (
  id {integer} NOT NULL PRIMARY KEY,
  generation {integer} NOT NULL,
  made_ms {integer} NOT NULL,
  as_of TEXT NOT NULL,
  verdict TEXT NOT NULL,
  standings TEXT NOT NULL,
  made_by TEXT NOT NULL
) {strict};
)"};

std::string_view name_of(VersionKind kind) {
  switch (kind) {
    case VersionKind::pushed: return "pushed";
    case VersionKind::file: return "file";
    case VersionKind::reset: return "reset";
  }
  return "?";
}

Result<std::optional<Version>> newest_version(Transaction& transaction) {
  return version_where(transaction, "", {});
}

Result<std::optional<Version>> version_of(Transaction& transaction, std::int64_t generation) {
  return version_where(transaction, "WHERE generation = :generation", {{"generation", generation}});
}

Result<std::vector<std::int64_t>> generations_before(Transaction& transaction, std::int64_t generation,
                                                     const std::string& sha256, std::int64_t most) {
  const auto rows = transaction.query(
      "SELECT generation FROM exemption_register WHERE generation < :generation AND restored = 0 "
      "AND sha256 <> :sha256 ORDER BY generation DESC LIMIT :most",
      {{"generation", generation}, {"sha256", sha256}, {"most", most}});
  if (!rows) return rows.error();
  std::vector<std::int64_t> found;
  for (const Row& row : *rows) found.push_back(row.integer(0));
  return found;
}

Result<std::int64_t> origin_of(Transaction& transaction, std::int64_t generation) {
  while (true) {
    const auto rows = transaction.query(
        "SELECT restored FROM exemption_register WHERE generation = :generation AND restored > 0 "
        "AND restored < generation",
        {{"generation", generation}});
    if (!rows) return rows.error();
    if (rows->empty()) return generation;
    generation = rows->front().integer(0);
  }
}

Result<std::int64_t> newest_generation(Transaction& transaction) {
  const auto rows =
      transaction.query("SELECT generation FROM exemption_register ORDER BY generation DESC LIMIT 1", {});
  if (!rows) return rows.error();
  return rows->empty() ? 0 : rows->front().integer(0);
}

gate::Status keep_version(Transaction& transaction, const Version& version) {
  return status_of(transaction.execute(
      "INSERT INTO exemption_register (generation, kind, register_text, sha256, source, git_sha, made_by, "
      "owner, made_ms, file_sha256, restored) VALUES (:generation, :kind, :register_text, :sha256, :source, "
      ":git_sha, :made_by, :owner, :made_ms, :file_sha256, :restored)",
      {{"generation", version.generation},
       {"kind", std::string{name_of(version.kind)}},
       {"register_text", version.text},
       {"sha256", version.sha256},
       {"source", version.source},
       {"git_sha", version.git_sha},
       {"made_by", version.made_by},
       {"owner", version.owner},
       {"made_ms", count_of(version.at)},
       {"file_sha256", version.file_sha256},
       {"restored", version.restored}}));
}

Result<Marks> marks_of(Transaction& transaction, std::int64_t generation) {
  const auto rows = transaction.query(
      "SELECT exemption, expired_on, made_by, owner, made_ms, reason FROM exemption_processed "
      "WHERE generation = :generation ORDER BY exemption",
      {{"generation", generation}});
  if (!rows) return rows.error();
  Marks marks;
  for (const Row& row : *rows) {
    const auto day = gate::parse_date(row.text(1));
    if (!day) continue;  // acknowledges nothing
    marks.emplace(row.text(0),
                  Mark{row.text(0), *day, row.text(2), row.text(3), moment_of(row.integer(4)), row.text(5)});
  }
  return marks;
}

gate::Status keep_marks(Transaction& transaction, std::int64_t generation, const Marks& marks) {
  for (const auto& [id, mark] : marks) {
    const auto kept = transaction.execute(
        "INSERT INTO exemption_processed (generation, exemption, expired_on, made_by, owner, made_ms, "
        "reason) "
        "VALUES (:generation, :exemption, :expired_on, :made_by, :owner, :made_ms, :reason)",
        {{"generation", generation},
         {"exemption", mark.exemption},
         {"expired_on", gate::to_string(mark.expired)},
         {"made_by", mark.by},
         {"owner", mark.owner},
         {"made_ms", count_of(mark.at)},
         {"reason", mark.reason}});
    if (!kept) return kept.error();
  }
  return gate::done();
}

Result<std::optional<Validation>> newest_validation(Transaction& transaction) {
  const auto rows = transaction.query(
      "SELECT id, generation, made_ms, as_of, verdict, standings, made_by FROM exemption_validation "
      "ORDER BY id DESC LIMIT 1",
      {});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Validation>{};
  const Row& row = rows->front();
  const auto day = gate::parse_date(row.text(3));
  return std::optional{Validation{row.integer(0), row.integer(1), moment_of(row.integer(2)),
                                  day ? *day : gate::Date{}, row.text(4), row.text(5), row.text(6)}};
}

gate::Status keep_validation(Transaction& transaction, const Validation& validation) {
  return status_of(transaction.execute(
      "INSERT INTO exemption_validation (id, generation, made_ms, as_of, verdict, standings, made_by) "
      "VALUES (:id, :generation, :made_ms, :as_of, :verdict, :standings, :made_by)",
      {{"id", validation.id},
       {"generation", validation.generation},
       {"made_ms", count_of(validation.at)},
       {"as_of", gate::to_string(validation.as_of)},
       {"verdict", validation.verdict},
       {"standings", validation.standings},
       {"made_by", validation.made_by}}));
}

}  // namespace server::exemptions
