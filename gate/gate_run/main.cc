// gate: one verdict over every check that a release must pass.

#include <iostream>

#include "gate/gate_run/options.h"
#include "gate/platform/curl_http_client.h"
#include "gate/platform/system.h"

int main(int argc, char** argv) {
  const gate::platform::System system;
  const gate::platform::CurlHttpClient http;
  gate::cli::Context io{std::cout,     std::cerr,       system.clock,   system.files, system.environment,
                        system.random, system.terminal, system.process, &http};
  return gate::gate_run::run_gate(gate::cli::arguments_of(argc, argv), io);
}
