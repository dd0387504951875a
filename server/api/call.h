#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "gate/base/result.h"
#include "gate/base/value.h"
#include "gate/load/json.h"
#include "server/api/problem.h"
#include "server/api/route.h"
#include "server/auth/principal.h"
#include "server/http/message.h"

namespace server::api {

// One request on its way through a handler.
struct Call {
  http::Head head;
  std::string body;
  auth::Principal caller;
  const Route* route = nullptr;
  std::string rest;  // what stands for `{rest}` in the route's path, not decoded: "symbols", "a/b"
};

// 200 with that JSON.
http::Response answer(const gate::Value& body, int status = 200);

// The body as JSON: at most 1 MiB unless the route allows more, at most 32 deep. An empty one is null.
std::variant<gate::load::Document, Problem> json_body(const Call& call);

// A whole number of the query within bounds, or `otherwise` where it is absent; a Problem names it.
std::variant<std::int64_t, Problem> integer_parameter(const Call& call, std::string_view name,
                                                      std::int64_t least, std::int64_t most,
                                                      std::int64_t otherwise);

// A handler of a route that only looks at what is in memory.
Handler answering(std::function<std::variant<http::Response, Problem>(const Call&)> look);

}  // namespace server::api
