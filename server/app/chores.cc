#include "server/app/chores.h"

namespace server::app {
namespace {

constexpr std::size_t kMostWaiting = 8;

}  // namespace

Chores::Chores() : thread_([this] { run(); }) {}

Chores::~Chores() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool Chores::add(std::function<void()> work) {
  {
    const std::lock_guard lock{mutex_};
    if (stopping_ || queue_.size() >= kMostWaiting) return false;
    queue_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

void Chores::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace server::app
