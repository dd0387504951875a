#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "gate/cli/context.h"

namespace gate::gate_run {

// One line on stderr that says which checks are running, rewritten as they end and gone at last.
// Silent where stderr is no terminal. Safe to share between threads.
class Progress {
 public:
  Progress(std::size_t total, cli::Context& io);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void started(const std::string& check);
  void ended(const std::string& check);

 private:
  void show();

  cli::Context& io_;
  const bool on_;
  const std::size_t total_;
  std::mutex guard_;  // over what follows
  std::size_t done_ = 0;
  std::vector<std::string> running_;
};

}  // namespace gate::gate_run
