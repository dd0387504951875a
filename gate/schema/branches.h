#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/schema/explain.h"

namespace gate::schema {

// Which branch of an `anyOf` or `oneOf` a value was probably meant for.
struct Choice {
  std::size_t branch = 0;
  bool is_certain = false;  // the others are ruled out by their type, or by a `const` or `enum`
};

// `branches` holds the faults that the value at `instance` has under each; there is at least one branch.
Choice choose_branch(const std::vector<std::vector<Fault>>& branches, std::string_view instance);

// The names of all types the branches ask for, if a wrong type is all that is wrong under any of them.
std::optional<std::vector<std::string>> only_types(const std::vector<std::vector<Fault>>& branches,
                                                   std::string_view instance);

// Where every branch of the right type wants another value of one member, and nothing tells the branches
// apart but that: the one fault that says so, with all the values that would do.
std::optional<Fault> find_common_refusal(const std::vector<std::vector<Fault>>& branches,
                                         std::string_view instance);

}  // namespace gate::schema
