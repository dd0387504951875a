#include "server/api/schema_text.h"

#include <fmt/format.h>

namespace server::api {

std::string object_schema(const SchemaMembers& required, const SchemaMembers& optional) {
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

std::string array_schema(std::string_view items) {
  return fmt::format(R"({{"type":"array","items":{}}})", items);
}

}  // namespace server::api
