// What a command costs from start to exit, the least of several rounds:
//   process_bench ROUNDS PROGRAM [ARGUMENT…]
// prints: wall seconds, processor seconds, kilobytes at most, exit status; separated by tabs.

#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "tests/bench/process_cost.h"

int main(int argc, char** argv) {
  if (argc < 3 || std::atoi(argv[1]) < 1) {
    std::cerr << "usage: process_bench ROUNDS PROGRAM [ARGUMENT...]\n";
    return 2;
  }
  const gate::bench::ProcessCost cost = gate::bench::cost_of(std::atoi(argv[1]), {argv + 2, argv + argc});
  if (cost.exit < 0) {
    std::cerr << "process_bench: " << argv[2] << " did not run, or not always alike\n";
    return 1;
  }
  fmt::print("{:.6f}\t{:.6f}\t{}\t{}\n", cost.wall, cost.processor, cost.kilobytes, cost.exit);
  return 0;
}
