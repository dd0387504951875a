#include "tests/bench/process_cost.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace gate::bench {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

ProcessCost run_once(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::fflush(stdout);  // else the child would print it again
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(127);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const bool ran = WIFEXITED(status) && WEXITSTATUS(status) != 127;
  return {wall.count(), seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss,
          ran ? WEXITSTATUS(status) : -1};
}

}  // namespace

ProcessCost cost_of(int rounds, const std::vector<std::string>& command) {
  ProcessCost best;
  for (int i = 0; i < rounds; ++i) {
    const ProcessCost cost = run_once(command);
    best.wall = std::min(best.wall, cost.wall);
    best.processor = std::min(best.processor, cost.processor);
    best.kilobytes = std::max(best.kilobytes, cost.kilobytes);
    best.exit = i == 0 || best.exit == cost.exit ? cost.exit : -1;
  }
  return best;
}

}  // namespace gate::bench
