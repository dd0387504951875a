#pragma once

#include <set>
#include <string_view>

#include "gate/schema/evaluate.h"
#include "gate/schema/fault_log.h"
#include "gate/schema/program.h"

namespace gate::schema {

std::set<std::string_view> names_of(Members members);

// Says what one schema's own assertions find wrong with one value: everything but what its subschemas
// say. The log must be where the value is.
class Assertions {
 public:
  Assertions(const Program& program, Evaluator& evaluator, FaultLog& log)
      : program_(program), evaluator_(evaluator), log_(log) {}

  void check(const Node& node, const Cell& at);

 private:
  [[nodiscard]] static bool type_fits(const Node& node, const Cell& at);
  void enumeration(const Node& node, RuleIndex rule, const Cell& at);
  void number(const Node& node, const NumberRules& rules, const Cell& at);
  void string(const Node& node, const StringRules& rules, const Cell& at);
  void pattern(const Node& node, RuleIndex rule, const Cell& at);
  void array(const Node& node, const ArrayRules& rules, const Cell& at);
  void unique(const Node& node, Elements elements);
  void contains(const Node& node, const ArrayRules& rules, const Cell& at);
  void object(const Node& node, const ObjectRules& rules, const Cell& at);
  void dependencies(const Node& node, const ObjectRules& rules, const Cell& at);

  const Program& program_;
  Evaluator& evaluator_;
  FaultLog& log_;
};

}  // namespace gate::schema
