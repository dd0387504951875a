#pragma once

#include <vector>

#include "server/api/call.h"
#include "server/api/route.h"

namespace server::api {

inline Route sample_route(std::string_view method, std::string_view path, Access access,
                          std::string_view name) {
  Route route;
  route.method = method;
  route.path = path;
  route.access = access;
  route.name = name;
  route.summary = "Does it.";
  route.endpoint = "things";
  route.idempotency = method == "GET" ? Idempotency::safe : Idempotency::accepted;
  if (std::holds_alternative<auth::Scope>(access)) route.rate_class = limits::RateClass::read;
  route.handler = [](const Call&, const http::Responder&) {};
  return route;
}

// A row of each kind that the server has.
inline std::vector<Route> sample_routes() {
  std::vector<Route> rows = {
      sample_route("GET", "/health/live", Anybody{}, "getLiveness"),
      sample_route("GET", "/api/v1/things", auth::Scope::read, "getThings"),
      sample_route("POST", "/api/v1/things", auth::Scope::admin, "postThings"),
      sample_route("DELETE", "/api/v1/keys/{rest}", auth::Scope::admin, "revokeKey"),
      sample_route("GET", "/api/v1/data/{rest}", auth::Scope::read, "getData"),
      sample_route("PUT", "/api/v1/data/{rest}", auth::Scope::canary_write, "putData"),
      sample_route("POST", "/control/v1/backup", LocalOwner{}, "backup"),
  };
  rows[1].query = {
      {"hours", R"({"type":"integer","minimum":1,"maximum":720})", "how far back; 24 by default"}};
  rows[1].reply_schema =
      R"({"type":"object","properties":{"things":{"type":"array","items":{"$ref":"#/$defs/thing"}}},"required":["things"],)"
      R"("$defs":{"thing":{"anyOf":[{"$ref":"#/$defs/name"},{"type":"null"}]},"name":{"type":"string"}}})";
  rows[2].body_limit = 4096;
  rows[2].body_required = true;
  rows[2].rate_class = limits::RateClass::write;
  rows[2].request_schema = R"({"type":"object","properties":{"name":{"type":["string","null"]}}})";
  for (Route* forwarded : {&rows[4], &rows[5]}) {
    forwarded->endpoint = "dataProxy";
    forwarded->body_type = "*";
  }
  rows[5].idempotency = Idempotency::forwarded;
  rows[5].body_limit = 1U << 20U;
  return rows;
}

}  // namespace server::api
