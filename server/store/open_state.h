#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gate/base/time.h"
#include "server/store/data_folder.h"
#include "server/store/migration.h"
#include "server/store/sqlite_connection.h"
#include "server/store/sqlite_store.h"

namespace server::store {

// The database of a folder that is held: checked, up to date, and marked as open.
struct OpenState {
  DataFolder folder;
  std::unique_ptr<SqliteConnection> connection;
  std::vector<AppliedMigration> migrations;
};

gate::Result<OpenState> open_state(const SqliteSettings& settings, std::span<const Migration> migrations,
                                   gate::Timestamp at);

// The same database once more, after its connection was given up.
gate::Result<std::unique_ptr<SqliteConnection>> reopen(const DataFolder& folder);

// Empties the log into the database, so that the file alone holds everything, and takes the mark away.
gate::Status close_state(const DataFolder& folder, SqliteConnection& connection);

// What a database says it is; one that is new is told.
gate::Result<std::string> identity_of(SqliteConnection& connection, gate::Timestamp at);

}  // namespace server::store
