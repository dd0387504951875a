#pragma once

#include "gate/ports/clock.h"
#include "gate/ports/files.h"
#include "gate/ports/random.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"
#include "server/store/store.h"

namespace server::api {

// What every service is made of. A service is a resource on the server's stack with
//   std::vector<api::Route> routes()              its rows; handlers may refer to the service
//   gate::Status reload(store::Transaction&)      reads what it keeps in memory from the store
//   extern const store::Migration k…Migration     its tables
struct Core {
  store::Store& store;
  const gate::ports::Clock& clock;
  const gate::ports::Random& random;
  const gate::ports::Files& files;
  observe::Log& log;
  observe::Metrics& metrics;
};

}  // namespace server::api
