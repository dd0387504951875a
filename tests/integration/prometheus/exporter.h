#pragma once

#include <mutex>
#include <string>

#include "tests/support/loopback_server.h"

namespace gate::test {

// A service's metrics page. Each reading finds 100 more requests than the one before: 10 of them failed; 50
// took at most 0.1 s, 90 at most 0.3 s, 98 at most 1 s.
class Exporter {
 public:
  Exporter() : server_([this](const WireRequest&) { return page(); }) {}

  [[nodiscard]] int port() const { return server_.port(); }
  [[nodiscard]] std::string url() const { return server_.url() + "/metrics"; }

 private:
  WireReply page();

  std::mutex guard_;
  long readings_ = 0;
  LoopbackServer server_;
};

}  // namespace gate::test
