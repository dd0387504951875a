#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/store/backup_job.h"
#include "server/store/open_state.h"
#include "server/store/sqlite_store.h"
#include "server/store/work_queue.h"

namespace server::store {

// The one thread that has the database, and what it does in turn: looks, a batch of changes, a piece of a
// backup, its housekeeping.
class Writer final : public SqliteStore {
 public:
  Writer(const SqliteSettings& settings, OpenState state, const gate::ports::Clock& clock);
  ~Writer() override;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void write(Work work, Done done) override;
  void read(Work work, Done done) override;
  [[nodiscard]] bool is_writable() const override;
  gate::Status on_open(Reload reload) override;
  gate::Status backup(const std::string& path) override;
  [[nodiscard]] std::vector<AppliedMigration> migrations() const override { return state_.migrations; }
  [[nodiscard]] std::string failure() const override;
  [[nodiscard]] std::size_t waiting() const override { return queue_.waiting(); }
  void close() override;

 private:
  enum class Health : std::uint8_t { well, full, recovering, failed };

  // On the store's thread.
  void run();
  [[nodiscard]] std::chrono::milliseconds patience() const;
  void do_reads(std::vector<WorkQueue::Piece>& pieces);
  void do_writes(std::vector<WorkQueue::Piece>& pieces);
  std::vector<gate::Status> do_batch(const std::vector<WorkQueue::Piece>& pieces);
  bool attempt_all(const std::vector<WorkQueue::Piece>& pieces, std::vector<gate::Status>& results);
  void commit(std::vector<gate::Status>& results);
  void give_up_batch(const gate::Error& why);
  void recover();
  gate::Status reload_all();
  void step_backup();
  void keep_house(bool idle);
  void save_log(bool empty_log);
  void look_for_room();
  void enter_full();
  void fail(const gate::Error& error);
  void shut();

  [[nodiscard]] gate::Error not_taken() const;
  SqlTransaction& transaction() { return state_.connection->transaction(); }

  const std::size_t batch_;
  const gate::ports::Clock& clock_;
  OpenState state_;
  WorkQueue queue_;
  std::vector<Reload> reloads_;
  std::unique_ptr<BackupJob> backup_;
  std::chrono::nanoseconds room_asked_at_{0};
  std::atomic<Health> health_{Health::well};
  mutable std::mutex failure_mutex_;
  std::string failure_;
  std::mutex backup_mutex_;  // one backup at a time
  std::mutex close_mutex_;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace server::store
