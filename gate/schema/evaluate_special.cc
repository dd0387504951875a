// Evaluation of what most schemas do not have: dynamic references, and keywords that depend on what
// others evaluated.

#include <algorithm>

#include "gate/schema/evaluate.h"

namespace gate::schema {

NodeIndex Evaluator::target(const DynamicRef& ref) {
  if (ref.anchor == DynamicRef::kStatic) return ref.fallback;
  const DynamicAnchor& declared = program_.dynamic_anchors[ref.anchor];
  for (const std::uint32_t resource : scope_) {
    const auto found = std::lower_bound(declared.begin(), declared.end(), std::pair{resource, NodeIndex{0}});
    if (found != declared.end() && found->first == resource) return found->second;
  }
  return ref.fallback;
}

bool Evaluator::check_special(const Node& node, const Cell& value) {
  const std::size_t outer = enter(node);
  bool accepted = check_rules(node, value) && (node.ref == kNoNode || check(node.ref, value));
  if (accepted && node.logic != kNoRule) {
    const Logic& logic = program_.logics[node.logic];
    if (logic.dynamic != kNoRule) {
      accepted = spend(scope_.size()) && check(target(program_.dynamic_refs[logic.dynamic]), value);
    }
    if (accepted && logic.unevaluated != kNoRule) {
      accepted = check_unevaluated(program_.unevaluated[logic.unevaluated], node, value);
    }
  }
  leave(outer);
  return accepted;
}

// The node accepts the value, but for this.
bool Evaluator::check_unevaluated(const Unevaluated& rules, const Node& node, const Cell& value) {
  if (value.size == 0 || !(value.is_object() ? rules.has_properties : value.is_array() && rules.has_items))
    return true;
  const std::size_t first = marks_.size();
  collect_rules(node, value);
  std::sort(marks_.begin() + static_cast<std::ptrdiff_t>(first), marks_.end());
  const std::size_t last = marks_.size();
  std::size_t next = first;
  const auto holds = [&](const Cell& part, NodeIndex schema) {
    while (next < last && marks_[next] < &part) ++next;
    return (next < last && marks_[next] == &part) || schema == kNoNode || check(schema, part);
  };
  bool accepted = spend(value.size + last - first);
  if (accepted && value.is_object()) {
    const Members members = value.members();
    accepted = std::all_of(members.begin(), members.end(),
                           [&](const Member& member) { return holds(member.value, rules.properties); });
  } else if (accepted) {
    const Elements elements = value.elements();
    accepted = std::all_of(elements.begin(), elements.end(),
                           [&](const Cell& element) { return holds(element, rules.items); });
  }
  marks_.resize(first);
  return accepted;
}

std::vector<const Cell*> Evaluator::evaluated(NodeIndex node, const Cell& value) {
  depth_ = 0;
  marks_.clear();
  collect_rules(program_.nodes[node], value);
  std::sort(marks_.begin(), marks_.end());
  return marks_;
}

// Marks what a node evaluates of a value that it accepts.
void Evaluator::collect(NodeIndex index, const Cell& value) {
  if (index == kNoNode) return;
  if (++depth_ > limits_.depth) gave_up_ = true;
  if (!gave_up_ && spend(1)) {
    const Node& node = program_.nodes[index];
    const std::size_t outer = enter(node);
    const RuleIndex rule = node.logic == kNoRule ? kNoRule : program_.logics[node.logic].unevaluated;
    const bool all = rule != kNoRule && (value.is_object() ? program_.unevaluated[rule].has_properties
                                                           : program_.unevaluated[rule].has_items);
    all ? mark_all(value) : collect_rules(node, value);
    leave(outer);
  }
  --depth_;
}

void Evaluator::collect_rules(const Node& node, const Cell& value) {
  if (value.is_object() && node.object != kNoRule) collect_members(program_.objects[node.object], value);
  if (value.is_array() && node.array != kNoRule) collect_elements(program_.arrays[node.array], value);
  if (node.logic != kNoRule) collect_logic(program_.logics[node.logic], value);
  collect(node.ref, value);
}

void Evaluator::mark_all(const Cell& value) {
  if (!spend(value.size)) return;
  if (value.is_object()) {
    for (const Member member : value.members()) marks_.push_back(&member.value);
  } else {
    for (const Cell& element : value.elements()) marks_.push_back(&element);
  }
}

void Evaluator::collect_members(const ObjectRules& rules, const Cell& object) {
  const Members members = object.members();
  if (rules.has_additional) {
    mark_all(object);
  } else if (spend(members.size())) {
    const NameEntry* next = rules.names.first();
    for (const Member member : members) {
      const NameEntry* entry = rules.names.find_in_order(member.key(), next);
      const auto matches = [&](const PatternProperty& property) {
        return matches_pattern(property.pattern, member.key());
      };
      if ((entry != nullptr && entry->declared) ||
          std::any_of(rules.patterns.begin(), rules.patterns.end(), matches)) {
        marks_.push_back(&member.value);
      }
    }
  }
  for (const Dependency& dependency : rules.dependencies) {
    if (dependency.node == kNoNode || !spend(members.size())) continue;
    if (members.find(dependency.name) != nullptr) collect(dependency.node, object);
  }
}

void Evaluator::collect_elements(const ArrayRules& rules, const Cell& array) {
  if (rules.has_rest) return mark_all(array);
  std::size_t index = 0;
  for (const Cell& element : array.elements()) {
    const bool contained = rules.contains_marks && rules.contains != kNoNode;
    if (index++ < rules.prefix.size() || (contained && check(rules.contains, element))) {
      marks_.push_back(&element);
    }
  }
}

// What fits of alternatives has to be found out once more: while deciding, the first that does is enough.
void Evaluator::collect_logic(const Logic& logic, const Cell& value) {
  for (const NodeIndex node : logic.all_of) collect(node, value);
  for (const auto* alternatives : {&logic.any_of, &logic.one_of}) {
    for (const NodeIndex node : *alternatives) {
      if (check(node, value)) collect(node, value);
    }
  }
  if (logic.condition != kNoNode) {
    const bool holds = check(logic.condition, value);
    if (holds) collect(logic.condition, value);
    collect(holds ? logic.then : logic.otherwise, value);
  }
  if (logic.dynamic != kNoRule) collect(target(program_.dynamic_refs[logic.dynamic]), value);
}

}  // namespace gate::schema
