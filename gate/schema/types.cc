#include "gate/schema/types.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::schema {
namespace {

struct TypeWords {
  TypeMask type;
  std::string_view name;
  std::string_view phrase;
};

// `number` before `integer`: it is both of their bits.
constexpr auto kTypes = std::to_array<TypeWords>({
    {kNumberType, "number", "a number"},
    {kIntegerType, "integer", "an integer"},
    {kNullType, "null", "null"},
    {kBooleanType, "boolean", "a boolean"},
    {kStringType, "string", "a string"},
    {kArrayType, "array", "an array"},
    {kObjectType, "object", "an object"},
});

// The rows that make up a mask, each bit in one row.
std::vector<TypeWords> rows_of(TypeMask types) {
  std::vector<TypeWords> rows;
  for (const TypeWords& row : kTypes) {
    if ((types & row.type) != row.type) continue;
    rows.push_back(row);
    types = static_cast<TypeMask>(types & ~row.type);
  }
  return rows;
}

}  // namespace

TypeMask type_named(std::string_view name) {
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [name](const auto& row) { return row.name == name; });
  return found == kTypes.end() ? TypeMask{0} : found->type;
}

TypeMask types_named(const std::vector<std::string>& names) {
  TypeMask types = 0;
  for (const std::string& name : names) types |= type_named(name);
  return types;
}

std::vector<std::string> type_names(TypeMask types) {
  std::vector<std::string> names;
  for (const TypeWords& row : rows_of(types)) names.emplace_back(row.name);
  return names;
}

std::string is_none_of(TypeMask types) {
  std::vector<std::string> phrases;
  for (const TypeWords& row : rows_of(types)) phrases.emplace_back(row.phrase);
  if (phrases.empty()) return "is not allowed";
  if (phrases.size() == 1) return "is not " + phrases.front();
  const std::string last = phrases.back();
  phrases.pop_back();
  return fmt::format("is neither {} nor {}", join(phrases, ", "), last);
}

}  // namespace gate::schema
