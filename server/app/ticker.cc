#include "server/app/ticker.h"

#include <exception>

namespace server::app {
namespace {

constexpr std::chrono::milliseconds kLook{250};

}  // namespace

Ticker::Ticker(std::vector<Task> tasks, const gate::ports::Clock& clock, observe::Log& log)
    : clock_(clock), log_(log) {
  for (Task& task : tasks) tasks_.push_back({std::move(task), clock.elapsed()});
  thread_ = std::thread{[this] { run(); }};
}

Ticker::~Ticker() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stopped_.notify_one();
  thread_.join();
}

// A task that throws is a bug of ours; the others go on.
void Ticker::run_due() {
  for (Due& due : tasks_) {
    if (clock_.elapsed() < due.at) continue;
    try {
      due.task.run();
    } catch (const std::exception& bug) {
      log_.error("task_failed", {{"task", due.task.name}, {"why", bug.what()}});
    }
    due.at = clock_.elapsed() + due.task.every;
  }
}

void Ticker::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    lock.unlock();
    run_due();
    lock.lock();
    stopped_.wait_for(lock, kLook, [this] { return stopping_; });
  }
}

}  // namespace server::app
