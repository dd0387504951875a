#include "server/store/migrate.h"

#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "server/store/database_copy.h"

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

const Migration kCoreMigration{1, "core", R"(
CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) {strict};
)"};

namespace {

constexpr std::string_view kTable = R"(
CREATE TABLE IF NOT EXISTS migration (
  version {integer} NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at TEXT NOT NULL
) {strict};
)";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string in_dialect(std::string_view sql, Dialect dialect) {
  std::string text{sql};
  replace_all(text, "{integer}", dialect == Dialect::sqlite ? "INTEGER" : "BIGINT");
  replace_all(text, " {strict}", dialect == Dialect::sqlite ? " STRICT" : "");
  return text;
}

Status make_table(SqliteConnection& connection) {
  return connection.transact([&](Transaction&) { return make_migration_table(connection.transaction()); });
}

Status apply_all(SqliteConnection& connection, std::span<const Migration> migrations, gate::Timestamp at) {
  if (auto made = make_table(connection); !made) return made;
  for (const Migration& migration : migrations) {
    const Status applied = connection.transact(
        [&](Transaction&) { return apply_migration(connection.transaction(), migration, at); });
    if (!applied)
      return applied.error().within(fmt::format("migration {} \"{}\"", migration.version, migration.name));
  }
  return gate::done();
}

Status try_on_copy(const std::string& copy, SqliteConnection& connection,
                   std::span<const Migration> migrations, gate::Timestamp at) {
  if (auto copied = copy_database(connection, copy); !copied) return copied;
  auto trial = SqliteConnection::open(copy, Purpose::scratch);
  if (!trial) return trial.error();
  if (auto applied = apply_all(**trial, migrations, at); !applied) return applied;
  return (*trial)->check(false);
}

}  // namespace

Status check_migrations(std::span<const Migration> migrations) {
  int expected = 1;
  for (const Migration& migration : migrations) {
    if (migration.version != expected)
      return Error{ErrorCode::usage, fmt::format("migration {} \"{}\": {} was expected there",
                                                 migration.version, migration.name, expected)};
    ++expected;
  }
  if (!migrations.empty() && migrations.front().name == kCoreMigration.name) return gate::done();
  return Error{ErrorCode::usage, "the list of migrations does not begin with the core's"};
}

Result<std::vector<AppliedMigration>> applied_migrations(Transaction& transaction) {
  const auto rows = transaction.query("SELECT version, name, applied_at FROM migration ORDER BY version", {});
  if (!rows) return rows.error();
  std::vector<AppliedMigration> applied;
  for (const Row& row : *rows)
    applied.push_back({static_cast<int>(row.integer(0)), row.text(1), row.text(2)});
  return applied;
}

Status check_applied(std::span<const AppliedMigration> applied, std::span<const Migration> migrations) {
  const int known = static_cast<int>(migrations.size());
  if (!applied.empty() && applied.back().version > known)
    return Error{ErrorCode::usage, fmt::format("was written by a newer gate-server (migration {}; this one "
                                               "knows {})",
                                               applied.back().version, known)};
  std::size_t at = 0;
  for (const AppliedMigration& row : applied) {
    const int expected = static_cast<int>(at) + 1;
    if (row.version != expected)
      return Error{ErrorCode::malformed,
                   fmt::format("its migration {} is missing, though {} was applied", expected, row.version)};
    if (row.name != migrations[at].name)
      return Error{ErrorCode::usage,
                   fmt::format("it is of another program: its migration {} is \"{}\", here it is \"{}\"",
                               row.version, row.name, migrations[at].name)};
    ++at;
  }
  return gate::done();
}

std::vector<std::string> statements_of(const Migration& migration, Dialect dialect) {
  const std::string sql = in_dialect(migration.sql, dialect);
  std::vector<std::string> statements;
  for (std::size_t from = 0; from < sql.size();) {
    const std::size_t end = std::min(sql.find(";\n", from), sql.size());
    const std::string_view statement = gate::trim(std::string_view{sql}.substr(from, end - from));
    if (!statement.empty()) statements.emplace_back(statement);
    from = end + 2;
  }
  return statements;
}

Status apply_migration(SqlTransaction& transaction, const Migration& migration, gate::Timestamp at) {
  for (const std::string& statement : statements_of(migration, transaction.dialect())) {
    if (auto ran = transaction.run_once(statement); !ran) return ran;
  }
  const auto kept = transaction.execute(
      "INSERT INTO migration (version, name, applied_at) VALUES (:version, :name, :applied_at)",
      {{"version", std::int64_t{migration.version}},
       {"name", std::string{migration.name}},
       {"applied_at", gate::to_string(at)}});
  return kept ? gate::done() : Status{kept.error()};
}

Status make_migration_table(SqlTransaction& transaction) {
  for (const std::string& statement : statements_of({0, "", kTable}, transaction.dialect())) {
    if (auto ran = transaction.run_once(statement); !ran) return ran;
  }
  return gate::done();
}

Result<std::vector<AppliedMigration>> migrate(const DataFolder& folder, SqliteConnection& connection,
                                              std::span<const Migration> migrations, gate::Timestamp at) {
  if (auto made = make_table(connection); !made) return made.error();
  const auto applied = applied_migrations(connection.transaction());
  if (!applied) return applied.error();
  if (auto fits = check_applied(*applied, migrations); !fits) return fits.error().within(connection.path());
  const auto fresh = migrations.subspan(applied->size());
  if (fresh.empty()) return *applied;

  const Status tried = try_on_copy(folder.file(kTrialName), connection, fresh, at);
  if (auto gone = remove_leftovers(folder); !gone) return gone.error();
  if (!tried) return tried.error().within(connection.path());
  if (auto done = apply_all(connection, fresh, at); !done) return done.error().within(connection.path());
  return applied_migrations(connection.transaction());
}

}  // namespace server::store
