#include "server/data/choice.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"

namespace server::data {
namespace {

std::string reachable(const DataSettings& settings, const auth::Principal& caller) {
  std::string names;
  for (const Service& service : settings.services) {
    if (!caller.may_reach(service.name)) continue;
    names += (names.empty() ? "" : ", ") + service.name;
  }
  return names.empty() ? "none that this key reaches" : names;
}

api::Problem wrong_header(std::string_view header, std::string why) {
  std::string detail = fmt::format("{} {}", header, why);
  return {"invalid_request", std::move(detail), {{std::string{header}, std::move(why)}}, {}};
}

// The name that is asked for; empty where nothing decides.
std::string_view wanted_service(const DataSettings& settings, const http::Head& head) {
  if (const auto asked = head.find_header("x-service")) return *asked;
  if (!settings.default_service.empty()) return settings.default_service;
  return settings.services.size() == 1 ? std::string_view{settings.services.front().name}
                                       : std::string_view{};
}

std::variant<Choice, api::Problem> choose_service(const DataSettings& settings, const api::Call& call) {
  const std::string_view name = wanted_service(settings, call.head);
  if (name.empty()) return wrong_header("X-Service", "must name one of: " + reachable(settings, call.caller));
  const std::string shown = gate::json_quoted(gate::shortened(name, 64));
  if (!call.caller.may_reach(name))
    return api::Problem{"forbidden", fmt::format("this key does not reach the service {}", shown), {}, {}};
  const auto& all = settings.services;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Service& one) { return one.name == name; });
  if (found != all.end()) return Choice{static_cast<std::size_t>(found - all.begin()), Track::stable};
  return wrong_header("X-Service", fmt::format("names no service: {} (there are: {})", shown,
                                               reachable(settings, call.caller)));
}

}  // namespace

std::variant<Choice, api::Problem> choose(const DataSettings& settings, const api::Call& call) {
  if (settings.services.empty())
    return api::Problem{"not_configured", "server.toml names no service to forward to", {}, {}};
  auto chosen = choose_service(settings, call);
  auto* choice = std::get_if<Choice>(&chosen);
  const auto test = call.head.find_header("x-canary-test");
  if (choice == nullptr || !test || gate::equal_ignoring_case(*test, "false")) return chosen;
  if (!gate::equal_ignoring_case(*test, "true"))
    return wrong_header("X-Canary-Test", "must be true or false");
  const Service& service = settings.services[choice->service];
  if (service.canary.empty())
    return api::Problem{"not_configured", fmt::format("the service {} has no canary", service.name), {}, {}};
  choice->track = Track::canary;
  return chosen;
}

}  // namespace server::data
