#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "gate/ports/clock.h"
#include "server/observe/log.h"

namespace server::app {

// Calls each of its tasks at once and again whenever its time has passed, one after another on one thread.
class Ticker {
 public:
  struct Task {
    std::string_view name;
    std::chrono::milliseconds every;
    std::function<void()> run;
  };

  Ticker(std::vector<Task> tasks, const gate::ports::Clock& clock, observe::Log& log);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  struct Due {
    Task task;
    std::chrono::nanoseconds at{0};
  };
  void run();
  void run_due();

  std::vector<Due> tasks_;
  const gate::ports::Clock& clock_;
  observe::Log& log_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace server::app
