#include "tests/support/programs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "gate/base/text.h"

namespace gate::test {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

// In the child, between fork and exec.
[[noreturn]] void become(char* const* arguments, const char* output) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = ::open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

std::optional<std::filesystem::path> find_program(std::string_view name, std::string_view package) {
  const std::string path = environment("PATH");
  for (const std::string_view folder : split(path, ':')) {
    const std::filesystem::path file = std::filesystem::path{folder} / name;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  if (environment("CI") == "true")
    ADD_FAILURE() << "under CI=true " << name << " must be there: apt-get install " << package;
  return std::nullopt;
}

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "release-gate-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder");
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ScratchFolder::write(const std::string& name, std::string_view content) const {
  const std::filesystem::path file = path_ / name;
  std::ofstream{file, std::ios::binary} << content;
  return file.string();
}

ChildProcess::ChildProcess(std::vector<std::string> arguments, const std::filesystem::path& output) {
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) become(words.data(), output.c_str());
  if (pid_ < 0) throw std::runtime_error("cannot fork");
}

ChildProcess::~ChildProcess() {
  kill();
}

void ChildProcess::tell(int signal) {
  if (pid_ > 0) ::kill(pid_, signal);
}

bool ChildProcess::has_ended() const {
  siginfo_t state{};
  const int asked = ::waitid(P_PID, static_cast<id_t>(pid_), &state, WEXITED | WNOHANG | WNOWAIT);
  return pid_ < 0 || (asked == 0 && state.si_pid == pid_);
}

void ChildProcess::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

int ChildProcess::wait() {
  if (pid_ < 0) return -1;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace gate::test
