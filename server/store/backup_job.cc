#include "server/store/backup_job.h"

#include <filesystem>
#include <utility>

#include "server/store/posix_file.h"

namespace server::store {

using gate::Error;
using gate::Result;
using gate::Status;

namespace {

constexpr int kPagesAtOnce = 256;  // 1 MiB: some milliseconds that changes wait

}  // namespace

BackupJob::BackupJob(SqliteConnection& source, const std::string& path, std::promise<Status> copied)
    : copied_(std::move(copied)) {
  auto started = DatabaseCopy::start(source, path);
  if (started) {
    copy_ = std::move(*started);
  } else {
    end(started.error());
  }
}

bool BackupJob::step() {
  if (!copy_) return false;
  const auto finished = copy_->step(kPagesAtOnce);
  if (finished && !*finished) return true;
  end(finished ? gate::done() : Status{finished.error()});
  return false;
}

void BackupJob::give_up(const Error& why) {
  if (copy_) end(why);
}

void BackupJob::end(const Status& status) {
  copy_.reset();
  copied_.set_value(status);
}

Status finish_backup(const std::string& copied, const std::string& path) {
  {
    auto connection = SqliteConnection::open(copied, Purpose::scratch);
    if (!connection) return connection.error();
    if (auto whole = (*connection)->check(true); !whole) return whole;
  }
  if (auto synced = sync_path(copied); !synced) return synced;
  const std::filesystem::path parent = std::filesystem::path{path}.parent_path();
  return rename_durably(parent.empty() ? "." : parent.string(), copied, path);
}

}  // namespace server::store
