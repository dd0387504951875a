#include "gate/schema/assertions.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/utf8.h"
#include "gate/schema/equality.h"
#include "gate/schema/fault_text.h"
#include "gate/schema/types.h"

namespace gate::schema {

std::set<std::string_view> names_of(Members members) {
  std::set<std::string_view> names;
  for (const Member member : members) names.insert(member.key());
  return names;
}

void Assertions::check(const Node& node, const Cell& at) {
  if (node.never) {
    log_.add(at, {node, "false", log_.say(at) + " is not allowed here: no value is"});
    return;
  }
  if (!type_fits(node, at)) {
    log_.add(at, {node, "type", fmt::format("{} {}", log_.say(at), is_none_of(node.types)),
                  type_names(node.types)});
  } else {
    enumeration(node, node.enumeration, at);
    enumeration(node, node.constant, at);
  }
  if (at.is_number() && node.number != kNoRule) number(node, program_.numbers[node.number], at);
  if (at.is_string() && node.string != kNoRule) string(node, program_.strings[node.string], at);
  if (at.is_array() && node.array != kNoRule) array(node, program_.arrays[node.array], at);
  if (at.is_object() && node.object != kNoRule) object(node, program_.objects[node.object], at);
}

bool Assertions::type_fits(const Node& node, const Cell& at) {
  if (at.is_number()) {
    const TypeMask type = is_integer(node, at) ? kNumberType : kFractionType;
    return (node.types & type) != 0;
  }
  const TypeMask type = at.is_string()             ? kStringType
                        : at.is_object()           ? kObjectType
                        : at.is_array()            ? kArrayType
                        : at.kind == Kind::boolean ? kBooleanType
                                                   : kNullType;
  return (node.types & type) != 0;
}

void Assertions::enumeration(const Node& node, RuleIndex rule, const Cell& at) {
  if (rule == kNoRule) return;
  const Enumeration& allowed = program_.enumerations[rule];
  std::vector<std::string> expected;
  for (const Cell& one : allowed.values.root().elements()) {
    if (equal(one, at)) return;
    expected.push_back(as_json(one));
  }
  std::string hint;
  if (at.is_string() && !allowed.is_const) hint = log_.hint(at.string(), allowed.strings);
  const std::string_view keyword = allowed.is_const ? "const" : "enum";
  const std::string_view words = allowed.is_const ? "is not" : "is not one of";
  std::string message = expected.empty()
                            ? log_.say(at) + " is not allowed: the list of values is empty"
                            : fmt::format("{} {} {}{}", log_.say(at), words, listed(expected), hint);
  log_.add(at, {node, keyword, std::move(message), std::move(expected)});
}

void Assertions::number(const Node& node, const NumberRules& rules, const Cell& at) {
  const Number number{at};
  const auto bound = [&](const std::optional<Number>& limit, bool broken, std::string_view keyword,
                         std::string_view words) {
    if (!limit || !broken) return;
    log_.add(at, {node,
                  keyword,
                  fmt::format("{} {} {}", log_.say(at), words, limit->to_string()),
                  {limit->to_string()}});
  };
  bound(rules.minimum, rules.minimum && number < *rules.minimum, "minimum", "is less than the minimum");
  bound(rules.maximum, rules.maximum && number > *rules.maximum, "maximum", "is more than the maximum");
  bound(rules.exclusive_minimum, rules.exclusive_minimum && number <= *rules.exclusive_minimum,
        "exclusiveMinimum", "is not more than");
  bound(rules.exclusive_maximum, rules.exclusive_maximum && number >= *rules.exclusive_maximum,
        "exclusiveMaximum", "is not less than");
  if (!rules.divisor) return;
  const auto divides = rules.divisor->divides(number);
  bound(rules.multiple_of, !divides.value_or(true), "multipleOf", "is not a multiple of");
  if (!divides)
    log_.add_undecided(at, {node, "multipleOf", log_.say(at) + " has too many digits to be divided"},
                       "budget");
}

void Assertions::string(const Node& node, const StringRules& rules, const Cell& at) {
  const std::string_view text = at.string();
  const std::uint64_t length = count_code_points(text);
  if (length < rules.min_length) {
    const std::string few = too_few(length, "character", "characters", rules.min_length);
    log_.add(at, {node, "minLength", fmt::format("{} {}", log_.say(at), few)});
  }
  if (length > rules.max_length) {
    const std::string many = too_many(length, "character", "characters", rules.max_length);
    log_.add(at, {node, "maxLength", fmt::format("{} {}", log_.say(at), many)});
  }
  if (rules.pattern != kNoRule) pattern(node, rules.pattern, at);
  if (rules.format && !has_format(*rules.format, text)) {
    log_.add(at, {node, "format", fmt::format("{} is not {}", log_.say(at), format_phrase(*rules.format))});
  }
}

void Assertions::pattern(const Node& node, RuleIndex rule, const Cell& at) {
  const Match match = evaluator_.test(rule, at.string());
  if (match == Match::yes) return;
  const std::string source = quoted(program_.pattern_sources[rule]);
  if (match == Match::no) {
    log_.add(at, {node, "pattern", fmt::format("{} does not match the pattern {}", log_.say(at), source)});
    return;
  }
  log_.add_undecided(
      at,
      {node, "pattern", fmt::format("matching {} with the pattern {} takes too long", log_.say(at), source)},
      "pattern_limit");
}

void Assertions::array(const Node& node, const ArrayRules& rules, const Cell& at) {
  const std::size_t count = at.size;
  if (count < rules.min_items) {
    log_.add(at, {node, "minItems", "the array " + too_few(count, "item", "items", rules.min_items)});
  }
  if (count > rules.max_items) {
    log_.add(at, {node, "maxItems", "the array " + too_many(count, "item", "items", rules.max_items)});
  }
  if (rules.unique) unique(node, at.elements());
  if (rules.contains != kNoNode) contains(node, rules, at);
}

void Assertions::unique(const Node& node, Elements elements) {
  const auto [first, second] = evaluator_.find_equal(elements);
  if (first == elements.size()) return;
  const std::size_t low = std::min(first, second);
  const std::size_t high = std::max(first, second);
  const Cell& twin = *std::next(elements.begin(), static_cast<std::ptrdiff_t>(high));
  const std::string message = fmt::format("items {} and {} are equal", low, high);
  log_.below(high, twin, [&] { log_.add(twin, {node, "uniqueItems", message}); });
}

void Assertions::contains(const Node& node, const ArrayRules& rules, const Cell& at) {
  const Elements elements = at.elements();
  const auto found =
      static_cast<std::uint64_t>(std::count_if(elements.begin(), elements.end(), [&](const Cell& one) {
        return evaluator_.accepts(rules.contains, one);
      }));
  if (found == 0 && rules.min_contains == 1) {
    log_.add(at, {node, "contains", "the array has no item of the kind that \"contains\" asks for"});
  } else if (found < rules.min_contains) {
    log_.add(at, {node, "minContains",
                  "the array " + too_few(found, "fitting item", "fitting items", rules.min_contains)});
  } else if (found > rules.max_contains) {
    log_.add(at, {node, "maxContains",
                  "the array " + too_many(found, "fitting item", "fitting items", rules.max_contains)});
  }
}

void Assertions::object(const Node& node, const ObjectRules& rules, const Cell& at) {
  const Members members = at.members();
  const std::set<std::string_view> present = names_of(members);
  for (const NameEntry& entry : rules.names.entries()) {
    if (!entry.required || present.contains(entry.name)) continue;
    log_.add(at, {node,
                  "required",
                  fmt::format("the required property {} is missing", quoted(entry.name)),
                  {quoted(entry.name)}});
  }
  if (members.size() < rules.min_properties) {
    log_.add(at, {node, "minProperties",
                  "the object " + too_few(members.size(), "property", "properties", rules.min_properties)});
  }
  if (members.size() > rules.max_properties) {
    log_.add(at, {node, "maxProperties",
                  "the object " + too_many(members.size(), "property", "properties", rules.max_properties)});
  }
  dependencies(node, rules, at);
}

void Assertions::dependencies(const Node& node, const ObjectRules& rules, const Cell& at) {
  const Members members = at.members();
  for (const Dependency& dependency : rules.dependencies) {
    if (members.find(dependency.name) == nullptr) continue;
    for (const std::string_view name : dependency.required) {
      if (members.find(name) != nullptr) continue;
      log_.add(at, {node,
                    dependency.keyword,
                    fmt::format("the property {} requires {}, which is missing", quoted(dependency.name),
                                quoted(name)),
                    {quoted(name)}});
    }
  }
}

}  // namespace gate::schema
