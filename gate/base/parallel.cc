#include "gate/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace gate {

std::size_t available_cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work) {
  jobs = std::min(std::max<std::size_t>(jobs, 1), count);
  if (jobs <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_guard;
  const auto drain = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock{failure_guard};
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 1; i < jobs; ++i) threads.emplace_back(drain);
    } catch (const std::system_error&) {
      // The machine gives no more of them: those there are do the work.
    }
    drain();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace gate
