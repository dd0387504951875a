#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/schema/instance.h"
#include "gate/schema/program.h"

namespace gate::schema {

enum class Outcome {
  valid,
  invalid,
  gave_up,  // a pattern's match limit, the step budget or the depth was reached: neither of the two
};

// What one evaluation may cost: a share of a second for a small document whatever its schema does, and no
// more for each value than any schema in use needs.
struct EvaluationLimits {
  std::uint64_t steps = 5'000'000;
  std::uint64_t steps_per_value = 100;
  std::size_t depth = 1'000;  // schemas within each other, over all levels of the document
};

// Whether a node that asks for an integer takes a number.
inline bool is_integer(const Node& node, const Cell& number) {
  if (node.integers_as_written && number.kind == Kind::real) return false;
  return Number{number}.is_integer();
}

// Decides whether documents are valid. Records nothing and, once warm, allocates nothing. Used by one
// thread; the program may be shared.
class Evaluator {
 public:
  explicit Evaluator(const Program& program, const EvaluationLimits& limits = {});

  Outcome evaluate(const Cell& document);

  // Whether one node accepts one value of that document, for explanations: a limit reached counts as no,
  // and is told by gave_up().
  bool accepts(NodeIndex node, const Cell& value);
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  Match test(RuleIndex pattern, std::string_view text);

  // What the schemas of a node evaluate of an object or array: the values of members, or elements, in
  // order; what its `unevaluated…` allows is not among them. The node accepts the value but for that.
  std::vector<const Cell*> evaluated(NodeIndex node, const Cell& value);

  // The resources that evaluation came through decide where dynamic references lead. Whoever walks the
  // schema beside the evaluator says where it is: enter() before parts of the node are asked for, leave()
  // after.
  std::size_t enter(const Node& node) {
    const std::size_t outer = scope_.size();
    if (!program_.has_dynamic_scope) return outer;
    const auto index = static_cast<std::size_t>(&node - program_.nodes.data());
    const std::uint32_t resource = program_.origins[index].resource;
    if (scope_.empty() || scope_.back() != resource) scope_.push_back(resource);
    return outer;
  }
  void leave(std::size_t outer) { scope_.resize(outer); }
  // Where a dynamic reference leads, from there.
  NodeIndex target(const DynamicRef& ref);

  // Two equal elements by their index, or {size, size} where all differ.
  std::pair<std::size_t, std::size_t> find_equal(Elements elements);

 private:
  bool check(NodeIndex index, const Cell& value) {
    const Node& node = program_.nodes[index];
    return node.shortcut != Shortcut::none ? check_shortcut(node, value) : check_whole(index, value);
  }
  bool check_whole(NodeIndex index, const Cell& value);
  bool check_shortcut(const Node& node, const Cell& value);
  bool check_type(const Node& node, const Cell& value);
  bool check_rules(const Node& node, const Cell& value);
  bool check_special(const Node& node, const Cell& value);
  bool check_kind(const Node& node, const Cell& value);
  bool check_number(const NumberRules& rules, const Number& number);
  bool check_string(const StringRules& rules, std::string_view text);
  bool check_array(const ArrayRules& rules, Elements elements);
  bool check_contains(const ArrayRules& rules, Elements elements);
  bool check_object(const ObjectRules& rules, const Cell& object);
  struct Walk {
    const NameEntry* next;     // of the schema's names, the one that is likely to come
    std::size_t required = 0;  // names found that are
  };
  bool check_member(const ObjectRules& rules, const Member& member, Walk& walk);
  bool check_dependencies(const ObjectRules& rules, const Cell& object);
  bool check_logic(const Logic& logic, const Cell& value);
  bool check_unevaluated(const Unevaluated& rules, const Node& node, const Cell& value);
  void collect(NodeIndex index, const Cell& value);
  void collect_rules(const Node& node, const Cell& value);
  void collect_members(const ObjectRules& rules, const Cell& object);
  void collect_elements(const ArrayRules& rules, const Cell& array);
  void collect_logic(const Logic& logic, const Cell& value);
  void mark_all(const Cell& value);
  bool matches_enumeration(const Enumeration& enumeration, const Cell& value);
  bool matches_pattern(RuleIndex pattern, std::string_view text);
  bool spend(std::uint64_t steps) {
    steps_ += steps;
    if (steps_ <= most_steps_) return true;
    gave_up_ = true;
    return false;
  }

  const Program& program_;
  EvaluationLimits limits_;
  std::uint64_t steps_ = 0;
  std::uint64_t most_steps_;
  std::size_t depth_ = 0;
  bool gave_up_ = false;
  PatternScratch scratch_;
  struct Hashed {
    std::size_t hash;
    std::size_t index;
    const Cell* element;
  };
  std::vector<Hashed> hashes_;        // of elements
  std::vector<std::uint32_t> scope_;  // resources, outermost first
  std::vector<const Cell*> marks_;    // what was evaluated, of all values whose marks are being collected
};

inline bool Evaluator::check_rules(const Node& node, const Cell& value) {
  if (!check_kind(node, value)) return false;
  if (node.enumeration != kNoRule && !matches_enumeration(program_.enumerations[node.enumeration], value))
    return false;
  if (node.constant != kNoRule && !matches_enumeration(program_.enumerations[node.constant], value))
    return false;
  return node.logic == kNoRule || check_logic(program_.logics[node.logic], value);
}

}  // namespace gate::schema
