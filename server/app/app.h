#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gate/base/result.h"
#include "gate/ports/clock.h"
#include "gate/ports/environment.h"
#include "gate/ports/files.h"
#include "gate/ports/http_client.h"
#include "gate/ports/random.h"
#include "server/app/settings.h"
#include "server/auth/key_book.h"
#include "server/http/application.h"
#include "server/observe/log.h"
#include "server/store/store.h"

namespace server::app {

// The world a server runs in.
struct World {
  const gate::ports::Clock& clock;
  const gate::ports::Random& random;
  const gate::ports::Files& files;
  const gate::ports::Environment& environment;
  const gate::ports::HttpClient& http;
};

// All of a server but its sockets: the store, the services over it, and the way of a request to them. Without
// start() it does what requests ask and nothing by itself: so commands use it where no server runs.
class App {
 public:
  // Opens the state. Errors: as SqliteStore::open; malformed for a file that the settings name.
  static gate::Result<std::unique_ptr<App>> open(Settings settings, const World& world);
  virtual ~App() = default;
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  [[nodiscard]] virtual http::Application& application() = 0;

  // What is served on the address of [metrics]: /metrics and health, without a key.
  [[nodiscard]] virtual http::Application& metrics_application() = 0;

  // Makes the first admin key where there never was one, and hands its text over, once. Where that fails, no
  // key was made.
  virtual gate::Status first_key(const std::function<gate::Status(const std::string&)>& hand_over) = 0;

  // Starts what goes on beside requests: evaluation of objectives, the day's turn for exemptions, retention,
  // the demo.
  virtual void start(std::function<std::chrono::milliseconds()> lag) = 0;

  // Ready, or not: at the start and before the end.
  virtual void set_serving(bool serving) = 0;

  // Reads files anew that may have changed: the register, the log. What is wrong is logged, and the old
  // stays.
  virtual void reload() = 0;

  // Why it cannot go on; empty where it can.
  [[nodiscard]] virtual std::string failure() const = 0;

  [[nodiscard]] virtual observe::Log& log() = 0;
  [[nodiscard]] virtual observe::Metrics& metrics() = 0;

  // Ends what start() began, does what is queued, closes the state.
  virtual void close() = 0;

 protected:
  App() = default;
};

}  // namespace server::app
