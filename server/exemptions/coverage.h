#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/policy/exemption_rules.h"

namespace server::exemptions {

// Which findings are asked about: in files that match one of the globs, of a rule where one is given.
struct Question {
  std::vector<std::string> files;
  std::optional<std::string> rule;  // a rule id, or a glob over rule ids

  bool operator==(const Question&) const = default;
};

// A record whose scope such findings can be in.
struct Covering {
  const gate::policy::CheckedExemption* record = nullptr;
  bool certain = false;            // false: its scope names tests or fingerprints too, or no path at all
  std::vector<std::string> files;  // the globs of the question it shares files with
};

struct Coverage {
  std::vector<Covering> found;         // in the order of the register
  std::vector<std::string> uncovered;  // globs that no record in force covers for certain
  bool complete = true;                // false: the bound on steps was reached, the rest was not compared
};

// Pure, and bounded: a register or a question made to be slow is not compared to its end.
Coverage find_coverage(const Question& question, const gate::policy::CheckedRegister& checked);

}  // namespace server::exemptions
