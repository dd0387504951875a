#pragma once

#include <string>
#include <vector>

#include "server/auth/scope.h"
#include "server/limits/rate.h"

namespace server::auth {

// Who asks, once that is proven.
struct Principal {
  std::string id;     // of the key: 8 characters; "local:uid 0" on the control socket; empty: nobody
  std::string owner;  // a person or a system
  Scopes scopes;
  std::vector<std::string> services;  // globs over names of services; empty: all of them
  limits::OwnRates rates;             // where the key has limits of its own

  // Whether objects of that service are in reach.
  [[nodiscard]] bool may_reach(std::string_view service) const;
};

}  // namespace server::auth
