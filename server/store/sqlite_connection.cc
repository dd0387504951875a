#include "server/store/sqlite_connection.h"

#include <fcntl.h>

#include <array>
#include <exception>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "server/store/posix_file.h"

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

namespace {

struct Setting {
  std::string_view name;
  std::string_view value;
  std::string_view expected;  // as it is read back
};

// The order matters: a file locked for good before WAL needs no shared memory. Checkpoints are the writer's,
// between commits: SQLite before 3.51.3 can damage a file whose log two connections reset at once.
constexpr Setting kStateSettings[] = {
    {"locking_mode", "EXCLUSIVE", "exclusive"},
    {"journal_mode", "WAL", "wal"},
    {"synchronous", "FULL", "2"},
    {"wal_autocheckpoint", "0", "0"},
    {"journal_size_limit", "16777216", "16777216"},
};
constexpr Setting kScratchSettings[] = {
    {"locking_mode", "EXCLUSIVE", "exclusive"},
    {"journal_mode", "MEMORY", "memory"},
    {"synchronous", "OFF", "0"},
};
constexpr Setting kCommonSettings[] = {
    {"busy_timeout", "2000", "2000"}, {"foreign_keys", "ON", "1"}, {"trusted_schema", "OFF", "0"},
    {"cell_size_check", "ON", "1"},   {"mmap_size", "0", "0"},     {"temp_store", "MEMORY", "2"},
};

constexpr std::pair<int, int> kSwitches[] = {
    {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
};

std::string text_of(const Row& row) {
  return row.text(0).empty() ? std::to_string(row.integer(0)) : row.text(0);
}

Error worded_opening(const std::string& path, int code) {
  const std::string_view why = sqlite_api::sqlite3_errstr(code & 0xff);
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::usage, fmt::format("{}: another process has it open", path)};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return {ErrorCode::malformed, fmt::format("{}: is damaged: {}", path, why)};
    default: return {ErrorCode::io, fmt::format("{}: cannot be opened: {} ({})", path, why, code)};
  }
}

}  // namespace

struct SqliteConnection::State {
  std::unique_ptr<soci::session> session;
  std::unique_ptr<SqlTransaction> transaction;  // gone before the session, with its statements
  int log_pages = 0;

  [[nodiscard]] sqlite_api::sqlite3* handle() const {
    return static_cast<soci::sqlite3_session_backend*>(session->get_backend())->conn_;
  }
};

SqliteConnection::SqliteConnection(std::string path, std::unique_ptr<State> state)
    : path_(std::move(path)), state_(std::move(state)) {}

SqliteConnection::~SqliteConnection() {
  state_->transaction.reset();
}

SqlTransaction& SqliteConnection::transaction() {
  return *state_->transaction;
}

sqlite_api::sqlite3* SqliteConnection::handle() const {
  return state_->handle();
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, Purpose purpose) {
  if (path.find('"') != std::string::npos)
    return Error{ErrorCode::usage, fmt::format("{}: a path may not hold a quotation mark", path)};
  if (auto made = open_file(path, O_RDWR | O_CREAT); !made) return made.error();
  auto state = std::make_unique<State>();
  try {
    state->session = std::make_unique<soci::session>(soci::sqlite3, fmt::format("dbname=\"{}\"", path));
  } catch (const std::exception&) {
    return Error{ErrorCode::io, fmt::format("{}: cannot be opened by SQLite", path)};
  }
  state->transaction = std::make_unique<SqlTransaction>(*state->session, Dialect::sqlite);
  std::unique_ptr<SqliteConnection> connection{new SqliteConnection{path, std::move(state)}};
  if (auto set = connection->apply_settings(purpose); !set) return set.error();
  return connection;
}

Status SqliteConnection::apply_setting(std::string_view name, std::string_view value,
                                       std::string_view expected) {
  SqlTransaction& transaction = *state_->transaction;
  const auto set = transaction.query(fmt::format("PRAGMA {} = {}", name, value), {});
  if (!set) return worded_opening(path_, sqlite_api::sqlite3_extended_errcode(handle()));
  const auto got = transaction.query(fmt::format("PRAGMA {}", name), {});
  if (!got) return worded_opening(path_, sqlite_api::sqlite3_extended_errcode(handle()));
  if (got->size() == 1 && text_of(got->front()) == expected) return gate::done();
  return Error{ErrorCode::io, fmt::format("{}: SQLite does not take {} = {}", path_, name, value)};
}

Status SqliteConnection::apply_settings(Purpose purpose) {
  for (const auto& [option, wanted] : kSwitches) {
    int now = -1;
    sqlite_api::sqlite3_db_config(handle(), option, wanted, &now);
    if (now != wanted) return Error{ErrorCode::io, fmt::format("{}: SQLite lacks option {}", path_, option)};
  }
  const auto special = purpose == Purpose::state ? std::span<const Setting>{kStateSettings}
                                                 : std::span<const Setting>{kScratchSettings};
  for (const std::span<const Setting> settings : {special, std::span<const Setting>{kCommonSettings}}) {
    for (const Setting& setting : settings) {
      if (auto set = apply_setting(setting.name, setting.value, setting.expected); !set) return set;
    }
  }
  const auto count_pages = [](void* pages, sqlite_api::sqlite3*, const char*, int now) {
    *static_cast<int*>(pages) = now;
    return SQLITE_OK;
  };
  sqlite_api::sqlite3_wal_hook(handle(), count_pages, &state_->log_pages);
  return gate::done();
}

Status SqliteConnection::begin() {
  const auto begun = state_->transaction->execute("BEGIN IMMEDIATE", {});
  return begun ? gate::done() : Status{begun.error()};
}

Status SqliteConnection::commit() {
  const auto committed = state_->transaction->execute("COMMIT", {});
  return committed ? gate::done() : Status{committed.error()};
}

Status SqliteConnection::roll_back() {
  if (sqlite_api::sqlite3_get_autocommit(handle()) != 0) return gate::done();
  return state_->transaction->run_once("ROLLBACK");
}

Status SqliteConnection::transact(const Work& work) {
  if (auto begun = begin(); !begun) return begun;
  Status status = state_->transaction->attempt(work);
  if (status) status = commit();
  if (status) return status;
  state_->transaction->forget_fault();
  const Status undone = roll_back();
  return undone ? status : undone;
}

std::int64_t SqliteConnection::log_bytes() const {
  return std::int64_t{state_->log_pages} * 4096;
}

Status SqliteConnection::checkpoint(bool empty_log) {
  const int mode = empty_log ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite_api::sqlite3_wal_checkpoint_v2(handle(), nullptr, mode, nullptr, nullptr);
  if (code != SQLITE_OK) {
    const auto [extended, fault] = last_failure(handle());
    const bool full = fault == Fault::disk_full;
    return Error{full ? ErrorCode::unavailable : ErrorCode::io,
                 fmt::format("{}: its log cannot be written into it: {} ({})", path_,
                             sqlite_api::sqlite3_errstr(extended & 0xff), extended)};
  }
  state_->log_pages = 0;
  return gate::done();
}

Status SqliteConnection::check(bool whole) {
  const auto found =
      state_->transaction->query(whole ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)", {});
  state_->transaction->forget_fault();
  if (!found) return worded_opening(path_, sqlite_api::sqlite3_extended_errcode(handle()));
  if (found->size() == 1 && found->front().text(0) == "ok") return gate::done();
  const std::string why = found->empty() ? "no answer" : found->front().text(0);
  return Error{ErrorCode::malformed, fmt::format("{}: is damaged: {}", path_, why)};
}

}  // namespace server::store
