#pragma once

#include <string>
#include <string_view>

#include "gate/base/result.h"

namespace gate::schema {

// An ECMA-262 regular expression (Unicode mode, with the identity escapes of Annex B for punctuation)
// written for PCRE2 with the options UTF, DOLLAR_ENDONLY, MATCH_UNSET_BACKREF and ALLOW_EMPTY_CLASS.
// What ECMA-262 does not have, or what means something else there, is refused by name.
// Error: malformed, as "at offset N: why".
Result<std::string> translate_ecma_regex(std::string_view pattern);

}  // namespace gate::schema
