#include "gate/schema/equality.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "gate/schema/name_table.h"
#include "gate/schema/number.h"

namespace gate::schema {
namespace {

bool equal_arrays(Elements a, Elements b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Cell& x, const Cell& y) { return equal(x, y); });
}

bool equal_objects(Members a, Members b) {
  constexpr std::size_t kFew = 16;
  if (a.size() != b.size()) return false;
  if (a.size() <= kFew) {
    return std::all_of(a.begin(), a.end(), [&](const Member& member) {
      const Cell* other = b.find(member.key());
      return other != nullptr && equal(member.value, *other);
    });
  }
  std::unordered_map<std::string_view, const Cell*> others;
  for (const Member member : b) others.emplace(member.key(), &member.value);
  return std::all_of(a.begin(), a.end(), [&](const Member& member) {
    const auto other = others.find(member.key());
    return other != others.end() && equal(member.value, *other->second);
  });
}

std::size_t mixed(std::size_t a, std::size_t b) {
  return (a ^ b) * 0x9E3779B97F4A7C15U + (a >> 29);
}

}  // namespace

bool equal(const Cell& a, const Cell& b) {
  if (a.is_number() && b.is_number()) return Number{a} == Number{b};
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::null: return true;
    case Kind::boolean: return a.boolean == b.boolean;
    case Kind::string: return same_text(a.string(), b.string());
    case Kind::array: return equal_arrays(a.elements(), b.elements());
    case Kind::object: return equal_objects(a.members(), b.members());
    case Kind::int64:
    case Kind::uint64:
    case Kind::real:
    case Kind::exact: break;
  }
  return false;
}

std::size_t hash_of(const Cell& of) {
  const std::hash<std::string_view> text;
  if (of.is_string()) return text(of.string());
  if (of.is_number()) return Number{of}.hash();
  if (of.is_array()) {
    std::size_t hash = 17;
    for (const Cell& element : of.elements()) hash = mixed(hash, hash_of(element));
    return hash;
  }
  if (of.is_object()) {
    std::size_t hash = 31;  // a sum: members have no order
    for (const Member member : of.members()) hash += mixed(text(member.key()), hash_of(member.value));
    return hash;
  }
  return of.kind == Kind::null ? 1 : of.boolean ? 3 : 2;
}

}  // namespace gate::schema
