#pragma once

#include <string>
#include <string_view>

#include "gate/base/value.h"

namespace gate {

// The JSON text of a value: members in their order, two spaces of indent, numbers by the shortest
// digits that read back the same. NaN and infinities, which JSON cannot hold, become null.
// Ill-formed UTF-8 becomes U+FFFD. No line feed at the end.
std::string to_json(const Value& value);

// The same on one line.
std::string to_compact_json(const Value& value);

// RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units, one line, numbers
// as ECMAScript prints them. What a hash over settings is taken of.
std::string to_canonical_json(const Value& value);

// One string literal with its quotes: control characters escaped, so it is also safe on a terminal.
std::string json_quoted(std::string_view text);

}  // namespace gate
