#pragma once

#include <cstddef>
#include <string_view>

#include <boost/json/value.hpp>

#include "gate/schema/exact_numbers.h"

namespace gate::schema {

// A value and the document's numbers that no double holds.
struct Exactly {
  const boost::json::value& value;
  const ExactNumbers& exact;
};

inline std::string_view view(const boost::json::string& text) {
  return {text.data(), text.size()};
}
inline std::string_view view(boost::json::string_view text) {
  return {text.data(), text.size()};
}

// Equality as JSON Schema has it: numbers by mathematical value, objects whatever their order.
bool equal(const Exactly& a, const Exactly& b);

// Equal values have equal hashes.
std::size_t hash_of(const Exactly& value);

}  // namespace gate::schema
