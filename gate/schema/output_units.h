#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "gate/schema/evaluate.h"
#include "gate/schema/program.h"

namespace gate::schema {

// What one schema says of one value: an output unit of the JSON Schema specification, with those of its
// subschemas below it.
struct OutputUnit {
  bool valid = true;
  // Whether it is a reason for the unit above to be invalid, or could be: no subschema of a `not`, an `if`,
  // a `contains`, or of an `anyOf` that holds.
  bool counts = true;
  std::string evaluation_path;    // the keywords passed on the way, references among them, as a JSON pointer
  std::string schema_location;    // absolute URI with a JSON pointer as its fragment
  std::string instance_location;  // JSON pointer
  std::vector<std::pair<std::string, std::string>> errors;       // keyword, message; "" for a `false` schema
  std::vector<std::pair<std::string, std::string>> annotations;  // keyword, JSON; of valid units only
  std::vector<OutputUnit> details;
};

struct OutputUnits {
  OutputUnit root;
  Outcome outcome = Outcome::valid;  // the evaluator's, which decides; what is complete says the same
  bool complete = true;              // false: there were more units than a document may have
};

// All units of a document. Values under `"x-sensitive": true` are not quoted.
OutputUnits find_output_units(const Program& program, const Cell& document,
                              const EvaluationLimits& limits = {});

}  // namespace gate::schema
