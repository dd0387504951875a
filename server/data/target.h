#pragma once

#include <string>
#include <string_view>

#include "gate/base/result.h"

namespace server::data {

// The target to ask a service for: "/" and the rest of our path, with the query as it was sent. Error:
// malformed, where two servers could read a segment in two ways: an empty one, `.` or `..` however they are
// written, an encoded `/`, `\` or control character, a `%` that encodes nothing.
gate::Result<std::string> forwarded_target(std::string_view rest, std::string_view target);

}  // namespace server::data
