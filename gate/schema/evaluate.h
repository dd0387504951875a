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

// What one evaluation may cost: tens of milliseconds for what schemas do, a second at the very most.
struct EvaluationLimits {
  std::uint64_t steps = 30'000'000;
  std::size_t depth = 1'000;  // schemas within each other, over all levels of the document
};

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

  // Two equal elements by their index, or {size, size} where all differ.
  std::pair<std::size_t, std::size_t> find_equal(Elements elements);

 private:
  bool check(NodeIndex index, const Cell& value);
  bool check_kind(const Node& node, const Cell& value);
  bool check_number(const NumberRules& rules, const Number& number);
  bool check_string(const StringRules& rules, std::string_view text);
  bool check_array(const ArrayRules& rules, Elements elements);
  bool check_contains(const ArrayRules& rules, Elements elements);
  bool check_object(const ObjectRules& rules, const Cell& object);
  struct Walk {
    std::size_t next = 0;      // of the schema's names, the one that is likely to come
    std::size_t required = 0;  // names found that are
  };
  bool check_member(const ObjectRules& rules, const Member& member, Walk& walk);
  bool check_dependencies(const ObjectRules& rules, const Cell& object);
  bool check_logic(const Logic& logic, const Cell& value);
  bool matches_enumeration(const Enumeration& enumeration, const Cell& value);
  bool matches_pattern(RuleIndex pattern, std::string_view text);
  bool spend(std::uint64_t steps) {
    steps_ += steps;
    if (steps_ <= limits_.steps) return true;
    gave_up_ = true;
    return false;
  }

  const Program& program_;
  EvaluationLimits limits_;
  std::uint64_t steps_ = 0;
  std::size_t depth_ = 0;
  bool gave_up_ = false;
  PatternScratch scratch_;
  struct Hashed {
    std::size_t hash;
    std::size_t index;
    const Cell* element;
  };
  std::vector<Hashed> hashes_;  // of elements
};

}  // namespace gate::schema
