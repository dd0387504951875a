#include "gate/schema/explain.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/schema/branches.h"
#include "gate/schema/equality.h"
#include "gate/schema/fault_log.h"
#include "gate/schema/fault_text.h"
#include "gate/schema/types.h"

namespace gate::schema {
namespace {

std::set<std::string_view> names_of(Members members) {
  std::set<std::string_view> names;
  for (const Member member : members) names.insert(member.key());
  return names;
}

// Walks an invalid document along its schema and writes down everything that fails.
class Explainer {
 public:
  Explainer(const Program& program, const ExplainOptions& options)
      : program_(program),
        limits_(options.limits),
        evaluator_(program, options.limits),
        log_(program, options.max_faults) {}

  Explanation run(const Cell& document) {
    const Outcome outcome = evaluator_.evaluate(document);
    if (outcome == Outcome::valid) return {};
    if (program_.has_sensitive) {
      log_.collect(true);
      node(program_.root, document);
      log_.collect(false);
    }
    steps_ = 0;
    out_of_steps_ = false;
    node(program_.root, document);
    // What failed may have failed because of the limit: only the limit is certain.
    if (outcome == Outcome::gave_up) log_.keep_undecided();
    if (outcome == Outcome::gave_up || evaluator_.gave_up() || out_of_steps_) note_undecided();
    if (outcome == Outcome::invalid && !log_.has_fault()) note_invalid();
    return log_.take();
  }

 private:
  // The verdict stands even where the limits kept its reason from being found.
  void note_invalid() {
    Fault fault;
    fault.keyword = "invalid";
    fault.message = "the document is invalid; why could not be found out within the limits";
    log_.add(std::move(fault));
  }

  void note_undecided() {
    if (log_.has_undecided()) return;
    Fault fault;
    fault.keyword = "budget";
    fault.message = "the document could not be checked within the limits";
    fault.undecided = true;
    log_.add(std::move(fault));
  }

  bool spend() {
    constexpr std::uint64_t kMaxSteps = 20'000'000;
    if (++steps_ <= kMaxSteps) return true;
    out_of_steps_ = true;
    return false;
  }

  void node(NodeIndex index, const Cell& at) {
    if (index == kNoNode || !spend()) return;
    if (++depth_ > limits_.depth) {
      out_of_steps_ = true;
    } else {
      node_within_depth(program_.nodes[index], at);
    }
    --depth_;
  }

  void node_within_depth(const Node& node, const Cell& at) {
    if (node.sensitive && log_.is_collecting()) log_.mark_sensitive();
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
    if (at.is_array() && node.array != kNoRule) items(node, program_.arrays[node.array], at);
    if (at.is_object() && node.object != kNoRule) properties(node, program_.objects[node.object], at);
    if (node.logic != kNoRule) logic(node, program_.logics[node.logic], at);
    this->node(node.ref, at);
  }

  [[nodiscard]] bool type_fits(const Node& node, const Cell& at) const {
    if (at.is_number()) {
      const TypeMask type = Number{at}.is_integer() ? kNumberType : kFractionType;
      return (node.types & type) != 0;
    }
    const TypeMask type = at.is_string()             ? kStringType
                          : at.is_object()           ? kObjectType
                          : at.is_array()            ? kArrayType
                          : at.kind == Kind::boolean ? kBooleanType
                                                     : kNullType;
    return (node.types & type) != 0;
  }

  void enumeration(const Node& node, RuleIndex rule, const Cell& at) {
    if (rule == kNoRule) return;
    const Enumeration& allowed = program_.enumerations[rule];
    std::vector<std::string> expected;
    for (const Cell& one : allowed.values.root().elements()) {
      if (equal(one, at)) return;
      expected.push_back(as_json(one));
    }
    std::string hint;
    if (at.is_string() && !allowed.is_const && !log_.is_sensitive())
      hint = did_you_mean(at.string(), allowed.strings);
    const std::string_view keyword = allowed.is_const ? "const" : "enum";
    const std::string_view words = allowed.is_const ? "is not" : "is not one of";
    std::string message = expected.empty()
                              ? log_.say(at) + " is not allowed: the list of values is empty"
                              : fmt::format("{} {} {}{}", log_.say(at), words, listed(expected), hint);
    log_.add(at, {node, keyword, std::move(message), std::move(expected)});
  }

  void number(const Node& node, const NumberRules& rules, const Cell& at) {
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

  void string(const Node& node, const StringRules& rules, const Cell& at) {
    const std::string_view text = at.string();
    const auto length = static_cast<std::uint64_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    if (length < rules.min_length) {
      const std::string few = too_few(length, "character", "characters", rules.min_length);
      log_.add(at, {node, "minLength", fmt::format("{} {}", log_.say(at), few)});
    }
    if (length > rules.max_length) {
      const std::string many = too_many(length, "character", "characters", rules.max_length);
      log_.add(at, {node, "maxLength", fmt::format("{} {}", log_.say(at), many)});
    }
    if (rules.pattern != kNoRule) pattern(node, rules.pattern, at);
  }

  void pattern(const Node& node, RuleIndex rule, const Cell& at) {
    const Match match = evaluator_.test(rule, at.string());
    if (match == Match::yes) return;
    const std::string source = quoted(program_.pattern_sources[rule]);
    if (match == Match::no) {
      log_.add(at, {node, "pattern", fmt::format("{} does not match the pattern {}", log_.say(at), source)});
      return;
    }
    log_.add_undecided(at,
                       {node, "pattern",
                        fmt::format("matching {} with the pattern {} takes too long", log_.say(at), source)},
                       "pattern_limit");
  }

  void items(const Node& node, const ArrayRules& rules, const Cell& at) {
    const std::size_t count = at.size;
    if (count < rules.min_items) {
      log_.add(at, {node, "minItems", "the array " + too_few(count, "item", "items", rules.min_items)});
    }
    if (count > rules.max_items) {
      log_.add(at, {node, "maxItems", "the array " + too_many(count, "item", "items", rules.max_items)});
    }
    const bool closed = rules.rest != kNoNode && program_.nodes[rules.rest].never && !rules.prefix.empty();
    std::size_t i = 0;
    for (const Cell& element : at.elements()) {
      const bool in_prefix = i < rules.prefix.size();
      if (closed && !in_prefix) {
        const std::string many = too_many(count, "item", "items", rules.prefix.size());
        log_.below(i, element, [&] { log_.add(element, {node, rules.rest_keyword, "the array " + many}); });
        break;
      }
      log_.below(i, element, [&] { this->node(in_prefix ? rules.prefix[i] : rules.rest, element); });
      ++i;
    }
    if (rules.unique) unique(node, at.elements());
    if (rules.contains != kNoNode) contains(node, rules, at);
  }

  void unique(const Node& node, Elements elements) {
    const auto [first, second] = evaluator_.find_equal(elements);
    if (first == elements.size()) return;
    const std::size_t low = std::min(first, second);
    const std::size_t high = std::max(first, second);
    const Cell& twin = *std::next(elements.begin(), static_cast<std::ptrdiff_t>(high));
    const std::string message = fmt::format("items {} and {} are equal", low, high);
    log_.below(high, twin, [&] { log_.add(twin, {node, "uniqueItems", message}); });
  }

  void contains(const Node& node, const ArrayRules& rules, const Cell& at) {
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

  void properties(const Node& node, const ObjectRules& rules, const Cell& at) {
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
      log_.add(at,
               {node, "maxProperties",
                "the object " + too_many(members.size(), "property", "properties", rules.max_properties)});
    }
    for (const Member member : members) {
      log_.below(member, [&] { property(node, rules, present, member); });
    }
    dependencies(node, rules, at);
  }

  void property(const Node& node, const ObjectRules& rules, const std::set<std::string_view>& present,
                const Member& member) {
    const std::string_view name = member.key();
    const Cell& at = member.value;
    bool evaluated = false;
    if (const NameEntry* entry = rules.names.find(name)) {
      this->node(entry->node, at);
      evaluated = entry->declared;
    }
    for (const PatternProperty& property : rules.patterns) {
      const Match match = evaluator_.test(property.pattern, name);
      if (match == Match::limit) {
        log_.add_undecided(at,
                           {node, "patternProperties",
                            fmt::format("matching the name {} with the pattern {} takes too long",
                                        quoted(name), quoted(property.source))},
                           "pattern_limit");
      }
      if (match != Match::yes) continue;
      this->node(property.node, at);
      evaluated = true;
    }
    if (rules.property_names != kNoNode) property_name(node, rules, member);
    if (evaluated) return;
    if (rules.closed) return unexpected(node, rules, present, member);
    this->node(rules.additional, at);
  }

  void unexpected(const Node& node, const ObjectRules& rules, const std::set<std::string_view>& present,
                  const Member& member) {
    std::vector<std::string_view> absent;
    for (const NameEntry& entry : rules.names.entries()) {
      if (entry.declared && !present.contains(entry.name)) absent.push_back(entry.name);
    }
    const std::string hint = did_you_mean(member.key(), absent);
    Said said{node, "additionalProperties",
              fmt::format("the property {} is not allowed{}", quoted(member.key()), hint)};
    said.at_key = true;
    log_.add(member.value, std::move(said));
  }

  void property_name(const Node& node, const ObjectRules& rules, const Member& member) {
    if (evaluator_.accepts(rules.property_names, member.name)) return;
    const std::vector<Fault> why = faults_of(rules.property_names, member.name);
    Said said{node, "propertyNames", fmt::format("the name {} is not allowed", quoted(member.key()))};
    if (!why.empty()) said.message += ": " + why.front().message;
    said.at_key = true;
    log_.add(member.value, std::move(said));
  }

  void dependencies(const Node& node, const ObjectRules& rules, const Cell& at) {
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
      this->node(dependency.node, at);
    }
  }

  void logic(const Node& node, const Logic& logic, const Cell& at) {
    for (const NodeIndex one : logic.all_of) this->node(one, at);
    if (!logic.any_of.empty()) alternatives(node, "anyOf", logic.any_of, at);
    if (!logic.one_of.empty()) alternatives(node, "oneOf", logic.one_of, at);
    if (logic.negated != kNoNode && evaluator_.accepts(logic.negated, at)) {
      log_.add(at, {node, "not", log_.say(at) + " is what \"not\" excludes"});
    }
    if (logic.condition == kNoNode) return;
    this->node(evaluator_.accepts(logic.condition, at) ? logic.then : logic.otherwise, at);
  }

  void alternatives(const Node& node, std::string_view keyword, const std::vector<NodeIndex>& nodes,
                    const Cell& at) {
    std::vector<std::string> fitting;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (evaluator_.accepts(nodes[i], at)) fitting.push_back(std::to_string(i + 1));
    }
    if (log_.is_collecting()) {
      for (const NodeIndex one : nodes) this->node(one, at);
      return;
    }
    if (fitting.size() == 1 || (fitting.size() > 1 && keyword == "anyOf")) return;
    if (fitting.size() > 1) {
      log_.add(at, {node, keyword,
                    fmt::format("{} fits alternatives {} of {}, but only one may fit", log_.say(at),
                                listed(fitting), nodes.size())});
      return;
    }
    std::vector<std::vector<Fault>> branches;
    for (const NodeIndex one : nodes) branches.push_back(faults_of(one, at));
    none_fits(node, keyword, std::move(branches), at);
  }

  void none_fits(const Node& node, std::string_view keyword, std::vector<std::vector<Fault>> branches,
                 const Cell& at) {
    if (const auto names = only_types(branches, log_.path())) {
      const TypeMask types = types_named(*names);
      log_.add(at, {node, keyword, fmt::format("{} {}", log_.say(at), is_none_of(types)), type_names(types)});
      return;
    }
    const Choice choice = choose_branch(branches, log_.path());
    std::vector<Fault>& chosen = branches[choice.branch];
    if (!choice.is_certain && !chosen.empty()) {
      chosen.front().message += fmt::format(" (the closest of {} alternatives)", branches.size());
    }
    for (Fault& fault : chosen) log_.add(std::move(fault));
  }

  // What is wrong with one value under one schema, apart from everything found so far.
  std::vector<Fault> faults_of(NodeIndex index, const Cell& at) {
    return log_.aside([&] { node(index, at); });
  }

  const Program& program_;
  EvaluationLimits limits_;
  Evaluator evaluator_;
  FaultLog log_;
  std::size_t depth_ = 0;
  std::uint64_t steps_ = 0;
  bool out_of_steps_ = false;
};

}  // namespace

Explanation explain(const Program& program, const Cell& document, const ExplainOptions& options) {
  return Explainer{program, options}.run(document);
}

}  // namespace gate::schema
