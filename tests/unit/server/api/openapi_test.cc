#include "server/api/openapi.h"

#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "gate/base/value.h"
#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "server/api/problem.h"
#include "tests/unit/server/api/sample_routes.h"

namespace server::api {
namespace {

using gate::Value;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

Value document_of(const std::vector<Route>& routes) {
  return gate::load::to_value(gate::load::parse_json(openapi_document(routes, "1.2.3")).value().root);
}

// What stands at a path of names, or null.
const Value& at(const Value& value, const std::vector<std::string>& names) {
  static const Value kNull;
  const Value* found = &value;
  for (const std::string& name : names) {
    found = found->find(name);
    if (found == nullptr) return kNull;
  }
  return *found;
}

std::string text_at(const Value& value, const std::vector<std::string>& names) {
  const Value found = at(value, names);
  return found.as_string() == nullptr ? "" : *found.as_string();
}

std::vector<std::string> members_of(const Value& value) {
  std::vector<std::string> names;
  if (value.as_object() == nullptr) return names;
  for (const Value::Member& member : *value.as_object()) names.push_back(member.name);
  return names;
}

// The names, or the last part of the references, of an operation's parameters.
std::vector<std::string> parameters_of(const Value& operation) {
  std::vector<std::string> names;
  for (const Value& one : *at(operation, {"parameters"}).as_array()) {
    const std::string reference = text_at(one, {"$ref"});
    names.push_back(reference.empty() ? text_at(one, {"name"}) : reference.substr(reference.rfind('/') + 1));
  }
  return names;
}

// {operationId: {method, path, scope}}; no scope where none is needed.
using Rows = std::map<std::string, std::tuple<std::string, std::string, std::string>>;

Rows rows_of(const Value& document) {
  Rows rows;
  for (const Value::Member& path : *at(document, {"paths"}).as_object()) {
    for (const Value::Member& method : *path.value.as_object()) {
      rows[text_at(method.value, {"operationId"})] = {method.name, path.name,
                                                      text_at(method.value, {"x-scope"})};
    }
  }
  return rows;
}

Rows rows_of(const std::vector<Route>& routes) {
  Rows rows;
  for (const Route& route : routes) {
    if (std::holds_alternative<LocalOwner>(route.access)) continue;
    const auto* scope = std::get_if<auth::Scope>(&route.access);
    rows[std::string{route.name}] = {gate::lower(route.method), std::string{route.path},
                                     scope == nullptr ? "" : std::string{auth::name_of(*scope)}};
  }
  return rows;
}

const std::vector<Route> kRoutes = sample_routes();
const Value kDocument = document_of(kRoutes);

const Value& operation(std::string_view name) {
  for (const Route& route : kRoutes) {
    if (route.name == name)
      return at(kDocument, {"paths", std::string{route.path}, gate::lower(route.method)});
  }
  throw std::out_of_range{std::string{name}};
}

TEST(OpenApi, HasTheRowsThatCanBeReachedAndNoOther) {
  ASSERT_TRUE(check_routes(kRoutes));
  EXPECT_EQ(rows_of(kDocument), rows_of(kRoutes));
  EXPECT_EQ(rows_of(kDocument).size(), kRoutes.size() - 1)
      << "the control socket's row is not of the network";
  EXPECT_EQ(text_at(kDocument, {"openapi"}), "3.1.0");
  EXPECT_EQ(text_at(kDocument, {"info", "version"}), "1.2.3");
}

TEST(OpenApi, AsksForAKeyWhereOneIsNeeded) {
  EXPECT_EQ(at(operation("getLiveness"), {"security"}), Value::array());
  const Value security = at(operation("getThings"), {"security"});
  ASSERT_EQ(security.as_array()->size(), 2U) << "one of two";
  EXPECT_THAT(members_of(security.as_array()->at(0)), ElementsAre("apiKey"));
  EXPECT_THAT(members_of(security.as_array()->at(1)), ElementsAre("bearer"));
  EXPECT_EQ(text_at(kDocument, {"components", "securitySchemes", "apiKey", "name"}), "X-API-Key");
}

TEST(OpenApi, NamesTheLimitThatARequestDrawsOn) {
  EXPECT_EQ(text_at(operation("postThings"), {"x-rate-limit-class"}), "write");
  EXPECT_TRUE(at(operation("getLiveness"), {"x-rate-limit-class"}).is_null());
}

TEST(OpenApi, ListsTheProblemsThatARouteCanGive) {
  struct Row {
    const char* name;
    std::vector<std::string> statuses;
  };
  const Row rows[] = {
      {"getLiveness", {"200", "400", "500", "503", "default"}},
      {"getThings", {"200", "400", "401", "403", "422", "429", "500", "503", "default"}},
      {"postThings",
       {"200", "400", "401", "403", "408", "413", "415", "422", "429", "500", "503", "default"}},
      {"revokeKey", {"200", "400", "401", "403", "404", "429", "500", "503", "default"}},
      {"getData", {"200", "400", "401", "403", "404", "422", "429", "500", "502", "503", "504", "default"}},
      {"putData",
       {"200", "400", "401", "403", "404", "408", "413", "422", "429", "500", "502", "503", "504",
        "default"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(members_of(at(operation(row.name), {"responses"})), row.statuses);
  }
}

TEST(OpenApi, TellsTheParametersOfEachRoute) {
  EXPECT_THAT(parameters_of(operation("getThings")), UnorderedElementsAre("hours", "CorrelationId"));
  EXPECT_THAT(parameters_of(operation("postThings")),
              UnorderedElementsAre("IdempotencyKey", "CorrelationId"));
  EXPECT_THAT(parameters_of(operation("getData")),
              UnorderedElementsAre("rest", "Service", "CanaryTest", "CorrelationId"));
  EXPECT_THAT(
      parameters_of(operation("putData")),
      UnorderedElementsAre("rest", "Service", "CanaryTest", "ForwardedIdempotencyKey", "CorrelationId"));
}

TEST(OpenApi, PromisesNothingOfAKeyThatIsPassedOn) {
  const auto meaning = [](const std::string& parameter) {
    return text_at(kDocument, {"components", "parameters", parameter, "description"});
  };
  EXPECT_THAT(meaning("IdempotencyKey"), testing::HasSubstr("it is done once"));
  EXPECT_THAT(meaning("ForwardedIdempotencyKey"), testing::HasSubstr("the service behind decides"));
  EXPECT_THAT(meaning("ForwardedIdempotencyKey"), Not(testing::HasSubstr("once")));
  EXPECT_EQ(text_at(kDocument, {"components", "parameters", "ForwardedIdempotencyKey", "name"}),
            "Idempotency-Key");
}

TEST(OpenApi, HoldsTheSchemasOfTheRows) {
  EXPECT_EQ(*at(operation("getThings"),
                {"responses", "200", "content", "application/json", "schema", "properties", "things", "type"})
                 .as_string(),
            "array");
  const Value body = at(operation("postThings"), {"requestBody"});
  EXPECT_EQ(at(body, {"required"}), Value{true});
  EXPECT_THAT(members_of(at(body, {"content", "application/json", "schema", "properties"})),
              ElementsAre("name"));
  EXPECT_THAT(members_of(at(operation("putData"), {"requestBody", "content"})), ElementsAre("*/*"));
  EXPECT_TRUE(at(operation("getThings"), {"requestBody"}).is_null());
}

TEST(OpenApi, KeepsTheDefinitionsOfASchemaWhereItsReferencesLead) {
  const Value& schema =
      at(operation("getThings"), {"responses", "200", "content", "application/json", "schema"});
  EXPECT_TRUE(at(schema, {"$defs"}).is_null());
  EXPECT_EQ(text_at(schema, {"properties", "things", "items", "$ref"}),
            "#/components/schemas/getThings.reply.thing");
  const Value& alternatives = at(kDocument, {"components", "schemas", "getThings.reply.thing", "anyOf"});
  ASSERT_NE(alternatives.as_array(), nullptr);
  EXPECT_EQ(text_at(alternatives.as_array()->at(0), {"$ref"}), "#/components/schemas/getThings.reply.name");
  EXPECT_EQ(text_at(kDocument, {"components", "schemas", "getThings.reply.name", "type"}), "string");
}

TEST(OpenApi, NamesTheHeadersOfAnswers) {
  const auto headers = [](std::string_view name) {
    return members_of(at(operation(name), {"responses", "200", "headers"}));
  };
  EXPECT_THAT(headers("getThings"),
              IsSupersetOf({"X-Correlation-Id", "ETag", "RateLimit", "RateLimit-Policy"}));
  EXPECT_THAT(headers("getLiveness"), Not(testing::Contains("RateLimit")));
  EXPECT_THAT(headers("postThings"), testing::Contains("Idempotency-Replayed"));
  EXPECT_THAT(headers("getData"), testing::Contains("X-Served-By"));
  EXPECT_THAT(members_of(at(kDocument, {"components", "responses", "Problem429", "headers"})),
              testing::Contains("Retry-After"));
}

TEST(OpenApi, KnowsEveryCodeOfAProblem) {
  const Value codes = at(kDocument, {"components", "schemas", "Problem", "properties", "code", "enum"});
  ASSERT_EQ(codes.as_array()->size(), problem_kinds().size());
  for (const ProblemKind& kind : problem_kinds()) {
    EXPECT_THAT(*codes.as_array(), testing::Contains(Value{kind.code}));
    const std::string name = "Problem" + std::to_string(kind.status);
    EXPECT_THAT(text_at(kDocument, {"components", "responses", name, "description"}),
                testing::HasSubstr("`" + std::string{kind.code} + "`"));
  }
}

// Every "$ref" of a tree.
void collect_references(const Value& value, std::vector<std::string>& references) {
  if (const Value* found = value.find("$ref"); found != nullptr) references.push_back(*found->as_string());
  if (value.as_object() != nullptr) {
    for (const Value::Member& member : *value.as_object()) collect_references(member.value, references);
  }
  if (value.as_array() != nullptr) {
    for (const Value& element : *value.as_array()) collect_references(element, references);
  }
}

TEST(OpenApi, RefersToNothingThatIsNotThere) {
  std::vector<std::string> references;
  collect_references(kDocument, references);
  ASSERT_GT(references.size(), 50U);
  for (const std::string& reference : references) {
    std::vector<std::string> names;
    for (const std::string_view name : gate::split(reference, '/')) names.emplace_back(name);
    names.erase(names.begin());
    EXPECT_FALSE(at(kDocument, names).is_null()) << reference;
  }
}

TEST(OpenApi, FitsTheProblemsThatAreSent) {
  const Problem problem{"invalid_request", "hours must be a number", {{"?hours", "must be a number"}}, {}};
  const auto sent = gate::load::parse_json(as_response(problem, "c-1").body);
  ASSERT_TRUE(sent);
  const Value value = gate::load::to_value(sent->root);
  const Value schema = at(kDocument, {"components", "schemas", "Problem"});
  EXPECT_THAT(members_of(at(schema, {"properties"})), testing::UnorderedElementsAreArray(members_of(value)));
}

TEST(Problems, AdviseWhatFitsTheDetail) {
  const std::string body =
      as_response({"not_configured", "the service search has no canary", {}, {}}, "c-1").body;
  EXPECT_THAT(body, testing::HasSubstr("server.toml lacks what the detail names"));
  EXPECT_THAT(body, testing::HasSubstr("or ask without it"));
}

}  // namespace
}  // namespace server::api
