#include "gate/platform/posix_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "gate/platform/descriptor.h"

namespace gate::platform {
namespace {

using Instant = std::chrono::steady_clock::time_point;

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Error{ErrorCode::io, std::strerror(errno)};
  return Pipe{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

struct Pipes {
  Pipe output;
  Pipe diagnostics;
  Pipe start_failure;  // carries errno where the program could not be started
};

Result<Pipes> make_pipes() {
  auto output = make_pipe();
  if (!output) return output.error();
  auto diagnostics = make_pipe();
  if (!diagnostics) return diagnostics.error();
  auto start_failure = make_pipe();
  if (!start_failure) return start_failure.error();
  return Pipes{std::move(*output), std::move(*diagnostics), std::move(*start_failure)};
}

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, const Pipes& pipes, int nothing) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(pipes.output.write_end.get(), STDOUT_FILENO);
  ::dup2(pipes.diagnostics.write_end.get(), STDERR_FILENO);
  ::execvp(arguments[0], arguments);
  const int reason = errno;
  [[maybe_unused]] const ssize_t told = ::write(pipes.start_failure.write_end.get(), &reason, sizeof reason);
  ::_exit(127);
}

// Reads what is there; false at the end of the stream.
bool drain(const Descriptor& from, std::string& into, std::uint64_t limit) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  const auto keep = std::min<std::uint64_t>(static_cast<std::uint64_t>(count),
                                            limit - std::min<std::uint64_t>(limit, into.size()));
  into.append(buffer.data(), static_cast<std::size_t>(keep));
  return count > 0;
}

int milliseconds_until(Instant deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000));
}

Status started(const Descriptor& start_failure, const std::string& program) {
  int reason = 0;
  ssize_t count = 0;
  do count = ::read(start_failure.get(), &reason, sizeof reason);
  while (count < 0 && errno == EINTR);
  if (count != static_cast<ssize_t>(sizeof reason)) return done();
  const ErrorCode code = reason == ENOENT ? ErrorCode::not_found : ErrorCode::io;
  return Error{code, fmt::format("{}: cannot be started: {}", program, std::strerror(reason))};
}

// Reads both streams until the child has ended and they are empty, or the deadline passes.
void collect(const ports::Command& command, const Descriptor& child, const Pipes& pipes, Instant deadline,
             ports::Outcome& outcome) {
  bool output_open = true;
  bool diagnostics_open = true;
  bool running = true;
  while (running || output_open || diagnostics_open) {
    // Once the child has ended, what it left running may hold the pipes open: do not wait for that.
    const int patience = running ? milliseconds_until(deadline) : 0;
    std::array<pollfd, 3> wait{{{output_open ? pipes.output.read_end.get() : -1, POLLIN, 0},
                                {diagnostics_open ? pipes.diagnostics.read_end.get() : -1, POLLIN, 0},
                                {running ? child.get() : -1, POLLIN, 0}}};
    const int ready = ::poll(wait.data(), wait.size(), patience);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      outcome.timed_out = running;
      return;
    }
    if (wait[0].revents != 0)
      output_open = drain(pipes.output.read_end, outcome.output, command.output_limit);
    if (wait[1].revents != 0)
      diagnostics_open = drain(pipes.diagnostics.read_end, outcome.diagnostics, command.output_limit);
    if (wait[2].revents != 0) running = false;
  }
}

void reap(pid_t child, ports::Outcome& outcome) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
}

}  // namespace

Result<ports::Outcome> PosixProcess::run(const ports::Command& command) const {
  if (command.arguments.empty()) return Error{ErrorCode::not_found, "no program to run"};
  const Instant deadline = std::chrono::steady_clock::now() + command.deadline;
  auto pipes = make_pipes();
  if (!pipes) return pipes.error().within(command.arguments.front());
  const Descriptor nothing{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  std::vector<std::string> words = command.arguments;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const pid_t child = ::fork();
  if (child < 0)
    return Error{ErrorCode::io,
                 fmt::format("{}: cannot be started: {}", words.front(), std::strerror(errno))};
  if (child == 0) become(arguments.data(), *pipes, nothing.get());
  ::setpgid(child, child);  // whichever of the two comes first
  pipes->output.write_end.close();
  pipes->diagnostics.write_end.close();
  pipes->start_failure.write_end.close();

  ports::Outcome outcome;
  const auto start = started(pipes->start_failure.read_end, words.front());
  if (start) {
    const Descriptor handle{static_cast<int>(::syscall(SYS_pidfd_open, child, 0))};
    collect(command, handle, *pipes, deadline, outcome);
    if (outcome.timed_out) ::kill(-child, SIGKILL);
  }
  reap(child, outcome);
  if (!start) return start.error();
  return outcome;
}

}  // namespace gate::platform
