#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace server::api {

// JSON Schemas of answers, put together as text.
inline constexpr std::string_view kTextSchema = R"({"type":"string"})";
inline constexpr std::string_view kIntegerSchema = R"({"type":"integer"})";
inline constexpr std::string_view kFlagSchema = R"({"type":"boolean"})";
inline constexpr std::string_view kTextOrNullSchema = R"({"type":["string","null"]})";

using SchemaMembers = std::vector<std::pair<std::string_view, std::string>>;

// An object with these members and no others; those of `optional` may be missing.
inline std::string object_schema(const SchemaMembers& required, const SchemaMembers& optional = {}) {
  std::string names;
  std::string properties;
  const auto add = [](std::string& list, const std::string& element) {
    if (!list.empty()) list += ',';
    list += element;
  };
  for (const auto& [name, schema] : required) add(names, fmt::format("\"{}\"", name));
  for (const SchemaMembers* members : {&required, &optional}) {
    for (const auto& [name, schema] : *members) add(properties, fmt::format("\"{}\":{}", name, schema));
  }
  return fmt::format(
      R"({{"type":"object","additionalProperties":false,"required":[{}],"properties":{{{}}}}})", names,
      properties);
}

inline std::string array_schema(std::string_view items) {
  return fmt::format(R"({{"type":"array","items":{}}})", items);
}

}  // namespace server::api
