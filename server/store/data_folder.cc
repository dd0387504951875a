#include "server/store/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

namespace {

constexpr unsigned long kNetworkTypes[] = {
    0x6969,      // NFS
    0xff534d42,  // CIFS
    0xfe534d42,  // SMB 2
    0x517b,      // SMB
    0x01021997,  // 9P
};

constexpr std::size_t kRoomBytes = 256 * 1024;

bool is_empty(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) != 0 || found.st_size == 0;
}

Status make_folder(const std::string& path) {
  if (path.empty()) return Error{ErrorCode::usage, "the data folder has no name"};
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return gate::done();
  const std::filesystem::path parent = std::filesystem::path{path}.parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, failed);
  if (::mkdir(path.c_str(), 0700) != 0) return system_error(path, "the data folder cannot be made");
  return gate::done();
}

// Whoever else can write to it decides what the server reads.
Status check_owner(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return system_error(path, "cannot be looked at");
  if (found.st_uid != ::geteuid())
    return Error{ErrorCode::usage,
                 fmt::format("{}: belongs to the user {}, and this runs as {}: run it as its owner", path,
                             found.st_uid, ::geteuid())};
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return Error{ErrorCode::usage,
                 fmt::format("{}: others than its owner may write to it: chmod go-w it, once you know that "
                             "nobody did",
                             path)};
  return gate::done();
}

Status check_links(const std::string& path) {
  const std::string database{kDatabaseName};
  const std::string names[] = {std::string{kLockName},   database,
                               database + "-wal",        database + "-journal",
                               std::string{kMarkerName}, std::string{kOpenName}};
  for (const std::string& name : names) {
    const std::string file = fmt::format("{}/{}", path, name);
    struct stat found {};
    if (::lstat(file.c_str(), &found) == 0 && S_ISLNK(found.st_mode)) return link_error(file);
  }
  return gate::done();
}

Status check_file_system(const std::string& path, bool network_allowed) {
  struct statfs found {};
  if (::statfs(path.c_str(), &found) != 0) return system_error(path, "cannot be looked at");
  if (network_allowed || !is_network_file_system(static_cast<long>(found.f_type))) return gate::done();
  return Error{
      ErrorCode::usage,
      fmt::format("{}: lies on a network file system, whose locks and syncs are not to be relied on: "
                  "use a local disk",
                  path)};
}

Error held_by_another(const std::string& folder, const std::string& lock) {
  const auto content = read_small_file(lock);
  const std::string pid{content ? gate::trim(*content) : std::string_view{}};
  const bool known =
      !pid.empty() && std::all_of(pid.begin(), pid.end(), [](char c) { return c >= '0' && c <= '9'; });
  return {ErrorCode::usage, known ? fmt::format("{}: is in use by process {}", folder, pid)
                                  : fmt::format("{}: is in use by another process", folder)};
}

}  // namespace

bool is_network_file_system(long type) {
  const auto wanted = static_cast<unsigned long>(type) & 0xffffffffUL;
  return std::find(std::begin(kNetworkTypes), std::end(kNetworkTypes), wanted) != std::end(kNetworkTypes);
}

std::string DataFolder::file(std::string_view name) const {
  return fmt::format("{}/{}", path_, name);
}

Result<DataFolder> DataFolder::take(const std::string& path, bool network_allowed) {
  if (auto made = make_folder(path); !made) return made.error();
  if (auto local = check_file_system(path, network_allowed); !local) return local.error();
  if (auto own = check_owner(path); !own) return own.error();
  if (auto plain = check_links(path); !plain) return plain.error();
  const std::string name = fmt::format("{}/{}", path, kLockName);
  auto lock = open_file(name, O_RDWR | O_CREAT);
  if (!lock) return lock.error();
  if (::flock(lock->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return held_by_another(path, name);
    return system_error(name, "cannot be locked");
  }
  if (::ftruncate(lock->get(), 0) != 0) return system_error(name, "cannot be written");
  if (auto wrote = write_all(lock->get(), name, fmt::format("{}\n", ::getpid())); !wrote)
    return wrote.error();
  return DataFolder{path, std::move(*lock)};
}

Status check_presence(const DataFolder& folder) {
  const std::string database = folder.database();
  if (exists(folder.file(kMarkerName)) && is_empty(database))
    return Error{ErrorCode::usage,
                 fmt::format("{}: is {}, though this folder had a database: restore a backup; to start "
                             "without what was in it, move the folder away",
                             database, exists(database) ? "empty" : "missing")};
  if (exists(folder.file(kOpenName)) && !exists(database + "-wal"))
    return Error{ErrorCode::usage,
                 fmt::format("{}-wal: is missing, though the last server did not end in peace: the newest "
                             "changes were in it; put it back, or restore a backup",
                             database)};
  return gate::done();
}

Status remove_leftovers(const DataFolder& folder) {
  for (const std::string_view name : {kTrialName, kIncomingName, kRoomName}) {
    for (const std::string_view suffix : {"", "-wal", "-journal"}) {
      if (auto gone = remove_durably(folder.path(), fmt::format("{}{}", name, suffix)); !gone) return gone;
    }
  }
  return gate::done();
}

bool has_room(const DataFolder& folder) {
  const std::string path = folder.file(kRoomName);
  auto file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file) return false;
  const bool wrote =
      write_all(file->get(), path, std::string(kRoomBytes, '\0')).has_value() && ::fsync(file->get()) == 0;
  ::unlink(path.c_str());
  return wrote;
}

}  // namespace server::store
