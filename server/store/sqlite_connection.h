#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gate/base/result.h"
#include "server/store/sql_transaction.h"

namespace sqlite_api {
struct sqlite3;
}

namespace server::store {

enum class Purpose : std::uint8_t {
  state,    // WAL, every commit on the disk
  scratch,  // a copy that is thrown away, or synced once it is whole
};

// One SQLite file, opened by SOCI for this process alone, with every setting read back. Used by one thread.
class SqliteConnection {
 public:
  // Makes the file (0600) where there is none. Errors: usage where another process holds it; malformed where
  // it is damaged or no database; io.
  static gate::Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Purpose purpose);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  [[nodiscard]] SqlTransaction& transaction();
  [[nodiscard]] sqlite_api::sqlite3* handle() const;
  [[nodiscard]] const std::string& path() const { return path_; }

  gate::Status begin();
  gate::Status commit();
  gate::Status roll_back();  // done, too, where SQLite did it already

  // Runs work as one transaction of its own.
  gate::Status transact(const Work& work);

  // Bytes of the log that are not in the file yet.
  [[nodiscard]] std::int64_t log_bytes() const;

  // Brings the log into the file. With `empty_log` its file is cut to nothing, too.
  gate::Status checkpoint(bool empty_log);

  // Error malformed, with the first thing that SQLite finds wrong. `whole`: what indexes hold, too.
  gate::Status check(bool whole);

 private:
  struct State;
  SqliteConnection(std::string path, std::unique_ptr<State> state);
  gate::Status apply_settings(Purpose purpose);
  gate::Status apply_setting(std::string_view name, std::string_view value, std::string_view expected);

  std::string path_;
  std::unique_ptr<State> state_;
};

}  // namespace server::store
