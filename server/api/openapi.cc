#include "server/api/openapi.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/base/value.h"
#include "server/api/embedded_schema.h"
#include "server/api/problem.h"

namespace server::api {
namespace {

using gate::Value;

Value text_schema() {
  return Value::object({{"type", "string"}});
}

Value reference(std::string_view section, std::string_view name) {
  return Value::object({{"$ref", fmt::format("#/components/{}/{}", section, name)}});
}

// What a service behind answers and takes is its own affair.
bool is_forwarded(const Route& route) {
  return route.body_type == "*";
}

bool is_by_key(const Route& route) {
  return std::holds_alternative<auth::Scope>(route.access);
}

bool has_rest(const Route& route) {
  return route.path.ends_with("/{rest}");
}

// Statuses of problems that a route can answer with, beside those of what it alone decides.
std::vector<int> problem_statuses(const Route& route) {
  std::set<int> statuses{400, 500, 503};
  if (is_by_key(route)) statuses.insert({401, 403});
  if (has_rest(route)) statuses.insert(404);
  if (route.rate_class != limits::RateClass::none) statuses.insert(429);
  if (route.body_limit > 0) statuses.insert({408, 413});
  if (route.body_limit > 0 && !is_forwarded(route)) statuses.insert(415);
  if (route.body_limit > 0 || !route.query.empty() || is_forwarded(route)) statuses.insert(422);
  if (is_forwarded(route)) statuses.insert({502, 504});
  return {statuses.begin(), statuses.end()};
}

Value parameter(std::string_view name, std::string_view in, std::string_view meaning, Value schema) {
  return Value::object({{"name", name},
                        {"in", in},
                        {"required", in == "path"},
                        {"description", meaning},
                        {"schema", std::move(schema)}});
}

Value parameters_of(const Route& route) {
  Value all = Value::array();
  if (has_rest(route)) {
    all.push(parameter("rest", "path",
                       "All that follows, slashes included; sent as it is, not encoded again.",
                       text_schema()));
  }
  for (const QueryParameter& one : route.query) {
    all.push(parameter(one.name, "query", one.meaning, schema_of(one.schema)));
  }
  if (is_forwarded(route)) {
    for (const char* name : {"Service", "CanaryTest"}) all.push(reference("parameters", name));
  }
  if (route.idempotency == Idempotency::accepted) all.push(reference("parameters", "IdempotencyKey"));
  if (route.idempotency == Idempotency::forwarded)
    all.push(reference("parameters", "ForwardedIdempotencyKey"));
  all.push(reference("parameters", "CorrelationId"));
  return all;
}

Value header_references(const std::vector<std::string_view>& names) {
  Value headers = Value::object();
  for (const std::string_view name : names) headers.set(std::string{name}, reference("headers", name));
  return headers;
}

std::vector<std::string_view> rate_headers() {
  return {"RateLimit-Policy", "RateLimit", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"};
}

Value success_of(const Route& route, Value& shared) {
  std::vector<std::string_view> headers{"X-Correlation-Id"};
  if (route.method == "GET") headers.emplace_back("ETag");
  if (route.rate_class != limits::RateClass::none) {
    for (const std::string_view name : rate_headers()) headers.push_back(name);
  }
  if (route.idempotency == Idempotency::accepted) headers.emplace_back("Idempotency-Replayed");
  if (is_forwarded(route)) headers.insert(headers.end(), {"X-Served-By", "X-Served-Version"});
  Value content = Value::object();
  if (route.reply_schema.empty()) {
    content.set("*/*", Value::object());
  } else {
    content.set("application/json",
                Value::object({{"schema", embedded_schema(route.reply_schema,
                                                          fmt::format("{}.reply", route.name), shared)}}));
  }
  return Value::object({{"description", is_forwarded(route) ? "What the service answered." : "Done."},
                        {"headers", header_references(headers)},
                        {"content", std::move(content)}});
}

Value responses_of(const Route& route, Value& shared) {
  Value all = Value::object({{"200", success_of(route, shared)}});
  for (const int status : problem_statuses(route)) {
    all.set(fmt::format("{}", status), reference("responses", fmt::format("Problem{}", status)));
  }
  all.set("default", reference("responses", "Problem"));
  return all;
}

Value request_body(const Route& route, Value& shared) {
  const std::string type = is_forwarded(route) ? "*/*" : std::string{route.body_type};
  Value media = Value::object();
  if (!route.request_schema.empty()) {
    media.set("schema", embedded_schema(route.request_schema, fmt::format("{}.request", route.name), shared));
  }
  return Value::object({{"required", route.body_required},
                        {"description", fmt::format("At most {} bytes.", route.body_limit)},
                        {"content", Value::object({{type, std::move(media)}})}});
}

Value security_of(const Route& route) {
  Value all = Value::array();
  if (!is_by_key(route)) return all;
  for (const char* scheme : {"apiKey", "bearer"}) all.push(Value::object({{scheme, Value::array()}}));
  return all;
}

Value operation_of(const Route& route, Value& shared) {
  Value tags = Value::array();
  tags.push(route.endpoint);
  Value operation = Value::object({{"operationId", route.name},
                                   {"summary", route.summary},
                                   {"tags", std::move(tags)},
                                   {"security", security_of(route)},
                                   {"parameters", parameters_of(route)}});
  if (const auto* scope = std::get_if<auth::Scope>(&route.access)) {
    operation.set("x-scope", auth::name_of(*scope));
    operation.set("x-rate-limit-class", limits::name_of(route.rate_class));
  }
  if (route.body_limit > 0) operation.set("requestBody", request_body(route, shared));
  operation.set("responses", responses_of(route, shared));
  return operation;
}

Value problem_schema() {
  Value codes = Value::array();
  for (const ProblemKind& kind : problem_kinds()) codes.push(kind.code);
  Value schema = schema_of(
      R"({"type":"object","required":["type","title","status","detail","code","correlation_id","advice"],)"
      R"("additionalProperties":false,"properties":{"type":{"type":"string"},"title":{"type":"string"},)"
      R"("status":{"type":"integer"},"detail":{"type":"string"},"correlation_id":{"type":"string"},)"
      R"("errors":{"type":"array","items":{"type":"object","required":["pointer","message"],)"
      R"("additionalProperties":false,"properties":{"pointer":{"type":"string"},"message":{"type":"string"}}}},)"
      R"("advice":{"type":"string"}}})");
  Value properties = *schema.find("properties");
  properties.set("code", Value::object({{"enum", std::move(codes)}}));
  schema.set("properties", std::move(properties));
  return schema;
}

Value problem_response(std::string description, const std::vector<std::string_view>& headers) {
  Value media = Value::object({{"schema", reference("schemas", "Problem")}});
  return Value::object({{"description", std::move(description)},
                        {"headers", header_references(headers)},
                        {"content", Value::object({{"application/problem+json", std::move(media)}})}});
}

// One for each status in the list of problems, and one for those that a route alone decides on.
Value problem_responses() {
  Value all = Value::object();
  std::set<int> statuses;
  for (const ProblemKind& kind : problem_kinds()) statuses.insert(kind.status);
  for (const int status : statuses) {
    std::vector<std::string> said;
    for (const ProblemKind& kind : problem_kinds()) {
      if (kind.status == status) said.push_back(fmt::format("`{}`: {}", kind.code, kind.advice));
    }
    std::vector<std::string_view> headers{"X-Correlation-Id"};
    if (status == 429) headers = {"X-Correlation-Id", "RateLimit-Policy", "RateLimit"};
    if (status == 429 || status == 503) headers.emplace_back("Retry-After");
    if (status == 401) headers.emplace_back("WWW-Authenticate");
    all.set(fmt::format("Problem{}", status), problem_response(gate::join(said, "\n\n"), headers));
  }
  all.set("Problem", problem_response("Any other problem; `code` says which.", {"X-Correlation-Id"}));
  return all;
}

Value shared_parameters() {
  return Value::object(
      {{"IdempotencyKey",
        parameter("Idempotency-Key", "header",
                  "1 to 255 visible ASCII characters, the same for each try of one intent: it is done once.",
                  schema_of(R"({"type":"string","minLength":1,"maxLength":255})"))},
       {"ForwardedIdempotencyKey",
        parameter("Idempotency-Key", "header",
                  "Passed on: the service behind decides what it means, and whether a second try is done "
                  "again.",
                  schema_of(R"({"type":"string","minLength":1,"maxLength":255})"))},
       {"CorrelationId", parameter("X-Correlation-Id", "header", "Comes back, and stands in the log.",
                                   schema_of(R"({"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$"})"))},
       {"Service",
        parameter("X-Service", "header", "The service to ask, where there are several.", text_schema())},
       {"CanaryTest", parameter("X-Canary-Test", "header", "`true` asks the service's canary.",
                                schema_of(R"({"enum":["true","false"]})"))}});
}

Value shared_headers() {
  constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {
      {"X-Correlation-Id", "Names the request in logs."},
      {"ETag", "The version of the answer, where it has one: for If-None-Match, and If-Match of a change."},
      {"RateLimit-Policy", "The limit that holds: `\"read\";q=30;w=6`."},
      {"RateLimit", "What is left of it: `\"read\";r=29;t=1`."},
      {"RateLimit-Limit", "The quota, for older clients."},
      {"RateLimit-Remaining", "What is left of it, for older clients."},
      {"RateLimit-Reset", "Seconds until it is whole, for older clients."},
      {"Retry-After", "Seconds to wait."},
      {"WWW-Authenticate", "How to authenticate."},
      {"Idempotency-Replayed", "`true` where the answer of an earlier try is given again."},
      {"X-Served-By", "`stable` or `canary`."},
      {"X-Served-Version", "The version that answered, where it is known."},
  };
  Value all = Value::object();
  for (const auto& [name, meaning] : kHeaders) {
    all.set(std::string{name}, Value::object({{"description", meaning}, {"schema", text_schema()}}));
  }
  return all;
}

Value components(Value schemas) {
  schemas.set("Problem", problem_schema());
  return Value::object(
      {{"securitySchemes", schema_of(R"({"apiKey":{"type":"apiKey","in":"header","name":"X-API-Key"},)"
                                     R"("bearer":{"type":"http","scheme":"bearer"}})")},
       {"schemas", std::move(schemas)},
       {"responses", problem_responses()},
       {"parameters", shared_parameters()},
       {"headers", shared_headers()}});
}

Value info(std::string_view version) {
  return Value::object({{"title", "gate-server"},
                        {"version", version},
                        {"description",
                         "The control plane of Release Gate. `x-scope` names the scope that a key needs, "
                         "`x-rate-limit-class` the limit that a request draws on."},
                        {"license", Value::object({{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}})}});
}

}  // namespace

std::string openapi_document(std::span<const Route> routes, std::string_view version) {
  Value paths = Value::object();
  Value schemas = Value::object();
  std::set<std::string_view> groups;
  for (const Route& route : routes) {
    if (std::holds_alternative<LocalOwner>(route.access)) continue;
    const Value* present = paths.find(route.path);
    Value item = present == nullptr ? Value::object() : *present;
    item.set(gate::lower(route.method), operation_of(route, schemas));
    paths.set(std::string{route.path}, std::move(item));
    groups.insert(route.endpoint);
  }
  Value tags = Value::array();
  for (const std::string_view group : groups) tags.push(Value::object({{"name", group}}));
  Value servers = Value::array();
  servers.push(Value::object({{"url", "/"}}));
  return gate::to_compact_json(Value::object({{"openapi", "3.1.0"},
                                              {"info", info(version)},
                                              {"servers", std::move(servers)},
                                              {"tags", std::move(tags)},
                                              {"paths", std::move(paths)},
                                              {"components", components(std::move(schemas))}})) +
         "\n";
}

}  // namespace server::api
