#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/api/call.h"
#include "server/api/router.h"
#include "server/api/service.h"
#include "server/store/audit.h"
#include "server/store/sqlite_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_random.h"
#include "tests/support/programs.h"

namespace gate::test {

// What a service of gate-server is made of, for one test: a real store in a folder of its own, a clock and
// random bytes of the test, files in memory, a log in a file.
class ServiceWorld {
 public:
  // With the tables of the store itself and these.
  explicit ServiceWorld(std::vector<server::store::Migration> migrations = {});
  ~ServiceWorld();
  ServiceWorld(const ServiceWorld&) = delete;
  ServiceWorld& operator=(const ServiceWorld&) = delete;

  [[nodiscard]] server::api::Core core();

  // Closes the store and opens it anew, as a restart of the process does. Services made before are not to be
  // used again.
  void restart();

  [[nodiscard]] server::store::SqliteStore& store() { return *store_; }
  // Every audit row, newest first.
  [[nodiscard]] std::vector<server::store::AuditRow> audit();
  // Everything that was logged.
  [[nodiscard]] std::string logged();

  FakeClock clock;
  FakeRandom random;
  FakeFiles files;
  std::unique_ptr<server::observe::Metrics> metrics;

 private:
  ScratchFolder folder_;
  std::vector<server::store::Migration> migrations_;
  std::unique_ptr<server::observe::Log> log_;
  std::unique_ptr<server::store::SqliteStore> store_;
};

// One request to a service.
struct Asked {
  std::string method = "GET";
  std::string target;
  std::string body;  // JSON; empty: none
  server::http::Headers headers = {};
  std::optional<server::auth::Principal> caller = std::nullopt;  // absent: an administrator
};

// The principal with all scopes: key `adminkey` of the owner `alice`.
server::auth::Principal administrator();

// Asks the row that answers, past keys and limits, and waits. Fails the test where no row does, and where the
// answer of a 200 does not keep to the row's reply_schema.
server::http::Response ask(const std::vector<server::api::Route>& routes, const Asked& asked);

// The body of an answer, as JSON.
gate::Value json_of(const server::http::Response& response);

}  // namespace gate::test
