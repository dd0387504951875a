// schema-validate: says whether documents are what their JSON Schema asks for.

#include <iostream>

#include "gate/platform/system.h"
#include "gate/schema_validate/run.h"

int main(int argc, char** argv) {
  const gate::platform::System system;
  gate::cli::Context io{std::cout,          std::cerr,     system.clock,    system.files,
                        system.environment, system.random, system.terminal, system.process};
  return gate::cli::run_tool(gate::schema_validate::kTool, argc, argv, io);
}
