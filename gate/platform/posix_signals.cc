#include "gate/platform/posix_signals.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace gate::platform {
namespace {

sigset_t taken() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, number);
  return set;
}

}  // namespace

void PosixSignals::take() const {
  const sigset_t set = taken();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ports::Signal PosixSignals::wait(std::chrono::milliseconds longest) const {
  const sigset_t set = taken();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest);
  const timespec limit{seconds.count(), std::chrono::nanoseconds{longest - seconds}.count()};
  switch (::sigtimedwait(&set, nullptr, &limit)) {
    case SIGINT: return ports::Signal::interrupt;
    case SIGTERM: return ports::Signal::terminate;
    case SIGHUP: return ports::Signal::hangup;
    default: return ports::Signal::none;
  }
}

void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace gate::platform
