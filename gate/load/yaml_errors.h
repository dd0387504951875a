#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gate/base/error.h"
#include "gate/load/json.h"

namespace gate::load {

// What needs no parser to be refused: too long, not UTF-8, with characters that YAML excludes or that
// readers of it take differently, a %TAG directive.
std::optional<Error> refused_yaml(std::string_view text, const JsonLimits& limits);

// Where, in a text of one document, something stands that is no part of it: `rest` is where it ended.
std::optional<Error> after_yaml_document(std::string_view text, std::size_t rest);

// Where the parser of YAML stopped and why, in its own words.
struct YamlProblem {
  std::string_view problem;
  std::string_view context;  // what it was in; empty: nothing
  std::size_t at = 0;        // in bytes
  std::size_t context_at = 0;
};

// The same in ours, with "line:column: " in front.
Error yaml_error(std::string_view text, const YamlProblem& problem);

}  // namespace gate::load
