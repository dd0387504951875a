#include "server/canary/canary_service.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"

namespace server::canary {
namespace {

using api::Problem;
using gate::Value;

constexpr std::string_view kStatusSchema = R"({
  "type": "object",
  "properties": {
    "services": {"type": "array", "items": {
      "type": "object",
      "properties": {
        "service": {"type": "string"},
        "phase": {"enum": ["stable"]},
        "stable_version": {"type": ["string", "null"]},
        "canary_version": {"type": ["string", "null"]},
        "has_canary": {"type": "boolean"},
        "canary_percent": {"type": "integer"},
        "staging": {"type": "boolean"}
      },
      "required": ["service", "phase", "stable_version", "canary_version", "has_canary", "canary_percent", "staging"],
      "additionalProperties": false
    }},
    "note": {"type": "string"}
  },
  "required": ["services", "note"],
  "additionalProperties": false
})";

Value version(const std::string& text) {
  return text.empty() ? Value{} : Value{text};
}

Value row_of(const data::Service& service) {
  return Value::object({{"service", service.name},
                        {"phase", "stable"},
                        {"stable_version", version(service.stable_version)},
                        {"canary_version", version(service.canary_version)},
                        {"has_canary", !service.canary.empty()},
                        {"canary_percent", 0},
                        {"staging", service.staging}});
}

}  // namespace

std::variant<http::Response, Problem> CanaryService::status(const api::Call& call) const {
  const auto wanted = call.head.parameter("service");
  Value rows = Value::array();
  std::vector<std::string_view> reachable;
  for (const data::Service& service : services_.services) {
    if (!call.caller.may_reach(service.name)) continue;
    reachable.push_back(service.name);
    if (!wanted || *wanted == service.name) rows.push(row_of(service));
  }
  if (wanted && std::find(reachable.begin(), reachable.end(), *wanted) == reachable.end()) {
    return Problem{
        "not_found",
        fmt::format("no service {}{}", gate::json_quoted(*wanted), gate::did_you_mean(*wanted, reachable)),
        {{"?service", "is no service"}},
        {}};
  }
  return api::answer(Value::object(
      {{"services", std::move(rows)},
       {"note", "requests reach a canary with X-Canary-Test: true; no traffic is shifted by weight"}}));
}

std::vector<api::Route> CanaryService::routes() {
  api::Route route;
  route.method = "GET";
  route.path = "/api/v1/canary/status";
  route.access = auth::Scope::read;
  route.rate_class = limits::RateClass::read;
  route.endpoint = "canaryManagement";
  route.idempotency = api::Idempotency::safe;
  route.name = "getCanaryStatus";
  route.summary = "Which version of each service serves what.";
  route.query = {{"service", R"({"type":"string"})", "that service alone"}};
  route.reply_schema = kStatusSchema;
  route.handler = api::answering([this](const api::Call& call) { return status(call); });
  return {std::move(route)};
}

}  // namespace server::canary
