#pragma once

#include <memory>
#include <string>

#include "gate/base/result.h"
#include "server/store/sqlite_connection.h"

namespace server::store {

// A copy of a database in the making, a piece at a time between the transactions of its source; it holds what
// the source holds at the last piece. Used by the source's thread; gone before the source.
class DatabaseCopy {
 public:
  // `path` must not exist. Errors: usage, io.
  static gate::Result<std::unique_ptr<DatabaseCopy>> start(SqliteConnection& source, const std::string& path);
  ~DatabaseCopy();
  DatabaseCopy(const DatabaseCopy&) = delete;
  DatabaseCopy& operator=(const DatabaseCopy&) = delete;

  // Copies some pages. True: that was the last of them.
  gate::Result<bool> step(int pages);

 private:
  struct State;
  explicit DatabaseCopy(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// All at once. Its file is not synced.
gate::Status copy_database(SqliteConnection& source, const std::string& path);

}  // namespace server::store
