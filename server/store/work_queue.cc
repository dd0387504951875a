#include "server/store/work_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace server::store {

bool WorkQueue::push(std::deque<Piece>& pieces, Piece& piece) {
  {
    const std::lock_guard lock{mutex_};
    if (closed_ || pieces.size() >= most_) return false;
    pieces.push_back(std::move(piece));
  }
  filled_.notify_one();
  return true;
}

bool WorkQueue::push_write(Piece& piece) {
  return push(writes_, piece);
}

bool WorkQueue::push_read(Piece& piece) {
  return push(reads_, piece);
}

bool WorkQueue::push_task(std::function<void()> task) {
  {
    const std::lock_guard lock{mutex_};
    if (closed_) return false;
    tasks_.push_back(std::move(task));
  }
  filled_.notify_one();
  return true;
}

WorkQueue::Taken WorkQueue::take(std::size_t most_writes, std::chrono::milliseconds wait) {
  std::unique_lock lock{mutex_};
  const auto is_filled = [this] { return closed_ || !reads_.empty() || !writes_.empty() || !tasks_.empty(); };
  filled_.wait_for(lock, wait, is_filled);
  Taken taken;
  taken.reads.assign(std::move_iterator{reads_.begin()}, std::move_iterator{reads_.end()});
  reads_.clear();
  const auto end = writes_.begin() + static_cast<std::ptrdiff_t>(std::min(most_writes, writes_.size()));
  taken.writes.assign(std::move_iterator{writes_.begin()}, std::move_iterator{end});
  writes_.erase(writes_.begin(), end);
  taken.tasks.swap(tasks_);
  taken.closed = closed_ && writes_.empty();
  return taken;
}

void WorkQueue::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
  }
  filled_.notify_all();
}

bool WorkQueue::is_closed() const {
  const std::lock_guard lock{mutex_};
  return closed_;
}

std::size_t WorkQueue::waiting() const {
  const std::lock_guard lock{mutex_};
  return reads_.size() + writes_.size();
}

}  // namespace server::store
