#include "server/api/router.h"

#include "server/api/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace server::api {
namespace {

using testing::HasSubstr;

Route whole() {
  Route route;
  route.method = "POST";
  route.path = "/a";
  route.access = auth::Scope::admin;
  route.rate_class = limits::RateClass::write;
  route.endpoint = "things";
  route.idempotency = Idempotency::accepted;
  route.body_limit = 10;
  route.name = "postA";
  route.summary = "Posts.";
  route.handler = [](const Call&, const http::Responder&) {};
  return route;
}

TEST(CheckRoutes, TakesAWholeRow) {
  const std::vector<Route> routes = {whole()};
  EXPECT_TRUE(check_routes(routes));
}

TEST(CheckRoutes, RefusesARowThatLacksAPart) {
  struct Row {
    const char* fault;
    void (*break_it)(Route& route);
  };
  const Row rows[] = {
      {"no method", [](Route& route) { route.method = {}; }},
      {"no path", [](Route& route) { route.path = {}; }},
      {"no path", [](Route& route) { route.path = "a"; }},
      {"no name", [](Route& route) { route.name = {}; }},
      {"no summary", [](Route& route) { route.summary = {}; }},
      {"no endpoint group", [](Route& route) { route.endpoint = {}; }},
      {"declares no access", [](Route& route) { route.access = {}; }},
      {"no rate class", [](Route& route) { route.rate_class = limits::RateClass::none; }},
      {"idempotency", [](Route& route) { route.idempotency = Idempotency::undeclared; }},
      {"a GET changes nothing", [](Route& route) { route.method = "GET"; }},
      {"no handler", [](Route& route) { route.handler = {}; }},
      {"takes none",
       [](Route& route) {
         route.body_required = true;
         route.body_limit = 0;
       }},
      {"only a last {rest}", [](Route& route) { route.path = "/a/{id}/b"; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.fault);
    std::vector<Route> routes = {whole()};
    row.break_it(routes[0]);
    const auto checked = check_routes(routes);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr(row.fault));
  }
}

TEST(CheckRoutes, RefusesTwoThatAnswerTheSame) {
  std::vector<Route> routes = {whole(), whole()};
  routes[1].name = "other";
  EXPECT_THAT(check_routes(routes).error().message, HasSubstr("another row answers the same"));
  routes[1].path = "/b";
  routes[1].name = "postA";
  EXPECT_THAT(check_routes(routes).error().message, HasSubstr("has its name"));
}

TEST(Router, FindsTheRowThatAnswers) {
  std::vector<Route> routes = {whole(), whole(), whole()};
  routes[1].method = "PUT";
  routes[1].name = "putA";
  routes[2].path = "/data/{rest}";
  routes[2].name = "data";
  const auto router = Router::of(std::move(routes));
  ASSERT_TRUE(router);
  struct Row {
    const char* method;
    const char* path;
    const char* name;  // empty: none
    const char* rest;
    std::size_t allowed;
  };
  const Row rows[] = {
      {"POST", "/a", "postA", "", 0},
      {"PUT", "/a", "putA", "", 0},
      {"GET", "/a", "", "", 2},
      {"post", "/a", "", "", 2},
      {"POST", "/a/", "", "", 0},
      {"POST", "/A", "", "", 0},
      {"POST", "//a", "", "", 0},
      {"POST", "/%61", "", "", 0},
      {"POST", "/data/x", "data", "x", 0},
      {"POST", "/data/x/y", "data", "x/y", 0},
      {"POST", "/data/", "", "", 0},
      {"POST", "/data", "", "", 0},
      {"GET", "/data/x", "", "", 1},
      {"POST", "", "", "", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string{row.method} + " " + row.path);
    const auto found = router->find(row.method, row.path);
    const auto* match = std::get_if<Match>(&found);
    EXPECT_EQ(match == nullptr ? "" : match->route->name, row.name);
    if (match != nullptr) {
      EXPECT_EQ(match->rest, row.rest);
    } else {
      EXPECT_EQ(std::get<NoMatch>(found).allowed.size(), row.allowed);
    }
  }
}

}  // namespace
}  // namespace server::api
