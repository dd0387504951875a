#include "server/api/embedded_schema.h"

#include <fmt/format.h>

#include "gate/load/json.h"
#include "gate/load/json_fields.h"

namespace server::api {
namespace {

using gate::Value;

constexpr std::string_view kLocal = "#/$defs/";

// Points what a schema refers to among its own definitions to where these are kept for the whole document.
void redirect(Value& value, std::string_view owner) {
  if (const auto* elements = value.as_array()) {
    Value all = Value::array();
    for (Value element : *elements) {
      redirect(element, owner);
      all.push(std::move(element));
    }
    value = std::move(all);
  } else if (const auto* members = value.as_object()) {
    Value all = Value::object();
    for (const auto& [name, member] : *members) {
      Value moved = member;
      redirect(moved, owner);
      const std::string* target = name == "$ref" ? member.as_string() : nullptr;
      if (target != nullptr && target->starts_with(kLocal))
        moved = fmt::format("#/components/schemas/{}.{}", owner, target->substr(kLocal.size()));
      all.set(name, std::move(moved));
    }
    value = std::move(all);
  }
}

}  // namespace

Value schema_of(std::string_view text) {
  return gate::load::to_value(gate::load::parse_json(text).value().root);
}

Value embedded_schema(std::string_view text, std::string_view owner, Value& shared) {
  Value schema = schema_of(text);
  redirect(schema, owner);
  const Value* definitions = schema.find("$defs");
  if (definitions == nullptr) return schema;
  for (const auto& [name, definition] : *definitions->as_object()) {
    shared.set(fmt::format("{}.{}", owner, name), definition);
  }
  Value rest = Value::object();
  for (const auto& [name, member] : *schema.as_object()) {
    if (name != "$defs") rest.set(name, member);
  }
  return rest;
}

}  // namespace server::api
