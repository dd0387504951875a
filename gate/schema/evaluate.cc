#include "gate/schema/evaluate.h"

#include <algorithm>
#include <cmath>

#include "gate/schema/equality.h"

namespace gate::schema {
namespace {

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Code points are counted only where the bytes leave it open.
bool length_fits(const StringRules& rules, std::string_view text) {
  if (text.size() < rules.min_length) return false;
  if (text.size() <= rules.max_length && text.size() / 4 >= rules.min_length) return true;
  const std::size_t length = code_points(text);
  return length >= rules.min_length && length <= rules.max_length;
}

bool within_bounds(const NumberRules& rules, const Number& number) {
  return !(rules.minimum && number < *rules.minimum) && !(rules.maximum && number > *rules.maximum) &&
         !(rules.exclusive_minimum && number <= *rules.exclusive_minimum) &&
         !(rules.exclusive_maximum && number >= *rules.exclusive_maximum);
}

}  // namespace

Evaluator::Evaluator(const Program& program, const EvaluationLimits& limits)
    : program_(program), limits_(limits), most_steps_(limits.steps) {}

Outcome Evaluator::evaluate(const Cell& document) {
  steps_ = 0;
  most_steps_ = limits_.steps + limits_.steps_per_value * document.span;
  gave_up_ = false;
  scope_.clear();
  const bool valid = accepts(program_.root, document);
  return gave_up_ ? Outcome::gave_up : valid ? Outcome::valid : Outcome::invalid;
}

bool Evaluator::accepts(NodeIndex node, const Cell& value) {
  depth_ = 0;
  return node == kNoNode || check(node, value);
}

bool Evaluator::check_whole(NodeIndex index, const Cell& value) {
  if (++depth_ > limits_.depth) gave_up_ = true;
  bool accepted = !gave_up_;
  while (accepted) {
    const Node& node = program_.nodes[index];
    accepted = false;
    if (!spend(1)) break;
    if (node.is_special) [[unlikely]] {
      accepted = check_special(node, value);
      break;
    }
    if (!check_rules(node, value)) break;
    accepted = true;
    if (node.ref == kNoNode) break;
    index = node.ref;
  }
  --depth_;
  return accepted;
}

bool Evaluator::check_shortcut(const Node& node, const Cell& value) {
  if (!spend(1)) return false;
  switch (node.shortcut) {
    case Shortcut::words:
      return value.is_string() &&
             std::any_of(node.words->strings.begin(), node.words->strings.end(),
                         [&](std::string_view word) { return same_text(word, value.string()); });
    case Shortcut::sequence:
      if (!value.is_string()) break;
      return (node.types & kStringType) != 0 && spend(value.size / 64) &&
             node.sequence->matches(value.string());
    case Shortcut::range:
      if (value.kind == Kind::int64) {
        return (node.types & kIntegerType) != 0 && value.int64 >= node.range->least &&
               value.int64 <= node.range->most;
      }
      if (value.kind == Kind::real && (node.types & kNumberType) == kNumberType)
        return value.real >= node.range->low && value.real <= node.range->high;
      if (value.is_number()) return check_kind(node, value);
      break;
    case Shortcut::type:
    case Shortcut::none: break;
  }
  return check_type(node, value);
}

bool Evaluator::check_type(const Node& node, const Cell& value) {
  switch (value.kind) {
    case Kind::null: return (node.types & kNullType) != 0;
    case Kind::boolean: return (node.types & kBooleanType) != 0;
    case Kind::string: return (node.types & kStringType) != 0;
    case Kind::array: return (node.types & kArrayType) != 0;
    case Kind::object: return (node.types & kObjectType) != 0;
    case Kind::int64:
    case Kind::uint64: return (node.types & kIntegerType) != 0;
    case Kind::real:
    case Kind::exact: break;
  }
  if ((node.types & kNumberType) != kIntegerType) return (node.types & kFractionType) != 0;
  return is_integer(node, value);
}

// The type, and what only values of that type are asked for.
bool Evaluator::check_kind(const Node& node, const Cell& value) {
  const TypeMask types = node.types;
  switch (value.kind) {
    case Kind::object:
      return (types & kObjectType) != 0 &&
             (node.object == kNoRule || check_object(program_.objects[node.object], value));
    case Kind::string:
      return (types & kStringType) != 0 &&
             (node.string == kNoRule || check_string(program_.strings[node.string], value.string()));
    case Kind::array:
      return (types & kArrayType) != 0 &&
             (node.array == kNoRule || check_array(program_.arrays[node.array], value.elements()));
    case Kind::int64:
    case Kind::uint64:
    case Kind::real:
    case Kind::exact:
      return check_type(node, value) &&
             (node.number == kNoRule || check_number(program_.numbers[node.number], Number{value}));
    case Kind::boolean: return (types & kBooleanType) != 0;
    case Kind::null: return (types & kNullType) != 0;
  }
  return false;
}

bool Evaluator::check_number(const NumberRules& rules, const Number& number) {
  if (!within_bounds(rules, number)) return false;
  if (!rules.divisor) return true;
  const auto divides = rules.divisor->divides(number);
  if (!divides) gave_up_ = true;
  return divides.value_or(false);
}

bool Evaluator::check_string(const StringRules& rules, std::string_view text) {
  if (!length_fits(rules, text)) return false;
  if (rules.pattern != kNoRule && !matches_pattern(rules.pattern, text)) return false;
  return !rules.format || (spend(text.size() / 64) && has_format(*rules.format, text));
}

Match Evaluator::test(RuleIndex pattern, std::string_view text) {
  return program_.patterns[pattern].test(text, scratch_);
}

bool Evaluator::matches_pattern(RuleIndex pattern, std::string_view text) {
  if (!spend(text.size() / 64)) return false;
  const Match match = test(pattern, text);
  if (match == Match::limit) gave_up_ = true;
  return match == Match::yes;
}

bool Evaluator::matches_enumeration(const Enumeration& enumeration, const Cell& value) {
  if (value.is_string()) {
    const std::string_view text = value.string();
    if (!enumeration.string_table.entries().empty()) return enumeration.string_table.find(text) != nullptr;
    return std::any_of(enumeration.strings.begin(), enumeration.strings.end(),
                       [text](std::string_view allowed) { return same_text(allowed, text); });
  }
  return std::any_of(enumeration.others.begin(), enumeration.others.end(), [&](const Cell* allowed) {
    return spend(std::min(allowed->span, value.span)) && equal(*allowed, value);
  });
}

bool Evaluator::check_array(const ArrayRules& rules, Elements elements) {
  if (elements.size() < rules.min_items || elements.size() > rules.max_items) return false;
  std::size_t index = 0;
  if (!rules.prefix.empty() || rules.rest != kNoNode) {
    for (const Cell& element : elements) {
      const NodeIndex node = index < rules.prefix.size() ? rules.prefix[index] : rules.rest;
      ++index;
      if (node != kNoNode && !check(node, element)) return false;
    }
  }
  if (rules.unique && find_equal(elements).first != elements.size()) return false;
  return rules.contains == kNoNode || check_contains(rules, elements);
}

bool Evaluator::check_contains(const ArrayRules& rules, Elements elements) {
  std::uint64_t found = 0;
  for (const Cell& element : elements) {
    if (check(rules.contains, element)) ++found;
    if (found > rules.max_contains) return false;
    if (found >= rules.min_contains && rules.max_contains == kNoCount) return true;
  }
  return found >= rules.min_contains;
}

std::pair<std::size_t, std::size_t> Evaluator::find_equal(Elements elements) {
  const std::size_t none = elements.size();
  hashes_.clear();
  for (const Cell& element : elements) {
    if (!spend(element.span)) return {none, none};
    hashes_.push_back({hash_of(element), hashes_.size(), &element});
  }
  std::sort(hashes_.begin(), hashes_.end(), [](const Hashed& a, const Hashed& b) {
    return std::pair{a.hash, a.index} < std::pair{b.hash, b.index};
  });
  for (std::size_t j = 1; j < hashes_.size(); ++j) {
    for (std::size_t i = j; i-- > 0 && hashes_[i].hash == hashes_[j].hash;) {
      if (!spend(hashes_[j].element->span)) return {none, none};
      if (equal(*hashes_[i].element, *hashes_[j].element)) return {hashes_[i].index, hashes_[j].index};
    }
  }
  return {none, none};
}

bool Evaluator::check_member(const ObjectRules& rules, const Member& member, Walk& walk) {
  const std::string_view name = member.key();
  bool evaluated = false;
  if (const NameEntry* entry = rules.names.find_in_order(name, walk.next)) {
    walk.required += entry->required ? 1 : 0;
    if (entry->node != kNoNode && !check(entry->node, member.value)) return false;
    evaluated = entry->declared;
  }
  for (const PatternProperty& property : rules.patterns) {
    if (!matches_pattern(property.pattern, name)) continue;
    if (property.node != kNoNode && !check(property.node, member.value)) return false;
    evaluated = true;
  }
  if (evaluated) return true;
  return !rules.closed && (rules.additional == kNoNode || check(rules.additional, member.value));
}

bool Evaluator::check_object(const ObjectRules& rules, const Cell& object) {
  const Members members = object.members();
  if (members.size() < rules.min_properties || members.size() > rules.max_properties) return false;
  if (!spend(members.size())) return false;
  Walk walk{rules.names.first()};
  for (const Member member : members) {
    if (!check_member(rules, member, walk)) return false;
  }
  if (walk.required != rules.required) return false;
  if (rules.property_names != kNoNode) {
    for (const Member member : members) {
      if (!check(rules.property_names, member.name)) return false;
    }
  }
  return rules.dependencies.empty() || check_dependencies(rules, object);
}

bool Evaluator::check_dependencies(const ObjectRules& rules, const Cell& object) {
  const Members members = object.members();
  for (const Dependency& dependency : rules.dependencies) {
    if (!spend(members.size() * (1 + dependency.required.size()))) return false;
    if (members.find(dependency.name) == nullptr) continue;
    for (const std::string_view name : dependency.required) {
      if (members.find(name) == nullptr) return false;
    }
    if (dependency.node != kNoNode && !check(dependency.node, object)) return false;
  }
  return true;
}

bool Evaluator::check_logic(const Logic& logic, const Cell& value) {
  const auto accepts = [&](NodeIndex node) { return check(node, value); };
  if (!std::all_of(logic.all_of.begin(), logic.all_of.end(), accepts)) return false;
  if (!logic.any_of.empty() && !std::any_of(logic.any_of.begin(), logic.any_of.end(), accepts)) return false;
  if (!logic.one_of.empty()) {
    std::size_t matches = 0;
    for (const NodeIndex node : logic.one_of) {
      if (accepts(node) && ++matches > 1) return false;
    }
    if (matches != 1) return false;
  }
  if (logic.negated != kNoNode && accepts(logic.negated)) return false;
  if (logic.then == kNoNode && logic.otherwise == kNoNode) return true;
  const NodeIndex branch = accepts(logic.condition) ? logic.then : logic.otherwise;
  return branch == kNoNode || accepts(branch);
}

}  // namespace gate::schema
