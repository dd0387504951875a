#pragma once

#include <string>
#include <vector>

#include "gate/slo/evaluation.h"

namespace gate::slo {

// One step of the arithmetic behind a verdict, for people: what is computed, by which formula, from which
// numbers, and what comes out.
struct Step {
  std::string what;     // "error budget"
  std::string formula;  // "1 - target"
  std::string numbers;  // "1 - 0.999"
  std::string result;   // "0.001"; for a decision "fires", "does not fire", "cannot be told: …"

  bool operator==(const Step&) const = default;
};

// The steps in the order in which they build on each other, from the target to the outcome. Made from the
// evaluation alone: it repeats what decided, and decides nothing.
std::vector<Step> explain(const Objective& objective, const Evaluation& made);

}  // namespace gate::slo
