#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/schema/program.h"

namespace gate::schema {

// The bits of a type's name; 0 where there is no such type.
TypeMask type_named(std::string_view name);
TypeMask types_named(const std::vector<std::string>& names);

// The names of the types in a mask, and "is not a string", "is neither a string nor null".
std::vector<std::string> type_names(TypeMask types);
std::string is_none_of(TypeMask types);

}  // namespace gate::schema
