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
  std::vector<std::string> files;  // the globs of the question it shares files with
  std::vector<std::string> whole;  // those of them of which it covers every file and every finding
};

struct Coverage {
  std::vector<Covering> found;         // in the order of the register
  std::vector<std::string> uncovered;  // globs that no record in force covers for certain
  bool complete = true;                // false: the bound on steps was reached, the rest was not compared
};

// Whether every name that `asked` stands for is one that `glob` stands for. False also where the simple rules
// it goes by do not say: the same glob, a name without wildcards, `**`, all of a folder.
bool is_certainly_in(const std::string& asked, const std::string& glob);

// Pure, and bounded: a register or a question made to be slow is not compared to its end.
Coverage find_coverage(const Question& question, const gate::policy::CheckedRegister& checked);

}  // namespace server::exemptions
