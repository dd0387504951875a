#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>

#include "gate/base/result.h"
#include "server/store/database_copy.h"

namespace server::store {

// The part of a backup that runs on the store's thread, a piece at a time. Whoever asked waits for `copied`.
class BackupJob {
 public:
  // `path` is written to; it must not exist.
  BackupJob(SqliteConnection& source, const std::string& path, std::promise<gate::Status> copied);

  // Whether it goes on.
  bool step();
  void give_up(const gate::Error& why);

 private:
  void end(const gate::Status& status);

  std::unique_ptr<DatabaseCopy> copy_;
  std::promise<gate::Status> copied_;
};

// Makes a copied file a backup: one file without a log, checked, on the disk, under its name.
gate::Status finish_backup(const std::string& copied, const std::string& path);

}  // namespace server::store
