#include "server/limits/limiter.h"

#include <algorithm>
#include <mutex>
#include <tuple>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace server::limits {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// 100,000 buckets in all. Addresses have their own, so that nobody without a key pushes out a key's.
constexpr std::size_t kKeyBuckets = 80'000;
constexpr std::size_t kNetworkBuckets = 20'000;
constexpr std::size_t kRefusedMinutes = 20'000;
constexpr Rate kFailedAuthentications{20, milliseconds{120'000}};
constexpr std::string_view kAuthentication = "authentication";

observe::Counter& refused_counter(observe::Metrics& metrics, std::string_view rate_class) {
  return metrics.counter("release_gate_rate_limited_requests_total", "Requests refused by a rate limit.",
                         {{"class", std::string{rate_class}}});
}

std::map<RateClass, observe::Counter*> refused_counters(observe::Metrics& metrics) {
  std::map<RateClass, observe::Counter*> counters;
  for (const RateClass rate_class : kRateClasses) {
    counters[rate_class] = &refused_counter(metrics, name_of(rate_class));
  }
  return counters;
}

// The /64 of an IPv6 address, which one subscriber has all of; an IPv4 address as it is.
std::string network_of(std::string_view address) {
  if (address.find(':') == std::string_view::npos) return std::string{address};
  const std::size_t gap = address.find("::");
  std::vector<std::string_view> groups = gate::split(address.substr(0, gap), ':');
  if (gap != std::string_view::npos) {
    if (gap == 0) groups.clear();
    const std::string_view behind = address.substr(gap + 2);
    const auto tail = behind.empty() ? std::vector<std::string_view>{} : gate::split(behind, ':');
    while (groups.size() + tail.size() < 8) groups.emplace_back("0");
    groups.insert(groups.end(), tail.begin(), tail.end());
  }
  groups.resize(std::min<std::size_t>(groups.size(), 4));
  return fmt::format("{}::/64", fmt::join(groups, ":"));
}

std::int64_t whole_seconds(nanoseconds duration) {
  return std::chrono::ceil<seconds>(duration).count();
}

}  // namespace

std::string_view name_of(Source source) {
  switch (source) {
    case Source::standard: return "default";
    case Source::own: return "key";
    case Source::overridden: return "override";
  }
  return "?";
}

http::Headers headers_of(const Outcome& outcome) {
  if (outcome.limit.empty()) return {};
  const std::uint32_t quota = outcome.rate.requests;
  const std::uint32_t left = outcome.decision.remaining;
  const std::int64_t reset = whole_seconds(outcome.decision.reset_after);
  http::Headers headers = {
      {"ratelimit-policy",
       fmt::format("\"{}\";q={};w={}", outcome.limit, quota, whole_seconds(outcome.rate.window))},
      {"ratelimit", fmt::format("\"{}\";r={};t={}", outcome.limit, left, reset)},
      {"ratelimit-limit", fmt::format("{}", quota)},
      {"ratelimit-remaining", fmt::format("{}", left)},
      {"ratelimit-reset", fmt::format("{}", reset)},
  };
  if (!outcome.decision.allowed) {
    const std::int64_t wait = std::max<std::int64_t>(1, whole_seconds(outcome.decision.retry_after));
    headers.emplace_back("retry-after", fmt::format("{}", wait));
  }
  return headers;
}

Limiter::Limiter(const gate::ports::Clock& clock, observe::Metrics& metrics)
    : clock_(clock),
      refused_(refused_counters(metrics)),
      refused_authentication_(refused_counter(metrics, kAuthentication)),
      keys_(kKeyBuckets),
      networks_(kNetworkBuckets),
      refusals_(clock.now(), kRefusedMinutes) {}

const Limiter::Overrides::value_type* Limiter::override_of(std::string_view endpoint,
                                                           gate::Timestamp now) const {
  const auto found = overrides_.find(endpoint);
  return found != overrides_.end() && now < found->second.expires_at ? &*found : nullptr;
}

Limiter::Choice Limiter::choose(const Holder& holder, RateClass rate_class, std::string_view endpoint) const {
  const std::string_view name = name_of(rate_class);
  Choice choice{{holder.key, name, 0}, {name, default_rate(rate_class), Source::standard, {}}};
  if (const auto own = holder.rates.find(rate_class); own != holder.rates.end()) {
    choice.outcome.rate = own->second;
    choice.outcome.source = Source::own;
    return choice;
  }
  if (rate_class == RateClass::rollback || !has_overrides_) return choice;
  const std::shared_lock lock{mutex_};
  const gate::Timestamp now = clock_.now();
  const auto* found = override_of(endpoint, now);
  if (found == nullptr) found = override_of(name, now);
  if (found == nullptr) return choice;
  const auto& [limit, made] = *found;
  return {{holder.key, limit, made.id}, {limit, made.rate, Source::overridden, {}}};
}

void Limiter::refuse(std::string_view owner, std::string_view limit, observe::Counter& counter) {
  counter.add();
  refusals_.add(clock_.now(), owner, limit);
}

Outcome Limiter::take(const Holder& holder, RateClass rate_class, std::string_view endpoint) {
  if (rate_class == RateClass::none) return {};
  auto [bucket, outcome] = choose(holder, rate_class, endpoint);
  outcome.decision = keys_.take(bucket, holder.owner, outcome.rate, clock_.elapsed());
  if (!outcome.decision.allowed) refuse(holder.owner, outcome.limit, *refused_.at(rate_class));
  return outcome;
}

Outcome Limiter::look(const Holder& holder, RateClass rate_class, std::string_view endpoint) const {
  if (rate_class == RateClass::none) return {};
  auto [bucket, outcome] = choose(holder, rate_class, endpoint);
  outcome.decision = keys_.look(bucket, outcome.rate, clock_.elapsed());
  return outcome;
}

Outcome Limiter::may_authenticate(std::string_view address) {
  const std::string network = network_of(address);
  Outcome outcome{kAuthentication, kFailedAuthentications, Source::standard, {}};
  outcome.decision = networks_.look({network, kAuthentication, 0}, kFailedAuthentications, clock_.elapsed());
  if (!outcome.decision.allowed) refuse({}, kAuthentication, refused_authentication_);
  return outcome;
}

void Limiter::authentication_failed(std::string_view address) {
  networks_.take({network_of(address), kAuthentication, 0}, {}, kFailedAuthentications, clock_.elapsed());
}

void Limiter::set_overrides(std::vector<Override> overrides) {
  const std::unique_lock lock{mutex_};
  for (auto& [endpoint, each] : overrides_) each.expires_at = {};
  for (Override& each : overrides) overrides_.insert_or_assign(each.endpoint, std::move(each));
  has_overrides_ = !overrides_.empty();
}

void Limiter::put_override(Override made) {
  const std::unique_lock lock{mutex_};
  overrides_.insert_or_assign(made.endpoint, std::move(made));
  has_overrides_ = true;
}

void Limiter::end_override(std::string_view endpoint) {
  const std::unique_lock lock{mutex_};
  if (const auto found = overrides_.find(endpoint); found != overrides_.end()) found->second.expires_at = {};
}

std::vector<Override> Limiter::overrides() const {
  const std::shared_lock lock{mutex_};
  const gate::Timestamp now = clock_.now();
  std::vector<Override> in_force;
  for (const auto& [endpoint, each] : overrides_) {
    if (now < each.expires_at) in_force.push_back(each);
  }
  return in_force;
}

std::vector<BucketState> Limiter::buckets() const {
  std::vector<BucketState> all = keys_.drawn(clock_.elapsed());
  std::sort(all.begin(), all.end(), [](const BucketState& a, const BucketState& b) {
    return std::tie(b.decision.reset_after, a.owner, a.holder, a.limit) <
           std::tie(a.decision.reset_after, b.owner, b.holder, b.limit);
  });
  return all;
}

}  // namespace server::limits
