#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gate/base/result.h"
#include "server/auth/scope.h"
#include "server/http/message.h"
#include "server/limits/rate.h"

namespace server::api {

struct Call;

// Who may call a route: anybody, a key with a scope, or the server's owner on the control socket.
struct Anybody {};
struct LocalOwner {};
using Access = std::variant<std::monostate, Anybody, LocalOwner, auth::Scope>;

// What an Idempotency-Key means to a route.
enum class Idempotency : std::uint8_t {
  undeclared,
  safe,       // changes nothing
  accepted,   // at most once for each key, where one is sent
  forwarded,  // the service behind decides
};

// A parameter of the query, for the reader and the OpenAPI document.
struct QueryParameter {
  std::string_view name;
  std::string_view schema;  // JSON Schema: R"({"type":"integer","minimum":1,"maximum":720})"
  std::string_view meaning;
};

// Answers a request whose caller is known and may call the route. Called on an I/O thread: must not block.
using Handler = std::function<void(Call call, http::Responder respond)>;

// One row of the API. All of it is data: dispatch, documents and tests read the same rows.
struct Route {
  std::string_view method;  // "GET"
  std::string_view path;    // "/api/v1/slo/status"; a last segment `{rest}` stands for all that follows
  Access access;
  limits::RateClass rate_class = limits::RateClass::none;  // none: for Anybody and LocalOwner alone
  std::string_view endpoint;  // its group, as rate limits name it: "canaryManagement"
  Idempotency idempotency = Idempotency::undeclared;
  std::uint64_t body_limit = 0;                     // bytes; 0: takes none
  std::string_view body_type = "application/json";  // the media type it takes; "*": any
  bool body_required = false;
  std::string_view name;     // unique: "getSloStatus"; label of metrics, operationId of the document
  std::string_view summary;  // one sentence
  std::vector<QueryParameter> query;
  std::string_view request_schema;  // JSON Schema of the body, as text; empty: none, or not JSON
  std::string_view reply_schema;    // JSON Schema of the 200 answer's body
  Handler handler;
};

// What every row must have, and that no two answer the same. Error: malformed, naming the row.
gate::Status check_routes(std::span<const Route> routes);

}  // namespace server::api
