#include "server/limits/rate_limit_service.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
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

constexpr std::string_view kGroup = "rateLimitManagement";
constexpr std::int64_t kMostRequests = 100'000;
constexpr std::int64_t kShortestWindow = 1'000;
constexpr std::int64_t kLongestWindow = 3'600'000;
constexpr std::int64_t kShortestLife = 1'000;
constexpr std::int64_t kDefaultLife = 3'600'000;
constexpr std::int64_t kLongestLife = 86'400'000;
constexpr std::int64_t kMostHours = 720;
constexpr std::size_t kNameBytes = 128;
constexpr std::size_t kReasonBytes = 500;
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

// Whether an override may be for it, which is then a group of the route table or a class.
void check_endpoint(api::BodyReader& body, const std::string& endpoint,
                    const std::vector<std::string>& groups) {
  if (endpoint == name_of(RateClass::rollback)) {
    return body.fault("endpoint", "must not be rollback: nothing overrides its limit");
  }
  std::vector<std::string_view> known{groups.begin(), groups.end()};
  for (const RateClass rate_class : kRateClasses) {
    if (rate_class != RateClass::rollback) known.push_back(name_of(rate_class));
  }
  if (std::find(known.begin(), known.end(), endpoint) != known.end()) return;
  body.fault("endpoint",
             fmt::format("is none of {}{}", fmt::join(known, ", "), gate::did_you_mean(endpoint, known)));
}

const Override* override_for(const std::vector<Override>& overrides, const std::string& endpoint) {
  const auto found = std::find_if(overrides.begin(), overrides.end(),
                                  [&](const Override& each) { return each.endpoint == endpoint; });
  return found == overrides.end() ? nullptr : &*found;
}

Value configured(const Override& made, const Override* replaced) {
  Value body = Value::object({{"override", shown(made)},
                              {"note", "keys with rates of their own keep them, and rollbacks keep theirs"}});
  if (replaced != nullptr) body.set("replaced", shown(*replaced));
  return body;
}

api::Route row(std::string_view method, std::string_view path, std::string_view name,
               std::string_view summary) {
  api::Route route;
  route.method = method;
  route.path = path;
  route.endpoint = kGroup;
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

std::variant<Override, Problem> RateLimitService::read_override(const Call& call) const {
  auto document = api::json_body(call);
  if (auto* problem = std::get_if<Problem>(&document)) return std::move(*problem);
  api::BodyReader body{std::get<gate::load::Document>(document)};
  for (const std::string_view name : {"endpoint", "maxRequests", "windowMs"}) body.require(name);
  Override made;
  made.endpoint = body.text("endpoint", kNameBytes).value_or("");
  if (!made.endpoint.empty()) check_endpoint(body, made.endpoint, settings_.endpoints());
  made.rate.requests = static_cast<std::uint32_t>(body.integer("maxRequests", 1, kMostRequests).value_or(1));
  made.rate.window =
      std::chrono::milliseconds{body.integer("windowMs", kShortestWindow, kLongestWindow).value_or(1)};
  const auto life = body.integer("expiresInMs", kShortestLife, kLongestLife).value_or(kDefaultLife);
  made.reason = body.text("reason", kReasonBytes).value_or("");
  if (auto problem = body.finish()) return std::move(*problem);
  made.set_by = call.caller.id;
  made.set_at = core_.clock.now();
  made.expires_at = made.set_at + std::chrono::milliseconds{life};
  return made;
}

void RateLimitService::configure(Call call, const http::Responder& respond) {
  const auto read = read_override(call);
  if (const auto* problem = std::get_if<Problem>(&read)) {
    return respond(api::as_response(*problem, call.head.correlation_id));
  }
  const auto decide = [this, call,
                       made = std::get<Override>(read)](store::Transaction& transaction) mutable -> Decided {
    auto overrides = load_overrides(transaction, made.set_at);
    if (!overrides) return overrides.error();
    if (auto problem = api::check_if_match(call, etag_of(*overrides))) return std::move(*problem);
    const Override* replaced = override_for(*overrides, made.endpoint);
    if (auto inserted = insert_override(transaction, made); !inserted) return inserted.error();
    Change change{api::answer(configured(made, replaced)),
                  audit_of("rate_limit.configured", made.endpoint, made.reason),
                  [this, made] { limiter_.put_override(made); }};
    if (replaced != nullptr) change.audit.before = shown(*replaced);
    change.audit.after = shown(made);
    auto now_in_force = load_overrides(transaction, made.set_at);
    if (!now_in_force) return now_in_force.error();
    change.answer.headers.emplace_back("etag", etag_of(*now_in_force));
    return change;
  };
  api::make_change(core_.store, core_.clock, std::move(call), decide, respond);
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
  const std::string user{call.head.parameter("user").value_or("")};
  if (user.empty() || user.size() > kNameBytes) {
    return refuse({"invalid_request",
                   fmt::format("user must name the owner of keys, in 1 to {} bytes", kNameBytes),
                   {{"?user", "is required"}},
                   {}});
  }
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
  return {std::move(status),    std::move(events), std::move(config),
          std::move(configure), std::move(clear),  std::move(reset)};
}

}  // namespace server::limits
