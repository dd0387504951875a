#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <boost/json/error.hpp>

#include "gate/base/error.h"
#include "gate/load/json.h"

namespace gate::load {

// What the reader says of a text it refuses, each with its place in front.

// "line:column: why".
Error json_error_at(std::string_view text, std::size_t offset, std::string_view why);

// What the parser's code means; it stopped at `offset`.
Error json_error(const boost::system::error_code& ec, std::string_view text, std::size_t offset,
                 const JsonLimits& limits);

// The first key that its object already has, if there is one before the text goes wrong.
std::optional<Error> duplicate_json_key(std::string_view text);

// What needs no parser to be refused: too long, empty, with a byte order mark.
std::optional<Error> refused_json(std::string_view text, const JsonLimits& limits);

}  // namespace gate::load
