#pragma once

#include <cstddef>
#include <variant>

#include "server/api/call.h"
#include "server/data/forwarding.h"
#include "server/data/services.h"

namespace server::data {

// Where a request goes.
struct Choice {
  std::size_t service = 0;  // its index in the settings
  Track track = Track::stable;

  bool operator==(const Choice&) const = default;
};

// The service that X-Service names, else the default, else the only one; its canary where the request has
// `X-Canary-Test: true`. Only what the caller may reach is ever named to him.
std::variant<Choice, api::Problem> choose(const DataSettings& settings, const api::Call& call);

}  // namespace server::data
