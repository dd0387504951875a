#include "gate/schema/evaluate.h"

#include <algorithm>
#include <cmath>

#include "gate/schema/equality.h"

namespace gate::schema {
namespace {

using boost::json::array;
using boost::json::kind;
using boost::json::object;
using boost::json::value;

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
    : program_(program), limits_(limits) {}

Outcome Evaluator::evaluate(const value& document, const ExactNumbers& exact) {
  steps_ = 0;
  gave_up_ = false;
  const bool valid = accepts(program_.root, document, exact);
  return gave_up_ ? Outcome::gave_up : valid ? Outcome::valid : Outcome::invalid;
}

bool Evaluator::accepts(NodeIndex node, const value& value, const ExactNumbers& exact) {
  exact_ = &exact;
  depth_ = 0;
  return node == kNoNode || check(node, value);
}

bool Evaluator::accepts_name(NodeIndex node, std::string_view name, const ExactNumbers& exact) {
  exact_ = &exact;
  depth_ = 0;
  return check_name(node, name);
}

bool Evaluator::check(NodeIndex index, const value& value) {
  if (++depth_ > limits_.depth) gave_up_ = true;
  bool accepted = !gave_up_;
  while (accepted) {
    const Node& node = program_.nodes[index];
    accepted = false;
    if (!spend(1)) break;
    if (!check_kind(node, value)) break;
    if (node.enumeration != kNoRule && !matches_enumeration(program_.enumerations[node.enumeration], value))
      break;
    if (node.constant != kNoRule && !matches_enumeration(program_.enumerations[node.constant], value)) break;
    if (node.logic != kNoRule && !check_logic(program_.logics[node.logic], value)) break;
    accepted = true;
    if (node.ref == kNoNode) break;
    index = node.ref;
  }
  --depth_;
  return accepted;
}

// The type, and what only values of that type are asked for.
bool Evaluator::check_kind(const Node& node, const value& value) {
  const TypeMask types = node.types;
  switch (value.kind()) {
    case kind::object:
      return (types & kObjectType) != 0 &&
             (node.object == kNoRule ||
              check_object(program_.objects[node.object], value.get_object(), value));
    case kind::string:
      return (types & kStringType) != 0 &&
             (node.string == kNoRule ||
              check_string(program_.strings[node.string], view(value.get_string())));
    case kind::array:
      return (types & kArrayType) != 0 &&
             (node.array == kNoRule || check_array(program_.arrays[node.array], value.get_array()));
    case kind::int64:
    case kind::uint64:
    case kind::double_: {
      if ((types & kNumberType) == 0) return false;
      const Number number{value, *exact_};
      if ((types & kFractionType) == 0 && !number.is_integer()) return false;
      return node.number == kNoRule || check_number(program_.numbers[node.number], number);
    }
    case kind::bool_: return (types & kBooleanType) != 0;
    case kind::null: return (types & kNullType) != 0;
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
  return length_fits(rules, text) && (rules.pattern == kNoRule || matches_pattern(rules.pattern, text));
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

bool Evaluator::matches_enumeration(const Enumeration& enumeration, const value& value) {
  if (const auto* string = value.if_string()) {
    const std::string_view text = view(*string);
    if (!enumeration.string_table.entries().empty()) return enumeration.string_table.find(text) != nullptr;
    return std::any_of(enumeration.strings.begin(), enumeration.strings.end(),
                       [text](std::string_view allowed) { return same_text(allowed, text); });
  }
  if (!spend(enumeration.others.size())) return false;
  return std::any_of(enumeration.others.begin(), enumeration.others.end(), [&](const auto* allowed) {
    return equal({*allowed, *enumeration.exact}, {value, *exact_});
  });
}

bool Evaluator::check_array(const ArrayRules& rules, const array& elements) {
  if (elements.size() < rules.min_items || elements.size() > rules.max_items) return false;
  const std::size_t prefix = std::min(elements.size(), rules.prefix.size());
  for (std::size_t i = 0; i < prefix; ++i) {
    if (rules.prefix[i] != kNoNode && !check(rules.prefix[i], elements[i])) return false;
  }
  if (rules.rest != kNoNode) {
    for (std::size_t i = prefix; i < elements.size(); ++i) {
      if (!check(rules.rest, elements[i])) return false;
    }
  }
  if (rules.unique && find_equal(elements).first != elements.size()) return false;
  return rules.contains == kNoNode || check_contains(rules, elements);
}

bool Evaluator::check_contains(const ArrayRules& rules, const array& elements) {
  std::uint64_t found = 0;
  for (const value& element : elements) {
    if (check(rules.contains, element)) ++found;
    if (found > rules.max_contains) return false;
    if (found >= rules.min_contains && rules.max_contains == kNoCount) return true;
  }
  return found >= rules.min_contains;
}

std::pair<std::size_t, std::size_t> Evaluator::find_equal(const array& elements) {
  const std::size_t none = elements.size();
  const auto same = [&](std::size_t i, std::size_t j) {
    return spend(1) && equal({elements[i], *exact_}, {elements[j], *exact_});
  };
  constexpr std::size_t kPairwise = 6;
  if (elements.size() <= kPairwise) {
    for (std::size_t j = 1; j < elements.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        if (same(i, j)) return {i, j};
      }
    }
    return {none, none};
  }
  hashes_.clear();
  for (std::size_t i = 0; i < elements.size(); ++i) hashes_.emplace_back(hash_of({elements[i], *exact_}), i);
  std::sort(hashes_.begin(), hashes_.end());
  for (std::size_t j = 1; j < hashes_.size(); ++j) {
    for (std::size_t i = j; i-- > 0 && hashes_[i].first == hashes_[j].first;) {
      if (same(hashes_[i].second, hashes_[j].second)) return {hashes_[i].second, hashes_[j].second};
      if (gave_up_) return {none, none};
    }
  }
  return {none, none};
}

bool Evaluator::check_member(const ObjectRules& rules, const boost::json::key_value_pair& member,
                             std::size_t& required) {
  const std::string_view name = view(member.key());
  bool evaluated = false;
  if (const NameEntry* entry = rules.names.find(name)) {
    required += entry->required ? 1 : 0;
    if (entry->node != kNoNode && !check(entry->node, member.value())) return false;
    evaluated = entry->declared;
  }
  for (const PatternProperty& property : rules.patterns) {
    if (!matches_pattern(property.pattern, name)) continue;
    if (property.node != kNoNode && !check(property.node, member.value())) return false;
    evaluated = true;
  }
  if (evaluated) return true;
  return !rules.closed && (rules.additional == kNoNode || check(rules.additional, member.value()));
}

bool Evaluator::check_object(const ObjectRules& rules, const object& members, const value& value) {
  if (members.size() < rules.min_properties || members.size() > rules.max_properties) return false;
  std::size_t required = 0;
  if (!spend(members.size())) return false;
  for (const auto& member : members) {
    if (!check_member(rules, member, required)) return false;
  }
  if (required != rules.required) return false;
  if (rules.property_names != kNoNode) {
    for (const auto& member : members) {
      if (!check_name(rules.property_names, view(member.key()))) return false;
    }
  }
  return rules.dependencies.empty() || check_dependencies(rules, members, value);
}

bool Evaluator::check_dependencies(const ObjectRules& rules, const object& members, const value& value) {
  for (const Dependency& dependency : rules.dependencies) {
    if (!members.contains(dependency.name)) continue;
    for (const std::string_view name : dependency.required) {
      if (!members.contains(name)) return false;
    }
    if (dependency.node != kNoNode && !check(dependency.node, value)) return false;
  }
  return true;
}

// A name is a string value of its own. Short ones are kept in place; the rest of this is rare.
bool Evaluator::check_name(NodeIndex node, std::string_view name) {
  const value text(boost::json::string_view{name.data(), name.size()});
  return check(node, text);
}

bool Evaluator::check_logic(const Logic& logic, const value& value) {
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
  if (logic.condition == kNoNode) return true;
  const NodeIndex branch = accepts(logic.condition) ? logic.then : logic.otherwise;
  return branch == kNoNode || accepts(branch);
}

}  // namespace gate::schema
