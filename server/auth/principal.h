#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/base/time.h"
#include "server/auth/scope.h"
#include "server/limits/rate.h"

namespace server::auth {

// Who asks, once that is proven.
struct Principal {
  std::string id;     // of the key: 8 characters; "local:uid 0" on the control socket; empty: nobody
  std::string owner;  // a person or a system
  Scopes scopes;
  std::vector<std::string> services;            // globs over names of services; empty: all of them
  limits::OwnRates rates;                       // where the key has limits of its own
  std::optional<gate::Timestamp> expires_at{};  // absent: it is no key that asks

  // Whoever owns the machine, on the control socket.
  [[nodiscard]] bool is_local_owner() const { return id.starts_with("local:"); }

  // Whether objects of that service are in reach.
  [[nodiscard]] bool may_reach(std::string_view service) const;
};

}  // namespace server::auth
