#pragma once

#include <cstdint>
#include <functional>
#include <optional>
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

// That JSON, on one line.
http::Response answer(const gate::Value& body, int status = 200);

// The body as JSON, at most 32 deep. An empty one is null.
std::variant<gate::load::Document, Problem> json_body(const Call& call);

// A whole number of the query within bounds, or `otherwise` where it is absent; a Problem names it.
std::variant<std::int64_t, Problem> integer_parameter(const Call& call, std::string_view name,
                                                      std::int64_t least, std::int64_t most,
                                                      std::int64_t otherwise);

// A text of the query of at most that many bytes, empty where it is absent; a Problem names it. The other one
// must be there.
std::variant<std::string, Problem> text_parameter(const Call& call, std::string_view name,
                                                  std::size_t most_bytes);
std::variant<std::string, Problem> required_text_parameter(const Call& call, std::string_view name,
                                                           std::size_t most_bytes);

// Parameters of the query that the route does not have: a mistyped one must not be passed over.
std::optional<Problem> check_parameters(const Call& call);

// A handler of a route that only looks at what is in memory.
Handler answering(std::function<std::variant<http::Response, Problem>(const Call&)> look);

// A strong entity tag of a generation: "\"7\"".
std::string etag_of(std::int64_t generation);

// The answer with its ETag, or 304 where If-None-Match has it.
http::Response answer_tagged(const Call& call, const gate::Value& body, const std::string& etag);

// 412 where If-Match was sent and names neither this tag nor `*`.
std::optional<Problem> check_if_match(const Call& call, const std::string& etag);

// 412 where If-None-Match was sent and names this tag, or `*`. For what is there.
std::optional<Problem> check_if_none_match(const Call& call, const std::string& etag);

}  // namespace server::api
