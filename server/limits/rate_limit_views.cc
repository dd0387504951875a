#include "server/limits/rate_limit_views.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "gate/base/hash.h"

namespace server::limits {
namespace {

using gate::Value;

constexpr std::size_t kMostBuckets = 500;
constexpr std::size_t kMostMinutes = 2'000;
constexpr std::size_t kMostTotals = 500;

std::int64_t whole_milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::ceil<std::chrono::milliseconds>(duration).count();
}

void set_rate(Value& body, const Rate& rate) {
  body.set("requests", rate.requests);
  body.set("window_ms", rate.window.count());
}

void set_state(Value& body, const Rate& rate, const Decision& decision) {
  set_rate(body, rate);
  body.set("remaining", decision.remaining);
  body.set("retry_in_ms", whole_milliseconds(decision.retry_after));
  body.set("full_in_ms", whole_milliseconds(decision.reset_after));
}

// The limit of the endpoint itself; nullopt where each request goes by its class.
std::optional<Outcome> own_limit(const Limiter& limiter, const Holder& holder, std::string_view endpoint) {
  for (const RateClass rate_class : kRateClasses) {
    const Outcome outcome = limiter.look(holder, rate_class, endpoint);
    if (outcome.limit == endpoint) return outcome;
  }
  return std::nullopt;
}

Value totals(const std::vector<Refused>& minutes) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> sums;
  for (const Refused& each : minutes) sums[{each.owner, each.limit}] += each.requests;
  Value all = Value::array();
  std::size_t listed = 0;
  for (const auto& [of, requests] : sums) {
    if (++listed > kMostTotals) break;
    all.push(Value::object(
        {{"owner", of.first}, {"limit", of.second}, {"refused", static_cast<std::int64_t>(requests)}}));
  }
  return all;
}

}  // namespace

Value shown(const Override& made) {
  Value body = Value::object({{"endpoint", made.endpoint}});
  set_rate(body, made.rate);
  body.set("reason", made.reason);
  body.set("set_by", made.set_by);
  body.set("owner", made.owner);
  body.set("set_at", gate::to_string(made.set_at));
  body.set("expires_at", gate::to_string(made.expires_at));
  return body;
}

Value shown(const std::vector<Override>& overrides) {
  Value all = Value::array();
  for (const Override& each : overrides) all.push(shown(each));
  return all;
}

Value shown_classes(const Limiter& limiter, const Holder& holder) {
  Value all = Value::array();
  for (const RateClass rate_class : kRateClasses) {
    const Outcome outcome = limiter.look(holder, rate_class, {});
    Value body = Value::object({{"class", name_of(rate_class)}, {"source", name_of(outcome.source)}});
    set_state(body, outcome.rate, outcome.decision);
    all.push(std::move(body));
  }
  return all;
}

Value shown_endpoints(const Limiter& limiter, const Holder& holder,
                      const std::vector<std::string>& endpoints) {
  Value all = Value::array();
  for (const std::string& endpoint : endpoints) {
    const auto outcome = own_limit(limiter, holder, endpoint);
    Value body = Value::object({{"endpoint", endpoint}, {"source", outcome ? "override" : "class"}});
    if (outcome) set_state(body, outcome->rate, outcome->decision);
    all.push(std::move(body));
  }
  return all;
}

Value shown_defaults() {
  Value all = Value::array();
  for (const RateClass rate_class : kRateClasses) {
    Value body = Value::object({{"class", name_of(rate_class)}});
    set_rate(body, default_rate(rate_class));
    all.push(std::move(body));
  }
  return all;
}

void show_buckets(Value& body, const std::vector<BucketState>& buckets) {
  Value all = Value::array();
  const std::size_t listed = std::min(buckets.size(), kMostBuckets);
  for (std::size_t i = 0; i < listed; ++i) {
    const BucketState& bucket = buckets[i];
    Value one = Value::object({{"owner", bucket.owner}, {"key", bucket.holder}, {"limit", bucket.limit}});
    set_state(one, bucket.rate, bucket.decision);
    all.push(std::move(one));
  }
  body.set("buckets", std::move(all));
  body.set("buckets_omitted", buckets.size() - listed);
}

Value shown_events(const RefusedSince& refused, std::string_view owner) {
  std::vector<Refused> minutes;
  std::copy_if(refused.minutes.begin(), refused.minutes.end(), std::back_inserter(minutes),
               [&](const Refused& each) { return owner.empty() || each.owner == owner; });
  std::uint64_t requests = 0;
  Value listed = Value::array();
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    requests += minutes[i].requests;
    if (i >= kMostMinutes) continue;
    listed.push(Value::object({{"minute", gate::to_string(minutes[i].minute)},
                               {"owner", minutes[i].owner},
                               {"limit", minutes[i].limit},
                               {"refused", static_cast<std::int64_t>(minutes[i].requests)}}));
  }
  const std::size_t omitted = minutes.size() - std::min(minutes.size(), kMostMinutes);
  return Value::object({{"counted_since", gate::to_string(refused.counted_since)},
                        {"forgotten", static_cast<std::int64_t>(refused.forgotten)},
                        {"refused", static_cast<std::int64_t>(requests)},
                        {"by_limit", totals(minutes)},
                        {"minutes", std::move(listed)},
                        {"minutes_omitted", omitted}});
}

std::string etag_of(const std::vector<Override>& overrides) {
  std::string ids;
  for (const Override& each : overrides) ids += fmt::format("{} ", each.id);
  return fmt::format("\"{}\"", gate::sha256_hex(ids).substr(0, 16));
}

}  // namespace server::limits
