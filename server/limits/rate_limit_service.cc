#include "server/limits/rate_limit_service.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "server/api/body.h"
#include "server/limits/override_table.h"
#include "server/limits/rate_limit_schemas.h"
#include "server/limits/rate_limit_views.h"

namespace server::limits {
namespace {

using api::Call;
using api::Change;
using api::Problem;
using gate::Value;

constexpr std::int64_t kMostHours = 720;
constexpr std::size_t kBodyBytes = 16'384;
constexpr std::size_t kMostOwnersShown = 100;

using Decided = gate::Result<std::variant<Change, Problem>>;

Holder holder_of(const auth::Principal& caller) {
  return {caller.id, caller.owner, caller.rates};
}

bool is_admin(const Call& call) {
  return call.caller.scopes.has(auth::Scope::admin);
}

store::AuditEntry audit_of(std::string_view action, std::string subject, std::string reason) {
  store::AuditEntry entry;
  entry.action = action;
  entry.subject = std::move(subject);
  entry.reason = std::move(reason);
  return entry;
}

// The reason of a body that may say nothing else, or nothing at all.
std::variant<std::string, Problem> read_reason(const Call& call) {
  auto document = api::json_body(call);
  if (auto* problem = std::get_if<Problem>(&document)) return std::move(*problem);
  api::BodyReader body{std::get<gate::load::Document>(document)};
  std::string reason = body.text("reason", kReasonBytes).value_or("");
  if (auto problem = body.finish()) return std::move(*problem);
  return reason;
}

api::Route row(std::string_view method, std::string_view path, std::string_view name,
               std::string_view summary) {
  api::Route route;
  route.method = method;
  route.path = path;
  route.endpoint = kLimitGroup;
  // Apart from other reads: whoever is limited there can still look here why.
  route.rate_class = RateClass::admin;
  route.name = name;
  route.summary = summary;
  const bool is_safe = method == "GET";
  route.access = is_safe ? auth::Scope::read : auth::Scope::admin;
  route.idempotency = is_safe ? api::Idempotency::safe : api::Idempotency::accepted;
  route.body_limit = is_safe ? 0 : kBodyBytes;
  route.request_schema = is_safe ? std::string_view{} : reason_request_schema();
  return route;
}

}  // namespace

RateLimitService::RateLimitService(const api::Core& core, Limiter& limiter, RateLimitSettings settings)
    : core_(core), limiter_(limiter), settings_(std::move(settings)) {}

gate::Status RateLimitService::reload(store::Transaction& transaction) {
  auto overrides = load_overrides(transaction, core_.clock.now());
  if (!overrides) return overrides.error();
  limiter_.set_overrides(std::move(*overrides));
  return gate::done();
}

RateLimitService::Answer RateLimitService::status(const Call& call) const {
  const Holder holder = holder_of(call.caller);
  Value body = Value::object({{"as_of", gate::to_string(core_.clock.now())},
                              {"key", call.caller.id},
                              {"owner", call.caller.owner},
                              {"classes", shown_classes(limiter_, holder)},
                              {"endpoints", shown_endpoints(limiter_, holder, settings_.endpoints())},
                              {"overrides", shown(limiter_.overrides())}});
  if (is_admin(call)) show_buckets(body, limiter_.buckets());
  return api::answer(body);
}

RateLimitService::Answer RateLimitService::events(const Call& call) const {
  const auto hours = api::integer_parameter(call, "hours", 1, kMostHours, 1);
  if (const auto* problem = std::get_if<Problem>(&hours)) return *problem;
  const gate::Timestamp to = core_.clock.now();
  const gate::Timestamp from = to - std::chrono::hours{std::get<std::int64_t>(hours)};
  const std::string_view owner = is_admin(call) ? std::string_view{} : call.caller.owner;
  Value body = Value::object({{"from", gate::to_string(from)}, {"to", gate::to_string(to)}});
  const Value events = shown_events(limiter_.refused_since(from), owner);
  for (const auto& [name, value] : *events.as_object()) body.set(name, value);
  return api::answer(body);
}

RateLimitService::Answer RateLimitService::config(const Call& call) const {
  const std::vector<Override> overrides = limiter_.overrides();
  Value endpoints = Value::array();
  for (const std::string& endpoint : settings_.endpoints()) endpoints.push(endpoint);
  return api::answer_tagged(call,
                            Value::object({{"overrides", shown(overrides)},
                                           {"defaults", shown_defaults()},
                                           {"endpoints", std::move(endpoints)}}),
                            etag_of(overrides));
}

void RateLimitService::clear(Call call, const http::Responder& respond) {
  auto reason = read_reason(call);
  if (const auto* problem = std::get_if<Problem>(&reason)) {
    return respond(api::as_response(*problem, call.head.correlation_id));
  }
  const auto decide = [this,
                       reason = std::get<std::string>(std::move(reason))](store::Transaction&) -> Decided {
    const std::size_t drawn = limiter_.drawn();
    Change change{
        api::answer(Value::object(
            {{"cleared", drawn}, {"note", "every bucket is full again; overrides and events stay"}})),
        audit_of("rate_limit.cleared", "all keys", reason), [this] { limiter_.fill(); }};
    change.audit.before = Value::object({{"drawn_buckets", drawn}});
    change.audit.after = Value::object({{"drawn_buckets", 0}});
    return change;
  };
  api::make_change(core_.store, core_.clock, std::move(call), decide, respond);
}

void RateLimitService::reset(Call call, const http::Responder& respond) {
  const auto refuse = [&](const Problem& problem) {
    respond(api::as_response(problem, call.head.correlation_id));
  };
  auto reason = read_reason(call);
  if (const auto* problem = std::get_if<Problem>(&reason)) return refuse(*problem);
  const auto named = api::required_text_parameter(call, "user", kNameBytes);
  if (const auto* problem = std::get_if<Problem>(&named)) return refuse(*problem);
  const auto& user = std::get<std::string>(named);
  const auto decide = [this, user,
                       reason = std::get<std::string>(std::move(reason))](store::Transaction&) -> Decided {
    const std::vector<std::string> owners = settings_.owners();
    const bool known = std::find(owners.begin(), owners.end(), user) != owners.end();
    const std::size_t drawn = limiter_.drawn_of(user);
    Value body = Value::object(
        {{"user", user},
         {"reset", drawn},
         {"note", known ? "every bucket of this owner's keys is full again" : "no live key has this owner"}});
    if (!known) {
      Value names = Value::array();
      for (std::size_t i = 0; i < std::min(owners.size(), kMostOwnersShown); ++i) names.push(owners[i]);
      body.set("known_owners", std::move(names));
    }
    Change change{api::answer(body), audit_of("rate_limit.reset", gate::shortened(user, kNameBytes), reason),
                  [this, user] { limiter_.fill_of(user); }};
    change.audit.before = Value::object({{"drawn_buckets", drawn}});
    change.audit.after = Value::object({{"drawn_buckets", 0}});
    return change;
  };
  api::make_change(core_.store, core_.clock, std::move(call), decide, respond);
}

std::vector<api::Route> RateLimitService::routes() {
  api::Route status = row("GET", "/api/v1/rate-limit/status", "getRateLimitStatus",
                          "The limits of this key and what is left of them; an admin sees every key's.");
  status.reply_schema = status_schema();
  status.handler = api::answering([this](const Call& call) { return this->status(call); });

  api::Route events = row("GET", "/api/v1/rate-limit/events", "getRateLimitEvents",
                          "Requests that were refused, by minute, owner and limit.");
  events.query = {{"hours", R"({"type":"integer","minimum":1,"maximum":720})", "how far back; 1 by default"}};
  events.reply_schema = events_schema();
  events.handler = api::answering([this](const Call& call) { return this->events(call); });

  api::Route config = row("GET", "/api/v1/rate-limit/config", "getRateLimitConfig",
                          "The overrides in force, and what holds without them.");
  config.reply_schema = config_schema();
  config.handler = api::answering([this](const Call& call) { return this->config(call); });

  api::Route configure = row("POST", "/api/v1/rate-limit/config", "configureRateLimit",
                             "Overrides the limit of an endpoint group or a class, for a while.");
  configure.body_required = true;
  configure.request_schema = override_request_schema();
  configure.reply_schema = configured_schema();
  configure.handler = [this](Call call, const http::Responder& respond) {
    this->configure(std::move(call), respond);
  };

  api::Route end = row("DELETE", "/api/v1/rate-limit/config", "endRateLimitOverride",
                       "Ends the override of an endpoint group or a class, from this moment on.");
  end.body_limit = 0;
  end.request_schema = {};
  end.query = {{"endpoint", R"({"type":"string","minLength":1,"maxLength":128})", "whose override"},
               {"reason", R"({"type":"string","maxLength":500})", "kept in the audit log"}};
  end.reply_schema = ended_schema();
  end.handler = [this](Call call, const http::Responder& respond) { this->end(std::move(call), respond); };

  api::Route clear =
      row("POST", "/api/v1/rate-limit/clear", "clearRateLimits", "Makes all buckets full again.");
  clear.reply_schema = cleared_schema();
  clear.handler = [this](Call call, const http::Responder& respond) {
    this->clear(std::move(call), respond);
  };

  api::Route reset = row("POST", "/api/v1/rate-limit/reset", "resetRateLimit",
                         "Makes the buckets of one owner's keys full again.");
  reset.query = {{"user", R"({"type":"string","minLength":1,"maxLength":128})", "the owner of the keys"}};
  reset.reply_schema = reset_schema();
  reset.handler = [this](Call call, const http::Responder& respond) {
    this->reset(std::move(call), respond);
  };
  return {std::move(status), std::move(events), std::move(config), std::move(configure),
          std::move(end),    std::move(clear),  std::move(reset)};
}

}  // namespace server::limits
