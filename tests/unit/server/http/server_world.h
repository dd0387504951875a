#pragma once

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "gate/platform/system.h"
#include "server/http/server.h"
#include "tests/support/raw_client.h"
#include "tests/unit/server/http/recording_application.h"

namespace server::http {

// A real server on loopback, and what it serves.
struct ServerWorld {
  explicit ServerWorld(Limits limits = {}) { settings.limits = limits; }

  // What a test sets up first stays before it.
  void start() {
    auto opened = Server::open(settings, application, clock, random);
    if (!opened) throw std::runtime_error(opened.error().message);
    server = std::move(*opened);
    server->start();
  }

  [[nodiscard]] std::string address() const { return server->addresses().at(0); }
  [[nodiscard]] gate::test::RawClient client() const { return gate::test::RawClient{address()}; }

  gate::platform::SystemClock clock;
  gate::platform::SystemRandom random;
  RecordingApplication application;
  ServerSettings settings{{"127.0.0.1:0"}, {}, {}, {}, 2};
  std::unique_ptr<Server> server;  // last: it ends first
};

// The long tests run in full where the whole check asks for it.
inline bool runs_in_full() {
  return std::getenv("RELEASE_GATE_FULL") != nullptr;
}

}  // namespace server::http
