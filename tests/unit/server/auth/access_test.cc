#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/app/gateway.h"
#include "tests/unit/server/auth/key_world.h"

// What keys open, on the whole way of a request: rows, keys and limits together.
namespace server::auth {
namespace {

using limits::RateClass;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

constexpr std::array<std::string_view, kScopes.size()> kPaths{
    "/t/read", "/t/gate", "/t/ingest", "/t/canary", "/t/rollback", "/t/exempt", "/t/registry", "/t/admin"};
constexpr std::array kClasses{RateClass::read,     RateClass::write, RateClass::ingest, RateClass::write,
                              RateClass::rollback, RateClass::write, RateClass::write,  RateClass::admin};

// A row for each scope, each in the class that such rows have.
std::vector<api::Route> rows_of_scopes() {
  std::vector<api::Route> rows;
  for (std::size_t i = 0; i < kScopes.size(); ++i) {
    api::Route row;
    row.method = "GET";
    row.path = kPaths[i];
    row.access = kScopes[i];
    row.rate_class = kClasses[i];
    row.endpoint = "canaryManagement";
    row.idempotency = api::Idempotency::safe;
    row.name = kPaths[i].substr(3);
    row.summary = "Answers.";
    row.handler = api::answering([](const api::Call&) { return api::answer(gate::Value::object()); });
    rows.push_back(std::move(row));
  }
  return rows;
}

// A gateway in front of the rows above and of the key book's own.
struct AccessWorld : KeyWorld {
  limits::Limiter limiter{world.clock, *world.metrics};
  api::Router router = *api::Router::of(all_rows());
  app::Gateway gateway{router, book, limiter, world.core()};

  std::vector<api::Route> all_rows() {
    std::vector<api::Route> rows = rows_of_scopes();
    rows.insert(rows.end(), routes.begin(), routes.end());
    return rows;
  }

  // The answer to a request that was refused; 200 for one that was let in.
  http::Response ask(std::string_view path, const std::string& key,
                     http::Peer peer = {"192.0.2.1", false, 0}) {
    http::Head head;
    head.method = "GET";
    head.target = head.path = path;
    if (!key.empty()) head.headers.emplace_back("x-api-key", key);
    head.peer = std::move(peer);
    head.correlation_id = "test-1";
    auto admitted = gateway.admit(std::move(head));
    if (auto* refused = std::get_if<http::Response>(&admitted)) return std::move(*refused);
    return {};
  }
  int let_in(int tries, std::string_view path, const std::string& key) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += ask(path, key).status == 200 ? 1 : 0;
    return count;
  }
};

TEST(Access, EachRoleOpensTheRowsOfItsScopesAlone) {
  for (const Role& role : roles()) {
    AccessWorld access;
    const auto [key, id] = access.make(R"({"owner":"ci","role":")" + std::string{role.name} + "\"}");
    for (std::size_t i = 0; i < kScopes.size(); ++i) {
      SCOPED_TRACE(testing::Message() << role.name << " at " << kPaths[i]);
      EXPECT_EQ(access.ask(kPaths[i], key).status, role.scopes.has(kScopes[i]) ? 200 : 403);
    }
  }
}

TEST(Access, EachScopeOpensNothingElse) {
  for (const Scope scope : kScopes) {
    AccessWorld access;
    const auto [key, id] = access.make(R"({"owner":"ci","scopes":[")" + std::string{name_of(scope)} + "\"]}");
    for (std::size_t i = 0; i < kScopes.size(); ++i) {
      SCOPED_TRACE(testing::Message() << name_of(scope) << " at " << kPaths[i]);
      EXPECT_EQ(access.ask(kPaths[i], key).status, scope == kScopes[i] ? 200 : 403);
    }
  }
}

TEST(Access, NoKeyAndNoLiveKeyOpenNothing) {
  AccessWorld access;
  const auto [key, id] = access.make(R"({"owner":"ci","role":"admin"})");
  EXPECT_EQ(access.ask("/t/admin", key).status, 200);
  EXPECT_EQ(access.revoke(id, "?last_admin=true").status, 200);
  for (const std::string_view path : kPaths) {
    EXPECT_EQ(access.ask(path, "").status, 401);
    EXPECT_EQ(access.ask(path, key).status, 401) << "revoked";
  }
}

TEST(Access, ControlRowsAreTheLocalOwnersAlone) {
  AccessWorld access;
  const auto [key, id] = access.make(R"({"owner":"ci","role":"admin"})");
  EXPECT_EQ(access.ask("/control/v1/keys", key).status, 404);
  EXPECT_EQ(access.ask("/control/v1/keys", "").status, 404);
  EXPECT_EQ(access.ask("/control/v1/keys", "", {"", true, 0}).status, 200);
}

TEST(Access, SixtyCallsAtOnceShowTheLimitUntilItIsRaised) {
  AccessWorld access;
  const auto [key, id] = access.make(R"({"owner":"ci","role":"viewer"})");
  EXPECT_EQ(access.let_in(60, "/t/read", key), 30);
  const auto refused = access.ask("/t/read", key);
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.headers, testing::IsSupersetOf(http::Headers{
                                   {"retry-after", "1"},
                                   {"ratelimit-policy", "\"read\";q=30;w=6"},
                                   {"ratelimit", "\"read\";r=0;t=6"},
                                   {"ratelimit-remaining", "0"},
                               }));
  const gate::Timestamp now = access.world.clock.now();
  access.limiter.put_override(
      {1, "canaryManagement", {100, milliseconds{60'000}}, "", "", "", now, now + std::chrono::hours{1}});
  EXPECT_EQ(access.let_in(60, "/t/read", key), 60);
}

TEST(Access, NothingKeepsAKeyFromRollingBack) {
  AccessWorld access;
  const auto [key, id] = access.make(R"({"owner":"ci","role":"admin"})");
  for (const std::string_view path : kPaths) {
    if (path != "/t/rollback") access.let_in(200, path, key);
  }
  const gate::test::FakeRandom random{77};
  const std::string wrong = ApiKey::make(KeyEnvironment::live, random).reveal();
  int unauthenticated = 0;
  for (int i = 0; i < 200; ++i) unauthenticated += access.ask("/t/rollback", wrong).status == 401 ? 1 : 0;
  EXPECT_EQ(unauthenticated, 20) << "the rest is 429";
  EXPECT_EQ(access.let_in(60, "/t/rollback", key), 30) << "from the same address";
}

TEST(Access, RefusedKeysAppearNowhere) {
  AccessWorld access;
  const auto [key, id] = access.make(R"({"owner":"ci","role":"viewer","expires_in":"1h"})");
  std::string shown = access.ask("/t/admin", key).body;
  std::string typo = key;
  typo.back() = typo.back() == 'a' ? 'b' : 'a';
  shown += access.ask("/t/read", typo).body;
  access.world.clock.advance(std::chrono::hours{1});
  shown += access.ask("/t/read", key).body;
  shown += access.world.logged() + access.world.metrics->text();
  EXPECT_THAT(shown, HasSubstr("expired"));
  EXPECT_THAT(shown, Not(HasSubstr(key.substr(18, 30))));
}

}  // namespace
}  // namespace server::auth
