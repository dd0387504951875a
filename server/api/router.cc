#include "server/api/router.h"

#include <algorithm>
#include <set>

namespace server::api {
namespace {

constexpr std::string_view kRest = "{rest}";

std::variant<Match, NoMatch> choose(const std::vector<const Route*>& rows, std::string_view method,
                                    std::string_view rest) {
  NoMatch none;
  for (const Route* row : rows) {
    if (row->method == method) return Match{row, rest};
    none.allowed.push_back(row->method);
  }
  return none;
}

}  // namespace

gate::Result<Router> Router::of(std::vector<Route> routes) {
  if (auto checked = check_routes(routes); !checked) return checked.error();
  return Router{std::move(routes)};
}

// Moving a vector keeps its elements where they are, so the pointers to them hold.
Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::map<std::string_view, std::vector<const Route*>> below;
  for (const Route& route : routes_) {
    if (route.path.ends_with(kRest)) {
      below[route.path.substr(0, route.path.size() - kRest.size())].push_back(&route);
    } else {
      exact_[route.path].push_back(&route);
    }
  }
  below_.assign(below.begin(), below.end());
  std::stable_sort(below_.begin(), below_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::variant<Match, NoMatch> Router::find(std::string_view method, std::string_view path) const {
  if (const auto found = exact_.find(path); found != exact_.end()) return choose(found->second, method, {});
  for (const auto& [prefix, rows] : below_) {
    if (path.starts_with(prefix) && path.size() > prefix.size()) {
      return choose(rows, method, path.substr(prefix.size()));
    }
  }
  return NoMatch{};
}

std::vector<std::string> Router::endpoints_of(const std::vector<Route>& routes) {
  std::set<std::string> names;
  for (const Route& route : routes) {
    if (std::holds_alternative<auth::Scope>(route.access)) names.emplace(route.endpoint);
  }
  return {names.begin(), names.end()};
}

std::vector<limits::RateClass> Router::classes_of(const std::vector<Route>& routes,
                                                  std::string_view endpoint) {
  std::set<limits::RateClass> classes;
  for (const Route& route : routes) {
    if (std::holds_alternative<auth::Scope>(route.access) && route.endpoint == endpoint)
      classes.insert(route.rate_class);
  }
  return {classes.begin(), classes.end()};
}

}  // namespace server::api
