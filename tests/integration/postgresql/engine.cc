#include "tests/integration/postgresql/engine.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <stdexcept>

#include "server/app/migrations.h"
#include "server/store/migrate.h"
#include "server/store/sqlite_connection.h"

namespace server::store::test {
namespace {

class SqliteEngine final : public Engine {
 public:
  explicit SqliteEngine(const std::string& folder) {
    auto connection = SqliteConnection::open(folder + "/engine.db", Purpose::scratch);
    if (!connection) throw std::runtime_error(connection.error().message);
    connection_ = std::move(*connection);
  }
  gate::Status run(const Work& work) override { return connection_->transact(work); }
  SqlTransaction& transaction() override { return connection_->transaction(); }
  gate::Status begin() override { return connection_->begin(); }
  gate::Status commit() override { return connection_->commit(); }

 private:
  std::unique_ptr<SqliteConnection> connection_;
};

class PostgresqlEngine final : public Engine {
 public:
  explicit PostgresqlEngine(const std::string& connection)
      : session_(soci::postgresql, connection), transaction_(session_, Dialect::postgresql) {}

  gate::Status run(const Work& work) override {
    if (auto begun = begin(); !begun) return begun;
    const gate::Status status = transaction_.attempt(work);
    const gate::Status ended = status ? commit() : transaction_.run_once("ROLLBACK");
    return status ? ended : status;
  }
  SqlTransaction& transaction() override { return transaction_; }
  gate::Status begin() override { return transaction_.run_once("BEGIN"); }
  gate::Status commit() override { return transaction_.run_once("COMMIT"); }

 private:
  soci::session session_;
  SqlTransaction transaction_;
};

}  // namespace

std::unique_ptr<Engine> sqlite_engine(const std::string& folder) {
  return std::make_unique<SqliteEngine>(folder);
}

std::unique_ptr<Engine> postgresql_engine(const std::string& connection) {
  return std::make_unique<PostgresqlEngine>(connection);
}

gate::Status apply_all_migrations(Engine& engine) {
  SqlTransaction& transaction = engine.transaction();
  if (auto made = engine.run([&](Transaction&) { return make_migration_table(transaction); }); !made)
    return made;
  for (const Migration& migration : app::migrations()) {
    const auto applied =
        engine.run([&](Transaction&) { return apply_migration(transaction, migration, gate::Timestamp{}); });
    if (!applied) return applied.error().within(migration.name);
  }
  return gate::done();
}

}  // namespace server::store::test
