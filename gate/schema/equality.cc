#include "gate/schema/equality.h"

#include <algorithm>
#include <functional>

#include "gate/schema/number.h"

namespace gate::schema {
namespace {

using boost::json::array;
using boost::json::object;

bool equal_arrays(const array& a, const ExactNumbers& exact_a, const array& b, const ExactNumbers& exact_b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
    return equal({x, exact_a}, {y, exact_b});
  });
}

bool equal_objects(const object& a, const ExactNumbers& exact_a, const object& b,
                   const ExactNumbers& exact_b) {
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&](const auto& member) {
    const auto* other = b.if_contains(member.key());
    return other != nullptr && equal({member.value(), exact_a}, {*other, exact_b});
  });
}

std::size_t mixed(std::size_t a, std::size_t b) {
  return (a ^ b) * 0x9E3779B97F4A7C15U + (a >> 29);
}

}  // namespace

bool equal(const Exactly& a, const Exactly& b) {
  if (a.value.is_number() && b.value.is_number()) return Number{a.value, a.exact} == Number{b.value, b.exact};
  if (a.value.kind() != b.value.kind()) return false;
  switch (a.value.kind()) {
    case boost::json::kind::null: return true;
    case boost::json::kind::bool_: return a.value.get_bool() == b.value.get_bool();
    case boost::json::kind::string: return a.value.get_string() == b.value.get_string();
    case boost::json::kind::array:
      return equal_arrays(a.value.get_array(), a.exact, b.value.get_array(), b.exact);
    case boost::json::kind::object:
      return equal_objects(a.value.get_object(), a.exact, b.value.get_object(), b.exact);
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return false;
  }
  return false;
}

std::size_t hash_of(const Exactly& of) {
  const std::hash<std::string_view> text;
  if (const auto* string = of.value.if_string()) return text(view(*string));
  if (of.value.is_number()) return Number{of.value, of.exact}.hash();
  if (const auto* elements = of.value.if_array()) {
    std::size_t hash = 17;
    for (const auto& element : *elements) hash = mixed(hash, hash_of({element, of.exact}));
    return hash;
  }
  if (const auto* members = of.value.if_object()) {
    std::size_t hash = 31;  // a sum: members have no order
    for (const auto& member : *members)
      hash += mixed(text(view(member.key())), hash_of({member.value(), of.exact}));
    return hash;
  }
  return of.value.is_null() ? 1 : of.value.get_bool() ? 3 : 2;
}

}  // namespace gate::schema
