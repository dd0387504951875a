#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/schema/instance.h"
#include "gate/schema/program.h"

namespace gate::schema {

// The words of fault messages. All of them are safe to print: control characters are escaped, long
// values cut.

// A scalar as JSON, an exact number as it was written; containers as "the object", "the array".
std::string described(const Cell& value);

// The whole value as compact JSON, cut.
std::string as_json(const Cell& value);

// The whole value as compact JSON, for machines: nothing is cut.
std::string whole_json(const Cell& value);

std::string quoted(std::string_view text);

// `"a", "b" and 3 more`.
std::string listed(const std::vector<std::string>& values);

// "has 2 characters, at least 5 are required" from (2, "character", "characters", 5).
std::string too_few(std::uint64_t count, std::string_view one, std::string_view many, std::uint64_t least);
std::string too_many(std::uint64_t count, std::string_view one, std::string_view many, std::uint64_t most);

}  // namespace gate::schema
