#include "server/observe/log_output.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

namespace server::observe {
namespace {

constexpr int kWaitMs = 50;  // between two looks at whether to hurry

gate::Result<int> open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  return gate::Error{gate::ErrorCode::io, fmt::format("{}: {}", path, std::strerror(errno))};
}

}  // namespace

gate::Result<std::unique_ptr<LogOutput>> LogOutput::open(const std::string& path) {
  if (path.empty()) return std::unique_ptr<LogOutput>{new LogOutput{path, STDERR_FILENO}};
  const auto descriptor = open_file(path);
  if (!descriptor) return descriptor.error();
  return std::unique_ptr<LogOutput>{new LogOutput{path, *descriptor}};
}

LogOutput::LogOutput(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

LogOutput::~LogOutput() {
  if (!path_.empty()) ::close(descriptor_);
}

void LogOutput::leave_signals_to_others() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

bool LogOutput::write(std::string_view line) {
  const std::lock_guard lock{mutex_};
  if (torn_ && !write_all("\n")) return false;
  torn_ = false;
  return write_all(line);
}

// A pipe with room takes PIPE_BUF bytes at once, so that a write after poll() does not block.
bool LogOutput::write_all(std::string_view text) {
  const std::size_t whole = text.size();
  while (!text.empty()) {
    if (!wait_for_room()) return false;
    const ssize_t written = ::write(descriptor_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
    torn_ = !text.empty() && text.size() < whole;
  }
  return true;
}

bool LogOutput::wait_for_room() const {
  for (;;) {
    pollfd room{descriptor_, POLLOUT, 0};
    const int ready = ::poll(&room, 1, hurried_ ? 0 : kWaitMs);
    if (ready > 0) return true;
    if (hurried_ || (ready < 0 && errno != EINTR)) return false;
  }
}

gate::Status LogOutput::reopen() {
  if (path_.empty()) return gate::done();
  const auto descriptor = open_file(path_);
  if (!descriptor) return descriptor.error();
  const std::lock_guard lock{mutex_};
  ::close(descriptor_);
  descriptor_ = *descriptor;
  torn_ = false;
  return gate::done();
}

}  // namespace server::observe
