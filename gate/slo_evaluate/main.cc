// slo-evaluate: says whether a service may take a release now, and whether a canary is worse than its
// baseline.

#include <iostream>

#include "gate/platform/curl_http_client.h"
#include "gate/platform/system.h"
#include "gate/slo_evaluate/options.h"

int main(int argc, char** argv) {
  const gate::platform::System system;
  const gate::platform::CurlHttpClient http;
  gate::cli::Context io{std::cout,     std::cerr,       system.clock,   system.files, system.environment,
                        system.random, system.terminal, system.process, &http};
  return gate::slo_evaluate::run_slo_evaluate(gate::cli::arguments_of(argc, argv), io);
}
