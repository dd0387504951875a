#pragma once

#include <string>
#include <string_view>

#include "gate/base/result.h"
#include "server/store/posix_file.h"

namespace server::store {

// The names of what lies in a data folder.
inline constexpr std::string_view kDatabaseName = "release-gate.db";
inline constexpr std::string_view kLockName = "lock";        // held by the server; its pid
inline constexpr std::string_view kMarkerName = "store.id";  // the identity of the database that belongs here
inline constexpr std::string_view kOpenName = "store.open";  // there while a server runs, and after a crash
inline constexpr std::string_view kTrialName = "trial.db";   // migrations are tried on it
inline constexpr std::string_view kIncomingName = "incoming.db";  // a backup that is looked at
inline constexpr std::string_view kRoomName = "room.tmp";         // whether the disk has room

// A data folder that this process holds: nobody else has it until this is gone.
class DataFolder {
 public:
  // Makes it (0700) where it is missing. Errors: usage where another process holds it, whose pid is named,
  // where another user owns it or may write to it, where a symbolic link stands for one of its files, or
  // where it lies on a network file system, whose locks and syncs are not to be relied on; io.
  static gate::Result<DataFolder> take(const std::string& path, bool network_allowed);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(std::string_view name) const;
  [[nodiscard]] std::string database() const { return file(kDatabaseName); }

 private:
  DataFolder(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  Descriptor lock_;
};

// By the type that statfs(2) names: NFS, CIFS, SMB, 9P.
bool is_network_file_system(long type);

// What is amiss before the database is opened: it is missing or empty though the folder had one, or its log
// is missing though the server that wrote it did not end in peace. Error: usage, with what to do.
gate::Status check_presence(const DataFolder& folder);

// Takes away what a process that was killed left half made.
gate::Status remove_leftovers(const DataFolder& folder);

// Whether the folder has room again: some blocks are written, synced and removed.
bool has_room(const DataFolder& folder);

}  // namespace server::store
