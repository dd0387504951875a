#pragma once

#include <optional>
#include <string_view>

#include "server/http/message.h"

namespace server::http {

// The parameters of a target's query (what stands behind `?`), decoded as forms are: `+` is a space. nullopt
// for an ill-formed escape, and for what decodes to NUL or to no UTF-8. Empty parts between `&` are left out.
[[nodiscard]] std::optional<Query> parse_query(std::string_view text);

}  // namespace server::http
