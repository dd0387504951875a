#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server::api {

// JSON Schemas of answers, put together as text.
inline constexpr std::string_view kTextSchema = R"({"type":"string"})";
inline constexpr std::string_view kIntegerSchema = R"({"type":"integer"})";
inline constexpr std::string_view kFlagSchema = R"({"type":"boolean"})";
inline constexpr std::string_view kTextOrNullSchema = R"({"type":["string","null"]})";

using SchemaMembers = std::vector<std::pair<std::string_view, std::string>>;

// An object with these members and no others; those of `optional` may be missing.
std::string object_schema(const SchemaMembers& required, const SchemaMembers& optional = {});
std::string array_schema(std::string_view items);

}  // namespace server::api
