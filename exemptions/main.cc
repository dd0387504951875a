// exemption-report: what the exemption register lets pass, until when, and on whose word.

#include <iostream>

#include "exemptions/run.h"
#include "gate/platform/curl_http_client.h"
#include "gate/platform/system.h"

int main(int argc, char** argv) {
  const gate::platform::System system;
  const gate::platform::CurlHttpClient http;
  gate::cli::Context io{std::cout,     std::cerr,       system.clock,   system.files, system.environment,
                        system.random, system.terminal, system.process, &http};
  return exemptions::run_exemption_report(gate::cli::arguments_of(argc, argv), io);
}
