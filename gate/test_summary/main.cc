// test-summary: one counted, judged summary of every test report of a run.

#include <iostream>

#include "gate/platform/system.h"
#include "gate/test_summary/run.h"

int main(int argc, char** argv) {
  const gate::platform::System system;
  gate::cli::Context io{std::cout,          std::cerr,     system.clock,    system.files,
                        system.environment, system.random, system.terminal, system.process};
  return gate::cli::run_tool(gate::test_summary::kTool, argc, argv, io);
}
