#include "server/auth/principal.h"

#include <algorithm>

#include "gate/base/glob.h"

namespace server::auth {

bool Principal::may_reach(std::string_view service) const {
  if (services.empty()) return true;
  return std::any_of(services.begin(), services.end(),
                     [&](const std::string& glob) { return gate::glob_matches(glob, service); });
}

}  // namespace server::auth
