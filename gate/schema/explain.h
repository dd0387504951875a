#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gate/schema/evaluate.h"
#include "gate/schema/program.h"

namespace gate::schema {

// One thing that is wrong with a document, or that could not be found out.
struct Fault {
  std::string keyword;       // the schema keyword: "minimum"; "false" for a schema that allows nothing;
                             // "pattern_limit" and "budget" where a limit was reached; "invalid" where
                             // that kept the reason from being found
  std::string instance;      // pointer into the document: the value at fault, the object that lacks something
  std::string place;         // the same with the indexes of arrays as `*`: it stays when elements move
  std::uint32_t offset = 0;  // of that value in the document's text, or of its key where that is at fault
  bool at_key = false;       // the property's name is at fault, not its value
  std::uint32_t source = 0;  // of Program::sources
  std::string schema;        // pointer to the keyword in that source
  std::string message;       // one sentence: "0 is less than the minimum 1"
  std::string value;         // the offending value as JSON, cut; "object", "array" or "[redacted]"
  std::vector<std::string> expected;  // what would have been right, as JSON, where that is a short list
  bool undecided = false;             // not found out: no fault, but no pass either

  bool operator==(const Fault&) const = default;
};

struct Explanation {
  std::vector<Fault> faults;  // in the order of the schema's walk over the document
  std::size_t omitted = 0;    // beyond the most that were asked for
};

struct ExplainOptions {
  std::size_t max_faults = 10'000;
  EvaluationLimits limits;
};

// All faults of a document, or none where it is valid. Of the branches of an `anyOf` or `oneOf` only
// one is explained: the one that a `const` or `enum` of the document's own selects, else the one that
// came farthest. Values under a schema with `"x-sensitive": true` are not quoted.
Explanation explain(const Program& program, const Cell& document, const ExplainOptions& options);

}  // namespace gate::schema
