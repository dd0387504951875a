// gate-server: the control plane. Keys, limits, exemptions and objectives, over HTTP.

#include <iostream>

#include "gate/platform/curl_http_client.h"
#include "gate/platform/posix_signals.h"
#include "gate/platform/system.h"
#include "server/commands/options.h"

int main(int argc, char** argv) {
  gate::platform::keep_memory_private();
  const gate::platform::System system;
  const gate::platform::CurlHttpClient http;
  const gate::platform::PosixSignals signals;
  gate::cli::Context io{std::cout,     std::cerr,       system.clock,   system.files, system.environment,
                        system.random, system.terminal, system.process, &http,        &signals};
  return server::commands::run_gate_server(gate::cli::arguments_of(argc, argv), io);
}
