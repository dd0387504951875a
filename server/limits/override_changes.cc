// How overrides are made and ended: the part of RateLimitService that is asked seldom.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "server/api/body.h"
#include "server/limits/override_table.h"
#include "server/limits/rate_limit_service.h"
#include "server/limits/rate_limit_views.h"

namespace server::limits {
namespace {

using api::Call;
using api::Change;
using api::Problem;
using gate::Value;

constexpr std::int64_t kMostRequests = 100'000;
constexpr std::int64_t kShortestWindow = 1'000;
constexpr std::int64_t kLongestWindow = 3'600'000;
constexpr std::int64_t kShortestLife = 1'000;
constexpr std::int64_t kDefaultLife = 3'600'000;
constexpr std::int64_t kLongestLife = 86'400'000;

using Decided = gate::Result<std::variant<Change, Problem>>;

// Whether an override may be for it, which is then a group of the route table or a class.
void check_endpoint(api::BodyReader& body, const std::string& endpoint,
                    const std::vector<std::string>& groups) {
  if (endpoint == name_of(RateClass::rollback)) {
    return body.fault("endpoint", "must not be rollback: nothing overrides its limit");
  }
  if (endpoint == name_of(RateClass::admin) || endpoint == kLimitGroup) {
    return body.fault("endpoint",
                      fmt::format("must not be {}: whoever undoes an override draws on its limit", endpoint));
  }
  std::vector<std::string_view> known{groups.begin(), groups.end()};
  known.erase(std::remove(known.begin(), known.end(), kLimitGroup), known.end());
  for (const RateClass rate_class : kRateClasses) {
    if (rate_class != RateClass::rollback && rate_class != RateClass::admin)
      known.push_back(name_of(rate_class));
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

double per_second(const Rate& rate) {
  return 1000.0 * rate.requests / static_cast<double>(rate.window.count());
}

// What an override takes away from a steady stream of requests; empty: nothing.
std::string shortfall(const Rate& made, const std::vector<RateClass>& classes) {
  std::vector<std::string> higher;
  for (const RateClass rate_class : classes) {
    const Rate usual = default_rate(rate_class);
    if (rate_class != RateClass::rollback && per_second(made) < per_second(usual))
      higher.push_back(fmt::format("{} has {:.3g}/s", name_of(rate_class), per_second(usual)));
  }
  if (higher.empty()) return {};
  return fmt::format("; for a steady stream this is the lower limit: {:.3g}/s, and by default {}",
                     per_second(made), gate::join(higher, ", "));
}

Value configured(const Override& made, const Override* replaced, const std::vector<RateClass>& classes) {
  Value body = Value::object({{"override", shown(made)}});
  body.set("note", "keys with rates of their own keep them, and rollbacks keep theirs" +
                       shortfall(made.rate, classes));
  if (replaced != nullptr) body.set("replaced", shown(*replaced));
  return body;
}

Problem no_override(const std::string& endpoint, const std::vector<Override>& overrides) {
  std::vector<std::string_view> known;
  for (const Override& each : overrides) known.push_back(each.endpoint);
  return {"not_found",
          fmt::format("no override of {} is in force{}", gate::json_quoted(endpoint),
                      gate::did_you_mean(endpoint, known)),
          {{"?endpoint", "has no override"}},
          {}};
}

// The change with the ETag of what is in force after it.
Decided with_etag(Change change, store::Transaction& transaction, gate::Timestamp now) {
  const auto in_force = load_overrides(transaction, now);
  if (!in_force) return in_force.error();
  change.answer.headers.emplace_back("etag", etag_of(*in_force));
  return change;
}

}  // namespace

std::vector<RateClass> RateLimitService::classes_of(const std::string& endpoint) const {
  if (const auto own = rate_class_named(endpoint)) return {*own};
  return settings_.classes(endpoint);
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
  made.owner = call.caller.owner;
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
    Change change{api::answer(configured(made, replaced, classes_of(made.endpoint))), {}, [this, made] {
                    limiter_.put_override(made);
                  }};
    change.audit.action = "rate_limit.configured";
    change.audit.subject = made.endpoint;
    change.audit.reason = made.reason;
    if (replaced != nullptr) change.audit.before = shown(*replaced);
    change.audit.after = shown(made);
    return with_etag(std::move(change), transaction, made.set_at);
  };
  api::make_change(core_.store, core_.clock, std::move(call), decide, respond);
}

void RateLimitService::end(Call call, const http::Responder& respond) {
  const auto refuse = [&](const Problem& problem) {
    respond(api::as_response(problem, call.head.correlation_id));
  };
  const auto named = api::required_text_parameter(call, "endpoint", kNameBytes);
  if (const auto* problem = std::get_if<Problem>(&named)) return refuse(*problem);
  const auto reason = api::text_parameter(call, "reason", kReasonBytes);
  if (const auto* problem = std::get_if<Problem>(&reason)) return refuse(*problem);
  const auto decide = [this, call, endpoint = std::get<std::string>(named),
                       why = std::get<std::string>(reason)](store::Transaction& transaction) -> Decided {
    const gate::Timestamp now = core_.clock.now();
    const auto overrides = load_overrides(transaction, now);
    if (!overrides) return overrides.error();
    const Override* found = override_for(*overrides, endpoint);
    if (found == nullptr) return no_override(endpoint, *overrides);
    if (auto problem = api::check_if_match(call, etag_of(*overrides))) return std::move(*problem);
    if (auto ended = end_override(transaction, endpoint, now); !ended) return ended.error();
    Change change{api::answer(Value::object(
                      {{"ended", shown(*found)}, {"note", "what holds without it holds again, at once"}})),
                  {},
                  [this, endpoint] { limiter_.end_override(endpoint); }};
    change.audit.action = "rate_limit.override_ended";
    change.audit.subject = endpoint;
    change.audit.reason = why;
    change.audit.before = shown(*found);
    return with_etag(std::move(change), transaction, now);
  };
  api::make_change(core_.store, core_.clock, std::move(call), decide, respond);
}

}  // namespace server::limits
