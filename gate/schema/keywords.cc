#include "gate/schema/keywords.h"

#include <utility>

#include "gate/schema/equality.h"
#include "gate/schema/types.h"

namespace gate::schema::keywords {
namespace {

Enumeration enumeration_of(NodeBuilder& builder, const value* first, std::size_t count) {
  constexpr std::size_t kManyStrings = 8;
  Enumeration enumeration;
  const std::uint32_t all = enumeration.values.begin(Kind::array, 0);
  for (const value* at = first; at != first + count; ++at) {
    append(enumeration.values, *at, builder.exact());
  }
  enumeration.values.end(all, static_cast<std::uint32_t>(count));
  for (const Cell& value : enumeration.values.root().elements()) {
    if (value.is_string()) {
      enumeration.strings.push_back(value.string());
    } else {
      enumeration.others.push_back(&value);
    }
  }
  if (enumeration.strings.size() > kManyStrings) {
    std::vector<NameEntry> names;
    for (const std::string_view text : enumeration.strings) names.push_back({text, kNoNode, false, false});
    enumeration.string_table = NameTable{std::move(names)};
  }
  return enumeration;
}

std::uint64_t count_of(NodeBuilder& builder, const value& value) {
  return builder.number_of(value).as_count();
}

bool is_set(const value* flag) {
  return flag != nullptr && flag->as_bool();
}

// An entry of `dependencies`, or of what came after it.
void add_dependency(NodeBuilder& builder, std::string_view keyword, std::string_view name,
                    const value& value) {
  Dependency dependency{name, keyword, {}, kNoNode};
  if (const auto* names = value.if_array()) {
    for (const auto& required : *names) dependency.required.push_back(view(required.as_string()));
  } else {
    dependency.node = builder.check_of(value);
  }
  builder.objects().dependencies.push_back(std::move(dependency));
}

void add_dependencies(NodeBuilder& builder, std::string_view keyword, const value& value) {
  for (const auto& member : value.as_object()) {
    add_dependency(builder, keyword, view(member.key()), member.value());
  }
}

}  // namespace

void ref(NodeBuilder& builder, const value& value) {
  builder.node.ref = builder.source().node_at(view(value.as_string()));
}

void dynamic_ref(NodeBuilder& builder, const value& value) {
  builder.logic().dynamic = builder.source().dynamic_at(view(value.as_string()));
}

void recursive_ref(NodeBuilder& builder, const value&) {
  builder.logic().dynamic = builder.source().recursive();
}

void type(NodeBuilder& builder, const value& value) {
  if (const auto* one = value.if_string()) {
    builder.node.types &= type_named(view(*one));
    return;
  }
  TypeMask types = 0;
  for (const auto& name : value.as_array()) types |= type_named(view(name.as_string()));
  builder.node.types &= types;
}

void type_as_written(NodeBuilder& builder, const value& value) {
  type(builder, value);
  builder.node.integers_as_written = true;
}

void enumeration(NodeBuilder& builder, const value& value) {
  const auto& values = value.as_array();
  builder.set_enumeration(enumeration_of(builder, values.data(), values.size()));
}

void constant(NodeBuilder& builder, const value& value) {
  Enumeration only = enumeration_of(builder, &value, 1);
  only.is_const = true;
  builder.set_enumeration(std::move(only));
}

void minimum_by_flag(NodeBuilder& builder, const value& value) {
  is_set(builder.sibling("exclusiveMinimum")) ? exclusive_minimum(builder, value) : minimum(builder, value);
}

void maximum_by_flag(NodeBuilder& builder, const value& value) {
  is_set(builder.sibling("exclusiveMaximum")) ? exclusive_maximum(builder, value) : maximum(builder, value);
}

void minimum(NodeBuilder& builder, const value& value) {
  builder.numbers().minimum = builder.number_of(value);
}
void maximum(NodeBuilder& builder, const value& value) {
  builder.numbers().maximum = builder.number_of(value);
}

void exclusive_minimum(NodeBuilder& builder, const value& value) {
  builder.numbers().exclusive_minimum = builder.number_of(value);
}

void exclusive_maximum(NodeBuilder& builder, const value& value) {
  builder.numbers().exclusive_maximum = builder.number_of(value);
}

void multiple_of(NodeBuilder& builder, const value& value) {
  builder.numbers().multiple_of = builder.number_of(value);
  builder.numbers().divisor.emplace(builder.number_of(value));
}

void min_length(NodeBuilder& builder, const value& value) {
  builder.strings().min_length = count_of(builder, value);
}
void max_length(NodeBuilder& builder, const value& value) {
  builder.strings().max_length = count_of(builder, value);
}

void pattern(NodeBuilder& builder, const value& value) {
  builder.strings().pattern = builder.source().pattern_of(view(value.as_string()), "pattern", false);
}

void format(NodeBuilder& builder, const value& value) {
  if (const auto format = builder.source().asserted_format(view(value.as_string()))) {
    builder.strings().format = format;
  }
}

void items(NodeBuilder& builder, const value& value) {
  const auto* prefix = value.if_array();
  if (prefix == nullptr) return builder.set_rest("items", &value);
  builder.set_prefix("items", *prefix);
  builder.set_rest("additionalItems", builder.sibling("additionalItems"));
}

void prefix_items(NodeBuilder& builder, const value& value) {
  builder.set_prefix("prefixItems", value.as_array());
}

void contains(NodeBuilder& builder, const value& value) {
  builder.arrays().contains = builder.source().node_of(value);
}

void marking_contains(NodeBuilder& builder, const value& value) {
  contains(builder, value);
  builder.arrays().contains_marks = true;
}

void min_contains(NodeBuilder& builder, const value& value) {
  builder.arrays().min_contains = count_of(builder, value);
}
void max_contains(NodeBuilder& builder, const value& value) {
  builder.arrays().max_contains = count_of(builder, value);
}

void min_items(NodeBuilder& builder, const value& value) {
  builder.arrays().min_items = count_of(builder, value);
}
void max_items(NodeBuilder& builder, const value& value) {
  builder.arrays().max_items = count_of(builder, value);
}
void unique_items(NodeBuilder& builder, const value& value) {
  builder.arrays().unique = value.as_bool();
}

void unevaluated_items(NodeBuilder& builder, const value& value) {
  Unevaluated& rules = builder.unevaluated();
  rules.has_items = true;
  rules.items = builder.check_of(value);
}

void properties(NodeBuilder& builder, const value& value) {
  for (const auto& member : value.as_object()) {
    const NodeIndex node = builder.check_of(member.value());
    builder.declared_name(view(member.key())).node = node;
  }
}

void required(NodeBuilder& builder, const value& value) {
  for (const auto& name : value.as_array()) builder.name(view(name.as_string())).required = true;
}

void pattern_properties(NodeBuilder& builder, const value& value) {
  for (const auto& member : value.as_object()) {
    const std::string_view source = view(member.key());
    const RuleIndex pattern = builder.source().pattern_of(source, "patternProperties", true);
    builder.objects().patterns.push_back({source, pattern, builder.check_of(member.value())});
  }
}

void additional_properties(NodeBuilder& builder, const value& value) {
  const bool closed = value.is_bool() && !value.get_bool();
  builder.objects().closed = closed;
  builder.objects().has_additional = true;
  if (!closed) builder.objects().additional = builder.check_of(value);
}

void property_names(NodeBuilder& builder, const value& value) {
  builder.objects().property_names = builder.check_of(value);
}

void min_properties(NodeBuilder& builder, const value& value) {
  builder.objects().min_properties = count_of(builder, value);
}

void max_properties(NodeBuilder& builder, const value& value) {
  builder.objects().max_properties = count_of(builder, value);
}

void dependencies(NodeBuilder& builder, const value& value) {
  add_dependencies(builder, "dependencies", value);
}
void dependent_required(NodeBuilder& builder, const value& value) {
  add_dependencies(builder, "dependentRequired", value);
}
void dependent_schemas(NodeBuilder& builder, const value& value) {
  add_dependencies(builder, "dependentSchemas", value);
}

void unevaluated_properties(NodeBuilder& builder, const value& value) {
  Unevaluated& rules = builder.unevaluated();
  rules.has_properties = true;
  rules.properties = builder.check_of(value);
}

void all_of(NodeBuilder& builder, const value& value) {
  builder.logic().all_of = builder.nodes_of(value.as_array());
}
void any_of(NodeBuilder& builder, const value& value) {
  builder.logic().any_of = builder.nodes_of(value.as_array());
}
void one_of(NodeBuilder& builder, const value& value) {
  builder.logic().one_of = builder.nodes_of(value.as_array());
}
void negation(NodeBuilder& builder, const value& value) {
  builder.logic().negated = builder.source().node_of(value);
}

void condition(NodeBuilder& builder, const value& value) {
  Logic& logic = builder.logic();
  logic.condition = builder.source().node_of(value);
  logic.then = builder.check_of(builder.sibling("then"));
  logic.otherwise = builder.check_of(builder.sibling("else"));
}

}  // namespace gate::schema::keywords
