#include "server/store/open_state.h"

#include <sys/random.h>

#include <array>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/uuid.h"
#include "server/store/migrate.h"
#include "server/store/restore.h"

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

namespace {

constexpr std::string_view kIdentity = "SELECT value FROM meta WHERE name = 'store_id'";

Result<std::string> new_identity(gate::Timestamp at) {
  std::array<std::uint8_t, 10> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return system_error("random numbers", "cannot be had");
  return gate::uuid_v7(at, bytes);
}

// A folder that had a database has one whose identity can be read. SQLite takes a log that is cut off for one
// that ends there: what is left of a young database may be from before it had an identity.
Status check_identity(const DataFolder& folder, SqliteConnection& connection) {
  if (!exists(folder.file(kMarkerName))) return gate::done();
  const auto tables =
      connection.transaction().query("SELECT name FROM sqlite_master WHERE name = 'meta'", {});
  if (!tables) return tables.error();
  if (!tables->empty()) {
    const auto rows = connection.transaction().query(kIdentity, {});
    if (!rows) return rows.error();
    if (!rows->empty()) return gate::done();
  }
  const bool crashed = exists(folder.file(kOpenName));
  return Error{ErrorCode::malformed,
               fmt::format("{}{}: is damaged: what this folder's database began with is not in it: put the "
                           "right one back, or restore a backup",
                           folder.database(), crashed ? "-wal" : "")};
}

// The marker file names the database that is there. Error usage: it names another one.
Status mark(const DataFolder& folder, SqliteConnection& connection, gate::Timestamp at) {
  const auto identity = identity_of(connection, at);
  if (!identity) return identity.error();
  const std::string marker = folder.file(kMarkerName);
  if (!exists(marker)) return write_durably(folder.path(), std::string{kMarkerName}, *identity + "\n");
  const auto content = read_small_file(marker);
  if (!content) return content.error();
  if (gate::trim(*content) == *identity) return gate::done();
  return Error{
      ErrorCode::usage,
      fmt::format("{}: names another database than the one in the folder: put the right one back, or "
                  "restore a backup",
                  marker)};
}

}  // namespace

Result<std::string> identity_of(SqliteConnection& connection, gate::Timestamp at) {
  const auto rows = connection.transaction().query(kIdentity, {});
  if (!rows) return rows.error();
  if (!rows->empty()) return rows->front().text(0);
  auto identity = new_identity(at);
  if (!identity) return identity.error();
  const Status kept = connection.transact([&](Transaction& transaction) -> Status {
    const auto inserted = transaction.execute("INSERT INTO meta (name, value) VALUES ('store_id', :value)",
                                              {{"value", *identity}});
    return inserted ? gate::done() : Status{inserted.error()};
  });
  if (!kept) return kept.error();
  return *identity;
}

Result<std::unique_ptr<SqliteConnection>> reopen(const DataFolder& folder) {
  auto connection = SqliteConnection::open(folder.database(), Purpose::state);
  if (!connection) return connection.error();
  if (auto whole = (*connection)->check(false); !whole) return whole.error();
  return connection;
}

Result<OpenState> open_state(const SqliteSettings& settings, std::span<const Migration> migrations,
                             gate::Timestamp at) {
  if (auto good = check_migrations(migrations); !good) return good.error();
  auto folder = DataFolder::take(settings.folder, settings.network_folder);
  if (!folder) return folder.error();
  if (auto finished = finish_restore(*folder); !finished) return finished.error();
  if (auto clean = remove_leftovers(*folder); !clean) return clean.error();
  if (auto present = check_presence(*folder); !present) return present.error();
  auto connection = reopen(*folder);
  if (!connection) return connection.error();
  if (auto known = check_identity(*folder, **connection); !known) return known.error();
  auto applied = migrate(*folder, **connection, migrations, at);
  if (!applied) return applied.error();
  if (auto marked = mark(*folder, **connection, at); !marked) return marked.error();
  if (auto open = write_durably(folder->path(), std::string{kOpenName}, ""); !open) return open.error();
  return OpenState{std::move(*folder), std::move(*connection), std::move(*applied)};
}

Status close_state(const DataFolder& folder, SqliteConnection& connection) {
  if (auto emptied = connection.checkpoint(true); !emptied) return emptied;
  return remove_durably(folder.path(), std::string{kOpenName});
}

}  // namespace server::store
