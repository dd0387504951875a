#include "gate/schema/node_builder.h"

#include <algorithm>
#include <iterator>

namespace gate::schema {
namespace {

template <class Rule>
RuleIndex put(std::vector<Rule>& rules, std::optional<Rule>& rule) {
  if (!rule) return kNoRule;
  rules.push_back(std::move(*rule));
  return static_cast<RuleIndex>(rules.size() - 1);
}

}  // namespace

NodeIndex NodeBuilder::check_of(const boost::json::value& schema) {
  if (schema.is_bool() && schema.get_bool()) return kNoNode;
  if (schema.is_object() && schema.get_object().empty()) return kNoNode;
  return source_.node_of(schema);
}

std::vector<NodeIndex> NodeBuilder::nodes_of(const boost::json::array& schemas) {
  std::vector<NodeIndex> nodes;
  nodes.reserve(schemas.size());
  for (const boost::json::value& schema : schemas) nodes.push_back(source_.node_of(schema));
  return nodes;
}

void NodeBuilder::set_prefix(std::string_view keyword, const boost::json::array& schemas) {
  ArrayRules& rules = arrays();
  for (const boost::json::value& schema : schemas) rules.prefix.push_back(check_of(schema));
  rules.prefix_keyword = keyword;
}

void NodeBuilder::set_rest(std::string_view keyword, const boost::json::value* schema) {
  ArrayRules& rules = arrays();
  rules.has_rest = schema != nullptr;
  rules.rest = check_of(schema);
  rules.rest_keyword = keyword;
}

NameEntry& NodeBuilder::name(std::string_view name) {
  const auto [found, is_new] = name_index_.try_emplace(name, names_.size());
  if (is_new) names_.push_back({name, kNoNode, false, false});
  return names_[found->second];
}

NameEntry& NodeBuilder::declared_name(std::string_view text) {
  NameEntry& entry = name(text);
  entry.declared = true;
  declared_.push_back(name_index_.at(text));
  return entry;
}

// First those of `properties`, in its order: documents mostly write theirs like that.
std::vector<NameEntry> NodeBuilder::ordered_names() const {
  std::vector<NameEntry> ordered;
  ordered.reserve(names_.size());
  for (const std::size_t index : declared_) ordered.push_back(names_[index]);
  std::copy_if(names_.begin(), names_.end(), std::back_inserter(ordered),
               [](const NameEntry& entry) { return !entry.declared; });
  return ordered;
}

Node NodeBuilder::finish(Program& program) {
  if (!names_.empty()) {
    ObjectRules& rules = objects();
    rules.required = static_cast<std::size_t>(
        std::count_if(names_.begin(), names_.end(), [](const NameEntry& entry) { return entry.required; }));
    rules.names = NameTable{ordered_names()};
  }
  node.enumeration = put(program.enumerations, enumeration_);
  node.constant = put(program.enumerations, constant_);
  node.number = put(program.numbers, number_);
  node.string = put(program.strings, string_);
  node.array = put(program.arrays, array_);
  node.object = put(program.objects, object_);
  if (unevaluated_) logic().unevaluated = put(program.unevaluated, unevaluated_);
  node.logic = put(program.logics, logic_);
  return node;
}

}  // namespace gate::schema
