#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "server/auth/key_book.h"
#include "tests/support/service_world.h"

namespace server::auth {

// A key book over a real store, and who asks it.
struct KeyWorld {
  gate::test::ServiceWorld world{{kKeyMigration}};
  KeyBook book{world.core(), {}};
  std::vector<api::Route> routes = book.routes();

  KeyWorld() { load(book); }

  void load(KeyBook& into) {
    const auto loaded =
        world.store().read_now([&](store::Transaction& transaction) { return into.reload(transaction); });
    EXPECT_TRUE(loaded) << loaded.error().message;
  }

  http::Response post(const std::string& body, http::Headers headers = {}) {
    return gate::test::ask(routes, {"POST", "/api/v1/keys", body, std::move(headers)});
  }

  // A key that the local owner made: its text, and its id.
  std::pair<std::string, std::string> make(const std::string& body) {
    const Principal owner{"local:uid 0", "local", {}, {}, {}};
    const auto response = gate::test::ask(routes, {"POST", "/control/v1/keys", body, {}, owner});
    EXPECT_EQ(response.status, 201) << response.body;
    if (response.status != 201) return {};
    const gate::Value made = gate::test::json_of(response);
    return {*made.find("key")->as_string(), *made.find("id")->as_string()};
  }

  http::Response revoke(const std::string& id, const std::string& query = {}) {
    return gate::test::ask(routes, {"DELETE", "/api/v1/keys/" + id + query, {}});
  }

  // "ok", or why not.
  std::string enter(const std::string& key) {
    const auto found = book.authenticate(key, world.clock.now());
    const auto* failure = std::get_if<AuthFailure>(&found);
    return failure == nullptr ? "ok" : std::string{name_of(*failure)};
  }
};

}  // namespace server::auth
