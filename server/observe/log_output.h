#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "gate/base/result.h"

namespace server::observe {

// Where log lines go: standard error, or a file that is appended to. Safe to share between threads.
class LogOutput {
 public:
  // An empty path is standard error. A file is made with mode 0600. Error: io.
  static gate::Result<std::unique_ptr<LogOutput>> open(const std::string& path);
  ~LogOutput();
  LogOutput(const LogOutput&) = delete;
  LogOutput& operator=(const LogOutput&) = delete;

  // Writes a line that ends with its line feed. Waits for a reader that does not keep up, until hurry().
  // False where the line, or its rest, was not written.
  bool write(std::string_view line);

  // Opens the file anew; standard error stays. On an error the old one stays too. Error: io.
  gate::Status reopen();

  // Called once on the thread that writes, so that a reader who left is an error and no SIGPIPE.
  static void leave_signals_to_others();

  // From now on nothing waits.
  void hurry() { hurried_ = true; }

 private:
  LogOutput(std::string path, int descriptor);
  bool write_all(std::string_view text);
  [[nodiscard]] bool wait_for_room() const;

  std::string path_;
  std::mutex mutex_;  // of the descriptor: a line is written while another thread opens the file anew
  int descriptor_;
  bool torn_ = false;  // the last line lacks its end
  std::atomic<bool> hurried_{false};
};

}  // namespace server::observe
