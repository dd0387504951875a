#include "server/store/writer.h"

#include <exception>
#include <filesystem>
#include <future>
#include <utility>

#include <fmt/format.h>

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Status;

namespace {

constexpr std::int64_t kLogBytes = 4 << 20;
constexpr std::chrono::milliseconds kIdle{1000};
constexpr std::chrono::milliseconds kAskForRoom{250};

// Who waits for an answer may throw; nobody else is to suffer.
void tell(const Done& done, const Status& status) {
  try {
    if (done) done(status);
  } catch (const std::exception&) {
  }
}

Error unavailable(std::string why) {
  return {ErrorCode::unavailable, std::move(why)};
}

Error full_disk() {
  return unavailable("the disk is full: nothing was done");
}

}  // namespace

Writer::Writer(const SqliteSettings& settings, OpenState state, const gate::ports::Clock& clock)
    : batch_(std::max<std::size_t>(1, settings.batch)),
      clock_(clock),
      state_(std::move(state)),
      queue_(std::max<std::size_t>(1, settings.queue)),
      thread_([this] { run(); }) {}

Writer::~Writer() {
  close();
}

Error Writer::not_taken() const {
  switch (health_.load()) {
    case Health::failed: return unavailable(fmt::format("nothing was done: {}", failure()));
    case Health::full: return full_disk();
    case Health::recovering: return unavailable("nothing was done: the store recovers from a failed commit");
    case Health::well: break;
  }
  if (queue_.is_closed()) return unavailable("nothing was done: the store is closed");
  return unavailable("nothing was done: too many changes are waiting");
}

void Writer::write(Work work, Done done) {
  WorkQueue::Piece piece{std::move(work), std::move(done)};
  if (is_writable() && queue_.push_write(piece)) return;
  tell(piece.done, not_taken());
}

void Writer::read(Work work, Done done) {
  WorkQueue::Piece piece{std::move(work), std::move(done)};
  if (health_ != Health::failed && queue_.push_read(piece)) return;
  tell(piece.done, not_taken());
}

bool Writer::is_writable() const {
  return health_ == Health::well && !queue_.is_closed();
}

std::string Writer::failure() const {
  const std::lock_guard lock{failure_mutex_};
  return failure_;
}

Status Writer::on_open(Reload reload) {
  // Shared, for the task may be dropped with the queue while this waits.
  const auto told = std::make_shared<std::promise<Status>>();
  auto answer = told->get_future();
  const bool taken = queue_.push_task([this, told, reload = std::move(reload)] {
    if (health_ == Health::failed) return told->set_value(not_taken());
    const Status loaded = transaction().look(reload);
    if (loaded) reloads_.push_back(reload);
    told->set_value(loaded);
  });
  return taken ? answer.get() : Status{not_taken()};
}

Status Writer::backup(const std::string& path) {
  const std::lock_guard one_at_a_time{backup_mutex_};
  if (exists(path)) return Error{ErrorCode::usage, fmt::format("{}: exists already", path)};
  const std::string beside = path + ".tmp";
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  const auto told = std::make_shared<std::promise<Status>>();
  auto answer = told->get_future();
  const bool taken = queue_.push_task([this, told, beside] {
    if (health_ == Health::failed) return told->set_value(not_taken());
    backup_ = std::make_unique<BackupJob>(*state_.connection, beside, std::move(*told));
  });
  if (!taken) return not_taken();
  Status status = answer.get();
  if (status) status = finish_backup(beside, path);
  if (!status) std::filesystem::remove(beside, ignored);
  return status;
}

void Writer::close() {
  const std::lock_guard one_at_a_time{close_mutex_};
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

std::chrono::milliseconds Writer::patience() const {
  if (backup_) return std::chrono::milliseconds{0};
  return health_ == Health::full ? kAskForRoom : kIdle;
}

void Writer::run() {
  for (bool open = true; open;) {
    WorkQueue::Taken taken = queue_.take(batch_, patience());
    const bool idle = taken.reads.empty() && taken.writes.empty() && taken.tasks.empty();
    for (const auto& task : taken.tasks) task();
    do_reads(taken.reads);
    do_writes(taken.writes);
    step_backup();
    keep_house(idle && !taken.closed);
    open = !taken.closed;
  }
  shut();
}

void Writer::do_reads(std::vector<WorkQueue::Piece>& pieces) {
  for (const WorkQueue::Piece& piece : pieces) {
    if (health_ == Health::failed) {
      tell(piece.done, not_taken());
      continue;
    }
    const Status status = transaction().look(piece.work);
    if (transaction().fault() == Fault::broken) fail(status.error());
    tell(piece.done, status);
  }
}

void Writer::do_writes(std::vector<WorkQueue::Piece>& pieces) {
  if (pieces.empty()) return;
  const bool well = health_ == Health::well;
  const std::vector<Status> results =
      well ? do_batch(pieces) : std::vector<Status>(pieces.size(), not_taken());
  for (std::size_t at = 0; at < pieces.size(); ++at) tell(pieces[at].done, results[at]);
}

// Every piece within a savepoint of its own. False: the engine gave way, and the transaction is not to be
// committed.
bool Writer::attempt_all(const std::vector<WorkQueue::Piece>& pieces, std::vector<Status>& results) {
  for (const WorkQueue::Piece& piece : pieces) {
    results.push_back(transaction().attempt(piece.work));
    if (transaction().fault() > Fault::statement) return false;
  }
  return true;
}

std::vector<Status> Writer::do_batch(const std::vector<WorkQueue::Piece>& pieces) {
  std::vector<Status> results;
  if (auto begun = state_.connection->begin(); !begun) {
    give_up_batch(begun.error());
  } else if (!attempt_all(pieces, results)) {
    give_up_batch(results.back().error());
  } else {
    commit(results);
    return results;
  }
  return std::vector<Status>(pieces.size(), not_taken());
}

// An error here may come before the changes were on the disk or after. What failed by itself is not in doubt.
void Writer::commit(std::vector<Status>& results) {
  const Status committed = state_.connection->commit();
  if (committed) return;
  for (Status& result : results) {
    if (result)
      result = Error{ErrorCode::unconfirmed,
                     "the commit failed: whether it was done is not known; ask again with the same key"};
  }
  if (transaction().fault() == Fault::disk_full) return recover();
  fail(committed.error());
}

// Before the commit nothing of a batch is on the disk in a way that counts.
void Writer::give_up_batch(const Error& why) {
  const bool full = transaction().fault() == Fault::disk_full;
  transaction().forget_fault();
  const Status undone = state_.connection->roll_back();
  if (full && undone) return enter_full();
  fail(undone ? why : undone.error());
}

// The connection does not know what its file holds: it is given up, and what is there is read anew.
void Writer::recover() {
  health_ = Health::recovering;
  if (backup_) backup_->give_up(full_disk());
  backup_.reset();
  state_.connection.reset();
  auto connection = reopen(state_.folder);
  if (!connection) return fail(connection.error());
  state_.connection = std::move(*connection);
  if (auto loaded = reload_all(); !loaded) return fail(loaded.error());
  enter_full();
}

Status Writer::reload_all() {
  for (const Reload& reload : reloads_) {
    if (auto loaded = transaction().look(reload); !loaded) return loaded;
  }
  return gate::done();
}

void Writer::enter_full() {
  room_asked_at_ = clock_.elapsed();
  health_ = Health::full;
}

void Writer::fail(const Error& error) {
  {
    const std::lock_guard lock{failure_mutex_};
    if (failure_.empty()) failure_ = error.message;
  }
  health_ = Health::failed;
}

void Writer::step_backup() {
  if (!backup_) return;
  if (health_ == Health::failed) backup_->give_up(not_taken());
  if (!backup_->step()) backup_.reset();
}

void Writer::keep_house(bool idle) {
  if (health_ == Health::full) look_for_room();
  if (health_ != Health::well) return;
  const std::int64_t bytes = state_.connection->log_bytes();
  if (bytes > kLogBytes || (idle && bytes > 0)) save_log(false);
}

void Writer::save_log(bool empty_log) {
  const auto saved = state_.connection->checkpoint(empty_log);
  if (saved) return;
  if (saved.error().code == ErrorCode::unavailable) return enter_full();
  fail(saved.error());
}

// Some time lies between two looks, however many reads come by.
void Writer::look_for_room() {
  if (clock_.elapsed() - room_asked_at_ < kAskForRoom) return;
  room_asked_at_ = clock_.elapsed();
  if (has_room(state_.folder)) health_ = Health::well;
}

void Writer::shut() {
  if (backup_) backup_->give_up(unavailable("the store is closed"));
  backup_.reset();
  if (health_ == Health::well) {
    if (auto closed = close_state(state_.folder, *state_.connection); !closed) fail(closed.error());
  }
  state_.connection.reset();
}

}  // namespace server::store
