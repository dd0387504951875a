#include "server/auth/key_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/glob.h"
#include "server/api/body.h"

namespace server::auth {
namespace {

using api::BodyReader;
using api::Problem;
using limits::Rate;

constexpr std::size_t kOwnerBytes = 64;
constexpr std::size_t kMostServices = 32;
constexpr std::size_t kServiceBytes = 128;
constexpr std::size_t kReasonBytes = 500;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_made_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_alphanumeric(c) || others.find(c) != std::string_view::npos; });
}

void read_owner(BodyReader& body, KeyRecord& key) {
  body.require("owner");
  const auto owner = body.text("owner", kOwnerBytes);
  if (!owner) return;
  if (owner->empty() || !is_alphanumeric(owner->front()) || !is_made_of(*owner, "._@+-")) {
    body.fault("owner", "must be letters, digits and . _ @ + -, and begin with a letter or a digit");
  }
  key.owner = *owner;
}

void read_role(BodyReader& body, std::string_view name, KeyRecord& key) {
  if (const Role* role = role_named(name)) {
    key.role = role->name;
    key.scopes = role->scopes;
    return;
  }
  std::vector<std::string_view> names;
  for (const Role& role : roles()) names.push_back(role.name);
  body.fault("role", fmt::format("is none of {}{}", fmt::join(names, ", "), gate::did_you_mean(name, names)));
}

void read_scopes(BodyReader& body, const std::vector<std::string>& wanted, KeyRecord& key) {
  std::vector<std::string_view> names;
  for (const Scope scope : kScopes) names.push_back(name_of(scope));
  for (const std::string& name : wanted) {
    if (const auto scope = scope_named(name)) {
      key.scopes.add(*scope);
    } else {
      body.fault("scopes", fmt::format("has a scope that is none of {}{}", fmt::join(names, ", "),
                                       gate::did_you_mean(name, names)));
    }
  }
  if (wanted.empty()) body.fault("scopes", "must name at least one scope");
}

void read_power(BodyReader& body, KeyRecord& key) {
  const auto role = body.text("role", kOwnerBytes);
  const auto scopes = body.texts("scopes", kScopes.size(), kOwnerBytes);
  if (role && scopes) body.fault("scopes", "must not come with a role");
  if (!role && !scopes) body.fault("role", "or scopes is required");
  if (role) read_role(body, *role, key);
  if (!role && scopes) read_scopes(body, *scopes, key);
}

void read_life(BodyReader& body, const Principal& maker, KeyRecord& key, gate::Timestamp now) {
  const auto length = body.text("expires_in", kOwnerBytes);
  const auto moment = body.text("expires_at", kOwnerBytes);
  const std::string_view name = moment ? "expires_at" : "expires_in";
  key.expires_at = now + kDefaultLife;
  if (!length && !moment && maker.expires_at) key.expires_at = std::min(key.expires_at, *maker.expires_at);
  if (length && moment) return body.fault("expires_at", "must not come with expires_in");
  if (length) {
    const auto parsed = gate::parse_duration(*length);
    if (!parsed) return body.fault(name, "must be a duration, as in 90d or 12h");
    key.expires_at = now + *parsed;
  }
  if (moment) {
    const auto parsed = gate::parse_moment(*moment);
    if (!parsed) return body.fault(name, "must be a date or a time (RFC 3339)");
    key.expires_at = *parsed;
  }
  if (key.expires_at <= now) body.fault(name, "is in the past");
  if (key.expires_at > now + kLongestLife) body.fault(name, "must be within 366 days");
}

// What is about all services cannot be had for some of them.
void check_narrowed(BodyReader& body, const KeyRecord& key) {
  if (key.services.empty()) return;
  std::vector<std::string_view> over_all;
  for (const Scope scope : kScopesOverAll) {
    if (key.scopes.has(scope)) over_all.push_back(name_of(scope));
  }
  if (over_all.empty()) return;
  body.fault("services", fmt::format("must not be named: {} {} about all services", fmt::join(over_all, ", "),
                                     over_all.size() == 1 ? "is" : "are"));
}

void read_reach(BodyReader& body, KeyRecord& key) {
  if (auto services = body.texts("services", kMostServices, kServiceBytes)) {
    key.services = std::move(*services);
    const bool fine = std::all_of(key.services.begin(), key.services.end(),
                                  [](const std::string& glob) { return is_made_of(glob, "._-/*?"); });
    if (!fine) body.fault("services", "must be globs of letters, digits and . _ - / * ?");
  }
  if (const auto texts = body.texts("rates", limits::kRateClasses.size(), kServiceBytes)) {
    if (auto rates = parse_rates(*texts)) {
      key.rates = std::move(*rates);
    } else {
      body.fault("rates", rates.error().message);
    }
  }
}

// Whether the maker reaches all that the glob does: it is his own word for word, or has no wildcard.
bool covers(const Principal& maker, const std::string& glob) {
  const auto& own = maker.services;
  return own.empty() || std::find(own.begin(), own.end(), glob) != own.end() ||
         (!gate::is_glob(glob) && maker.may_reach(glob));
}

// Neither more at once nor more in the long run.
bool is_within(const Rate& rate, const Rate& limit) {
  return rate.requests <= limit.requests &&
         rate.requests * limit.window.count() <= limit.requests * rate.window.count();
}

Problem forbidden(std::string why) {
  return {"forbidden", std::move(why), {}, {}};
}

std::optional<Problem> check_life(const Principal& maker, const KeyRecord& key) {
  if (!maker.expires_at || key.expires_at <= *maker.expires_at) return std::nullopt;
  return forbidden(fmt::format("a key cannot make one that outlives it: it ends at {}",
                               gate::to_string(*maker.expires_at)));
}

std::optional<Problem> check_rates(const Principal& maker, const limits::OwnRates& rates) {
  for (const auto& [rate_class, rate] : rates) {
    const auto own = maker.rates.find(rate_class);
    if (is_within(rate, limits::default_rate(rate_class))) continue;
    if (own != maker.rates.end() && is_within(rate, own->second)) continue;
    return forbidden(fmt::format("a key cannot give {} requests a higher rate than the default and its own",
                                 limits::name_of(rate_class)));
  }
  return std::nullopt;
}

std::optional<Problem> check_power(const Principal& maker, const KeyRecord& key) {
  for (const Scope scope : key.scopes.list()) {
    if (maker.scopes.has(scope)) continue;
    return forbidden(fmt::format("a key cannot give the scope {}, which it does not have", name_of(scope)));
  }
  const bool within = (maker.services.empty() || !key.services.empty()) &&
                      std::all_of(key.services.begin(), key.services.end(),
                                  [&](const std::string& glob) { return covers(maker, glob); });
  if (within) return std::nullopt;
  return forbidden("a key cannot give services that are out of its own reach");
}

std::optional<Problem> check_maker(const Principal& maker, const KeyRecord& key) {
  if (maker.is_local_owner()) return std::nullopt;
  if (auto problem = check_power(maker, key)) return problem;
  if (auto problem = check_life(maker, key)) return problem;
  return check_rates(maker, key.rates);
}

}  // namespace

std::variant<KeyRequest, Problem> read_key_request(const api::Call& call, gate::Timestamp now) {
  auto document = api::json_body(call);
  if (auto* problem = std::get_if<Problem>(&document)) return std::move(*problem);
  BodyReader body{std::get<gate::load::Document>(document)};
  KeyRequest request;
  request.key.created_at = now;
  read_owner(body, request.key);
  read_power(body, request.key);
  read_life(body, call.caller, request.key, now);
  read_reach(body, request.key);
  check_narrowed(body, request.key);
  request.reason = body.text("reason", kReasonBytes).value_or("");
  if (auto problem = body.finish()) return std::move(*problem);
  if (auto problem = check_maker(call.caller, request.key)) return std::move(*problem);
  return request;
}

}  // namespace server::auth
