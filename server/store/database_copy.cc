#include "server/store/database_copy.h"

#include <fcntl.h>

#include <utility>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "server/store/posix_file.h"

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

namespace {

struct FinishBackup {
  void operator()(sqlite_api::sqlite3_backup* backup) const { sqlite_api::sqlite3_backup_finish(backup); }
};

constexpr int kAllPages = -1;

Error worded(const std::string& path, int code) {
  const bool full = (code & 0xff) == SQLITE_FULL;
  return {
      full ? ErrorCode::unavailable : ErrorCode::io,
      fmt::format("{}: cannot be copied to: {} ({})", path, sqlite_api::sqlite3_errstr(code & 0xff), code)};
}

}  // namespace

struct DatabaseCopy::State {
  std::unique_ptr<SqliteConnection> target;
  std::unique_ptr<sqlite_api::sqlite3_backup, FinishBackup> backup;  // gone before its target
};

DatabaseCopy::DatabaseCopy(std::unique_ptr<State> state) : state_(std::move(state)) {}

DatabaseCopy::~DatabaseCopy() = default;

Result<std::unique_ptr<DatabaseCopy>> DatabaseCopy::start(SqliteConnection& source, const std::string& path) {
  if (auto made = open_file(path, O_RDWR | O_CREAT | O_EXCL); !made) return made.error();
  auto target = SqliteConnection::open(path, Purpose::scratch);
  if (!target) return target.error();
  auto state = std::make_unique<State>();
  state->target = std::move(*target);
  state->backup.reset(
      sqlite_api::sqlite3_backup_init(state->target->handle(), "main", source.handle(), "main"));
  if (!state->backup) return worded(path, sqlite_api::sqlite3_extended_errcode(state->target->handle()));
  return std::unique_ptr<DatabaseCopy>{new DatabaseCopy{std::move(state)}};
}

Result<bool> DatabaseCopy::step(int pages) {
  const int code = sqlite_api::sqlite3_backup_step(state_->backup.get(), pages);
  if (code == SQLITE_OK) return false;
  if (code == SQLITE_DONE) return true;
  return worded(state_->target->path(), code);
}

Status copy_database(SqliteConnection& source, const std::string& path) {
  auto copy = DatabaseCopy::start(source, path);
  if (!copy) return copy.error();
  const auto finished = (*copy)->step(kAllPages);
  return finished ? gate::done() : Status{finished.error()};
}

}  // namespace server::store
