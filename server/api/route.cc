#include "server/api/route.h"

#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace server::api {
namespace {

// What a row lacks, or empty.
std::string fault_of(const Route& route) {
  const bool by_key = std::holds_alternative<auth::Scope>(route.access);
  const bool is_safe = route.method == "GET";
  if (route.method.empty()) return "it has no method";
  if (!route.path.starts_with('/')) return "it has no path";
  if (route.name.empty()) return "it has no name";
  if (route.summary.empty()) return "it has no summary";
  if (route.endpoint.empty()) return "it has no endpoint group";
  if (std::holds_alternative<std::monostate>(route.access)) return "it declares no access";
  if (by_key && route.rate_class == limits::RateClass::none) return "it declares no rate class";
  if (route.idempotency == Idempotency::undeclared) return "it does not declare its idempotency";
  if (is_safe && route.idempotency != Idempotency::safe) return "a GET changes nothing";
  if (is_safe && route.body_limit != 0) return "a GET takes no body";
  if (route.body_required && route.body_limit == 0) return "it needs a body and takes none";
  if (!route.handler) return "it has no handler";
  const std::size_t brace = route.path.find('{');
  if (brace != std::string_view::npos && !route.path.ends_with("/{rest}"))
    return "only a last {rest} is variable";
  return {};
}

}  // namespace

gate::Status check_routes(std::span<const Route> routes) {
  std::set<std::pair<std::string_view, std::string_view>> answered;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const Route& route = routes[i];
    std::string fault = fault_of(route);
    if (fault.empty() && !answered.emplace(route.method, route.path).second)
      fault = "another row answers the same";
    if (fault.empty() && !names.insert(route.name).second) fault = "another row has its name";
    if (fault.empty()) continue;
    return gate::Error{gate::ErrorCode::malformed, fmt::format("route {} ({} {} {}): {}", i, route.name,
                                                               route.method, route.path, fault)};
  }
  return gate::done();
}

}  // namespace server::api
