// exemption-report: what the exemption register lets pass, until when, and on whose word.

#include <iostream>

#include "exemptions/run.h"
#include "gate/platform/system.h"

int main(int argc, char** argv) {
  const gate::platform::System system;
  gate::cli::Context io{std::cout,          std::cerr,     system.clock,    system.files,
                        system.environment, system.random, system.terminal, system.process};
  return gate::cli::run_tool(exemptions::kTool, argc, argv, io);
}
