#include "server/store/restore.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "server/store/audit.h"
#include "server/store/migrate.h"
#include "server/store/open_state.h"
#include "server/store/sqlite_store.h"

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

namespace fs = std::filesystem;

namespace {

// A restore is decided by one rename, of `incoming.db` to `restore-TIME.ready`. Before it the folder is as it
// was; after it whoever opens the folder moves the old files to `before-restore-TIME` and the new one in.
constexpr std::string_view kReadyPrefix = "restore-";
constexpr std::string_view kReadySuffix = ".ready";
constexpr std::string_view kKeptPrefix = "before-restore-";

// 2026-11-20T05-01-23.000Z
std::string time_in_name(gate::Timestamp at) {
  std::string text = gate::to_string(at);
  std::replace(text.begin(), text.end(), ':', '-');
  return text;
}

// The TIME of a restore that was decided and not ended.
Result<std::optional<std::string>> find_decided(const DataFolder& folder) {
  std::error_code failed;
  for (fs::directory_iterator entry{folder.path(), failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(kReadyPrefix) || !name.ends_with(kReadySuffix)) continue;
    const std::size_t length = name.size() - kReadyPrefix.size() - kReadySuffix.size();
    return std::optional{name.substr(kReadyPrefix.size(), length)};
  }
  if (failed)
    return Error{ErrorCode::io, fmt::format("{}: cannot be read: {}", folder.path(), failed.message())};
  return std::optional<std::string>{};
}

std::string ready_file(const DataFolder& folder, const std::string& time) {
  return folder.file(fmt::format("{}{}{}", kReadyPrefix, time, kReadySuffix));
}

std::string kept_folder(const DataFolder& folder, const std::string& time) {
  return folder.file(fmt::format("{}{}", kKeptPrefix, time));
}

// What belongs to the state of a folder. The log comes with its database: alone it would be taken for
// another's.
std::vector<std::string> state_files() {
  const std::string database{kDatabaseName};
  return {database,
          database + "-wal",
          database + "-shm",
          database + "-journal",
          std::string{kMarkerName},
          std::string{kOpenName}};
}

bool has_state(const DataFolder& folder) {
  const auto files = state_files();
  return std::any_of(files.begin(), files.end(),
                     [&](const std::string& name) { return exists(folder.file(name)); });
}

Status set_aside(const DataFolder& folder, const std::string& kept) {
  if (!has_state(folder)) return gate::done();
  if (::mkdir(kept.c_str(), 0700) != 0 && errno != EEXIST) return system_error(kept, "cannot be made");
  for (const std::string& name : state_files()) {
    const std::string from = folder.file(name);
    if (!exists(from)) continue;
    if (::rename(from.c_str(), fmt::format("{}/{}", kept, name).c_str()) != 0)
      return system_error(from, "cannot be moved aside");
  }
  if (auto synced = sync_path(kept); !synced) return synced;
  return sync_path(folder.path());
}

// A copy of the backup, so that looking at it leaves the backup as it is. Its log, if it has one, is no part
// of what backup() writes.
Status bring_in(const std::string& backup, const std::string& incoming) {
  std::error_code failed;
  if (!fs::is_regular_file(backup, failed))
    return Error{ErrorCode::not_found, fmt::format("{}: no such file", backup)};
  if (auto made = open_file(incoming, O_WRONLY | O_CREAT | O_EXCL); !made) return made.error();
  fs::copy_file(backup, incoming, fs::copy_options::overwrite_existing, failed);
  if (failed) return Error{ErrorCode::io, fmt::format("{}: cannot be copied: {}", backup, failed.message())};
  if (::chmod(incoming.c_str(), 0600) != 0) return system_error(incoming, "cannot be made private");
  return gate::done();
}

Status check_chain(SqliteConnection& connection) {
  const auto tables = connection.transaction().query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'audit'", {});
  if (!tables) return tables.error();
  if (tables->empty()) return gate::done();
  const auto chain = check_audit(connection.transaction());
  if (!chain) return chain.error();
  if (!chain->broken_at) return gate::done();
  return Error{ErrorCode::malformed,
               fmt::format("its audit log is broken at row {}: {}", *chain->broken_at, chain->why)};
}

Status check_backup(SqliteConnection& connection, std::span<const Migration> migrations) {
  if (auto whole = connection.check(true); !whole) return whole;
  const auto applied = applied_migrations(connection.transaction());
  if (!applied || applied->empty()) return Error{ErrorCode::malformed, "it is no database of this server"};
  if (auto fits = check_applied(*applied, migrations); !fits) return fits;
  return check_chain(connection);
}

// The incoming database, checked and on the disk. Returns its identity.
Result<std::string> prepare(const DataFolder& folder, const std::string& backup,
                            std::span<const Migration> migrations, gate::Timestamp at) {
  const std::string incoming = folder.file(kIncomingName);
  if (auto copied = bring_in(backup, incoming); !copied) return copied.error();
  std::string identity;
  {
    const auto connection = SqliteConnection::open(incoming, Purpose::scratch);
    if (!connection) return Error{connection.error().code, fmt::format("{}: is no whole database", backup)};
    if (auto good = check_backup(**connection, migrations); !good) return good.error().within(backup);
    auto read = identity_of(**connection, at);
    if (!read) return read.error().within(backup);
    identity = std::move(*read);
  }
  if (auto synced = sync_path(incoming); !synced) return synced.error();
  return identity;
}

}  // namespace

Status finish_restore(const DataFolder& folder) {
  const auto time = find_decided(folder);
  if (!time) return time.error();
  if (!*time) return gate::done();
  if (auto aside = set_aside(folder, kept_folder(folder, **time)); !aside) return aside;
  return rename_durably(folder.path(), ready_file(folder, **time), folder.database());
}

Result<std::string> restore(const std::string& folder_path, const std::string& backup,
                            std::span<const Migration> migrations, const gate::ports::Clock& clock) {
  if (auto good = check_migrations(migrations); !good) return good.error();
  const auto folder = DataFolder::take(folder_path, true);
  if (!folder) return folder.error();
  if (auto finished = finish_restore(*folder); !finished) return finished.error();
  if (auto clean = remove_leftovers(*folder); !clean) return clean.error();
  const gate::Timestamp at = clock.now();
  const auto identity = prepare(*folder, backup, migrations, at);
  if (!identity) {
    const Status gone = remove_leftovers(*folder);
    return gone ? identity.error() : gone.error();
  }
  const std::string time = time_in_name(at);
  const bool had_state = has_state(*folder);
  const std::string incoming = folder->file(kIncomingName);
  if (auto decided = rename_durably(folder->path(), incoming, ready_file(*folder, time)); !decided)
    return decided.error();
  if (auto finished = finish_restore(*folder); !finished) return finished.error();
  if (auto marked = write_durably(folder->path(), std::string{kMarkerName}, *identity + "\n"); !marked)
    return marked.error();
  return had_state ? kept_folder(*folder, time) : std::string{};
}

}  // namespace server::store
