#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/schema/pattern.h"

namespace gate::load {

// A regular expression of PromQL (RE2's, matched against the whole value) as a pattern. What RE2 and ECMA-262
// read differently, or only one of them knows, is refused. Error: malformed, as "at offset N: why".
Result<schema::Pattern> compile_promql_regex(std::string_view expression);

}  // namespace gate::load
