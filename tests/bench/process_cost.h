#pragma once

#include <string>
#include <vector>

namespace gate::bench {

// What a process cost from start to exit: seconds, and the most memory it held.
struct ProcessCost {
  double wall = 1e9;
  double processor = 1e9;
  long kilobytes = 0;
  int exit = -1;
};

// Runs a command `rounds` times, its standard output thrown away: the least of each time, the most
// memory, and the exit status, which is -1 where it could not run or the rounds differ.
ProcessCost cost_of(int rounds, const std::vector<std::string>& command);

}  // namespace gate::bench
