#pragma once

#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/load/toml.h"

namespace gate::load {

// Reads every document of a YAML stream (yaml.h says what YAML is here) as the table that a TomlReader takes;
// documents of comments alone are passed over. Integers of 64 bits are integers, other numbers floats, or
// strings of their digits where a double does not hold them. Positions are those in the whole text.
// Errors: malformed, as `path:line:column: why`, for a document that is no mapping as well; budget over
// 1,000 documents.
Result<std::vector<TomlValue>> parse_yaml_tables(std::string_view text, std::string_view path);

}  // namespace gate::load
