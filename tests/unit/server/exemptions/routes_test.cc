#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "tests/unit/server/exemptions/exemption_world.h"

namespace server::exemptions {
namespace {

TEST(Routes, DeclareAllOfIt) {
  ExemptionWorld world;
  const std::vector<api::Route> routes = world.service().routes();
  const auto checked = api::check_routes(routes);
  EXPECT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(routes.size(), 9U);
  for (const api::Route& route : routes) {
    SCOPED_TRACE(route.name);
    EXPECT_EQ(route.endpoint, "exemptionManagement");
    EXPECT_TRUE(gate::load::parse_json(route.reply_schema).has_value());
    EXPECT_EQ(route.request_schema.empty(), route.body_limit == 0);
    if (!route.request_schema.empty()) {
      EXPECT_TRUE(gate::load::parse_json(route.request_schema).has_value());
    }
  }
}

TEST(Routes, LetNobodyWithoutTheScopeChangeAnything) {
  ExemptionWorld world;
  for (const api::Route& route : world.service().routes()) {
    SCOPED_TRACE(route.name);
    const bool changes = route.idempotency == api::Idempotency::accepted;
    EXPECT_EQ(std::get<auth::Scope>(route.access), changes ? auth::Scope::exempt : auth::Scope::read);
    EXPECT_EQ(changes, route.name != "validateExemptions" && route.method != "GET");
  }
}

}  // namespace
}  // namespace server::exemptions
