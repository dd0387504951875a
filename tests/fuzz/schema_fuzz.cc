#include <algorithm>

#include "gate/load/json.h"
#include "gate/load/json_instance.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"
#include "gate/schema/output_units.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

// A hundredth of what a run may cost, so that inputs stay quick.
constexpr schema::EvaluationLimits kLimits{100'000, 0, 500};

void check_document(const schema::Program& program, const schema::Instance& document) {
  schema::Evaluator evaluator{program, kLimits};
  const schema::Outcome outcome = evaluator.evaluate(document.root());
  require(outcome == evaluator.evaluate(document.root()), "a second look sees the same");
  schema::ExplainOptions options;
  options.limits = kLimits;
  const schema::Explanation explained = schema::explain(program, document.root(), options);
  const bool fault = std::any_of(explained.faults.begin(), explained.faults.end(),
                                 [](const schema::Fault& f) { return !f.undecided; });
  if (outcome == schema::Outcome::valid) require(explained.faults.empty(), "a valid document has no fault");
  if (outcome == schema::Outcome::invalid) require(fault, "an invalid document has a fault");
  if (outcome == schema::Outcome::gave_up) require(!explained.faults.empty(), "what is undecided is told");
  const schema::OutputUnits units = schema::find_output_units(program, document.root(), kLimits);
  if (units.complete && outcome != schema::Outcome::gave_up) {
    require(units.root.valid == (outcome == schema::Outcome::valid), "the units say what the evaluator says");
  }
  for (const schema::Fault& one : explained.faults)
    require(!one.message.empty(), "a fault says what is wrong");
}

}  // namespace

void fuzz_schema(std::string_view input) {
  const auto [schema_text, document_text] = two_texts(input);
  const auto schema_document = load::parse_json(schema_text);
  if (!schema_document) return;
  const auto compiled = schema::compile({&schema_document->root, &schema_document->exact, "", "schema.json"});
  require(compiled.program.has_value() == compiled.defects.empty(), "a program, or why there is none");
  if (!compiled.program) return;
  load::JsonInstanceReader reader;
  const auto document = reader.read(document_text);
  if (document) check_document(*compiled.program, **document);
}

}  // namespace gate::fuzz
