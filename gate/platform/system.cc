#include "gate/platform/system.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace gate::platform {

Timestamp SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::nanoseconds SystemClock::elapsed() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

void SystemClock::sleep(std::chrono::milliseconds duration) const {
  std::this_thread::sleep_for(duration);
}

std::optional<std::string> ProcessEnvironment::get(std::string_view name) const {
  const char* value = std::getenv(std::string{name}.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string{value};
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::getrandom(bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::runtime_error("the kernel gives no random bytes");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

bool StandardTerminal::output_is_terminal() const {
  return ::isatty(STDOUT_FILENO) == 1;
}
bool StandardTerminal::diagnostics_are_terminal() const {
  return ::isatty(STDERR_FILENO) == 1;
}

std::size_t StandardTerminal::width() const {
  winsize size{};
  constexpr std::size_t kUsual = 80;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
}

namespace {

// What is opened next takes the lowest free number, and would be written to as if it were that stream.
// Nothing can be written to what stands there instead, so that a lost output is still noticed.
void occupy_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDONLY) != stream)
      throw std::runtime_error("a closed standard stream cannot be replaced");
  }
}

}  // namespace

System::System() {
  occupy_closed_streams();
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace gate::platform
