#pragma once

#include <cstddef>
#include <string_view>

#include "gate/base/result.h"

namespace gate::load {

constexpr std::size_t kMaxTomlLine = 4'096;  // bytes
constexpr std::size_t kMaxTomlKeyParts = 16;
constexpr std::size_t kMaxTomlNesting = 32;     // of brackets and braces
constexpr std::size_t kMaxTomlTables = 20'000;  // headers, arrays, dotted keys: the parser keeps lists

// Refuses what the TOML parser behind parse_toml() would take too long or too much stack for, and
// bytes that TOML does not allow: ill-formed UTF-8, control characters, and outside of strings and
// comments whatever is not ASCII (some of it takes that parser where its own code says nothing can
// go). Everything else is left to the parser. Error: malformed, as `path:line:column: why`.
Status check_toml_bounds(std::string_view text, std::string_view path);

}  // namespace gate::load
