#pragma once

#include <array>
#include <memory>

#include "gate/base/result.h"
#include "gate/ports/clock.h"
#include "gate/ports/random.h"
#include "server/data/demo_service.h"
#include "server/data/services.h"
#include "server/http/server.h"

namespace server::data {

// The demo service in two versions, v41 as stable and v42 as canary, on free ports of the loopback address.
class Demo {
 public:
  // Binds, and starts nothing. Errors: as http::Server::open.
  static gate::Result<std::unique_ptr<Demo>> open(const gate::ports::Clock& clock,
                                                  const gate::ports::Random& random);
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  void start();
  void stop();

  // How to forward to it.
  [[nodiscard]] DataSettings settings() const;

 private:
  Demo() = default;

  std::array<DemoService, 2> versions_{DemoService{"v41"}, DemoService{"v42"}};
  std::array<std::unique_ptr<http::Server>, 2> servers_;  // by track
};

}  // namespace server::data
