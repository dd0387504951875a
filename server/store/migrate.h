#pragma once

#include <span>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/store/data_folder.h"
#include "server/store/migration.h"
#include "server/store/sqlite_connection.h"
#include "server/store/sqlite_store.h"

namespace server::store {

// The list a program brings: 1, 2, 3 … without gaps, the core first. Error: usage.
gate::Status check_migrations(std::span<const Migration> migrations);

// What was applied to a database; an empty list where it is new.
gate::Result<std::vector<AppliedMigration>> applied_migrations(Transaction& transaction);

// Whether a program with those migrations may open that database, by its rows in order. Error usage: it is of
// a newer version, or of another program.
gate::Status check_applied(std::span<const AppliedMigration> applied, std::span<const Migration> migrations);

// A migration's statements for an engine.
std::vector<std::string> statements_of(const Migration& migration, Dialect dialect);

// Applies one, with its row; within a transaction of the caller's.
gate::Status apply_migration(SqlTransaction& transaction, const Migration& migration, gate::Timestamp at);

// Makes the table of applied migrations where there is none.
gate::Status make_migration_table(SqlTransaction& transaction);

// Brings a database up to date: new ones on a copy in the folder first, which has no leftovers, then each in
// a transaction of its own. Killed at any moment, the next call goes on. Errors: as check_applied; malformed,
// naming the migration.
gate::Result<std::vector<AppliedMigration>> migrate(const DataFolder& folder, SqliteConnection& connection,
                                                    std::span<const Migration> migrations,
                                                    gate::Timestamp at);

}  // namespace server::store
