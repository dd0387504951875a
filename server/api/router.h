#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gate/base/result.h"
#include "server/api/route.h"

namespace server::api {

struct Match {
  const Route* route = nullptr;
  std::string_view rest;  // what stands for `{rest}`; a part of the path that was looked up
};

// No route answers. With methods: others than the one asked for do.
struct NoMatch {
  std::vector<std::string_view> allowed;
};

// Finds the row that answers a request. Paths are compared as they were sent, byte by byte: what would have
// to be decoded or normalised first is another path.
class Router {
 public:
  // Error: as check_routes().
  static gate::Result<Router> of(std::vector<Route> routes);

  [[nodiscard]] std::variant<Match, NoMatch> find(std::string_view method, std::string_view path) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  // The endpoint groups of the rows, sorted.
  [[nodiscard]] static std::vector<std::string> endpoints_of(const std::vector<Route>& routes);
  // What requests of that group draw on, each class once.
  [[nodiscard]] static std::vector<limits::RateClass> classes_of(const std::vector<Route>& routes,
                                                                 std::string_view endpoint);

 private:
  explicit Router(std::vector<Route> routes);

  std::vector<Route> routes_;
  std::map<std::string_view, std::vector<const Route*>, std::less<>> exact_;
  std::vector<std::pair<std::string_view, std::vector<const Route*>>>
      below_;  // "/api/v1/data/", the longest first
};

}  // namespace server::api
