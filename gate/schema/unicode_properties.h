#pragma once

#include <string>
#include <string_view>

namespace gate::schema {

// What stands between the braces of an ECMA-262 `\p{…}`, as PCRE2 writes it. Empty where ECMA-262 does not
// have it (names count as Unicode spells them, case and all), or where PCRE2 has no like.
std::string pcre2_property(std::string_view ecma);

}  // namespace gate::schema
