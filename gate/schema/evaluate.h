#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

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

  Outcome evaluate(const boost::json::value& document, const ExactNumbers& exact);

  // Whether one node accepts one value of that document, for explanations: a limit reached counts as no,
  // and is told by gave_up().
  bool accepts(NodeIndex node, const boost::json::value& value, const ExactNumbers& exact);
  bool accepts_name(NodeIndex node, std::string_view name, const ExactNumbers& exact);
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  Match test(RuleIndex pattern, std::string_view text);

  // The first two equal elements, or {size, size} where all differ.
  std::pair<std::size_t, std::size_t> find_equal(const boost::json::array& elements);

 private:
  bool check(NodeIndex index, const boost::json::value& value);
  bool check_kind(const Node& node, const boost::json::value& value);
  bool check_number(const NumberRules& rules, const Number& number);
  bool check_string(const StringRules& rules, std::string_view text);
  bool check_array(const ArrayRules& rules, const boost::json::array& elements);
  bool check_contains(const ArrayRules& rules, const boost::json::array& elements);
  bool check_object(const ObjectRules& rules, const boost::json::object& members,
                    const boost::json::value& value);
  bool check_member(const ObjectRules& rules, const boost::json::key_value_pair& member,
                    std::size_t& required);
  bool check_dependencies(const ObjectRules& rules, const boost::json::object& members,
                          const boost::json::value& value);
  bool check_name(NodeIndex node, std::string_view name);
  bool check_logic(const Logic& logic, const boost::json::value& value);
  bool matches_enumeration(const Enumeration& enumeration, const boost::json::value& value);
  bool matches_pattern(RuleIndex pattern, std::string_view text);
  bool spend(std::uint64_t steps) {
    steps_ += steps;
    if (steps_ <= limits_.steps) return true;
    gave_up_ = true;
    return false;
  }

  const Program& program_;
  EvaluationLimits limits_;
  const ExactNumbers* exact_ = nullptr;
  std::uint64_t steps_ = 0;
  std::size_t depth_ = 0;
  bool gave_up_ = false;
  PatternScratch scratch_;
  std::vector<std::pair<std::size_t, std::size_t>> hashes_;  // of elements, with their index
};

}  // namespace gate::schema
