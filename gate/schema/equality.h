#pragma once

#include <cstddef>
#include <string_view>

#include <boost/json/string.hpp>
#include <boost/json/string_view.hpp>

#include "gate/schema/instance.h"

namespace gate::schema {

inline std::string_view view(const boost::json::string& text) {
  return {text.data(), text.size()};
}
inline std::string_view view(boost::json::string_view text) {
  return {text.data(), text.size()};
}

// Equality as JSON Schema has it: numbers by mathematical value, objects whatever their order.
bool equal(const Cell& a, const Cell& b);

// Equal values have equal hashes.
std::size_t hash_of(const Cell& value);

}  // namespace gate::schema
