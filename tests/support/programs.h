#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gate::test {

// Where a program of that name is in the PATH, or nullopt. Under CI=true its absence is a failure of the
// calling test, which says what to install.
std::optional<std::filesystem::path> find_program(std::string_view name, std::string_view package);

// A folder of its own that is gone with it.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Writes a file below it and returns its path.
  std::string write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

// A program that runs beside the test, its output in a file, and ends with it.
class ChildProcess {
 public:
  ChildProcess(std::vector<std::string> arguments, const std::filesystem::path& output);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Sends it a signal.
  void tell(int signal);
  // Ends it, as `kill -9` does, and waits until it is gone.
  void kill();
  // Whether it is gone by itself.
  [[nodiscard]] bool has_ended() const;
  // Waits until it ends by itself; its exit code, or -1 for a signal.
  int wait();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

}  // namespace gate::test

// Skips the calling test, visibly, where the program is absent.
#define REQUIRE_PROGRAM(variable, name, package)                                                     \
  const auto variable##_or_none = gate::test::find_program(name, package);                           \
  if (!variable##_or_none) GTEST_SKIP() << (name) << " is not there: apt-get install " << (package); \
  const std::filesystem::path& variable = *variable##_or_none
