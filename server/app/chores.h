#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace server::app {

// Runs one piece of work after another on a thread of its own: what takes longer than a request may.
class Chores {
 public:
  Chores();
  ~Chores();  // waits for the one under way; the others are dropped
  Chores(const Chores&) = delete;
  Chores& operator=(const Chores&) = delete;

  // False where too many wait: nothing is queued then.
  [[nodiscard]] bool add(std::function<void()> work);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace server::app
