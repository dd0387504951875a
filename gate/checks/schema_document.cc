#include "gate/checks/schema_document.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gate/load/json_positions.h"
#include "gate/load/yaml.h"
#include "gate/schema/explain.h"

namespace gate::checks {
namespace {

using policy::Finding;
using schema::Fault;

Finding malformed(const DocumentText& document, const Error& error) {
  const load::PlacedMessage placed = load::placed_message(error.message);
  Finding finding =
      policy::violation("schema.malformed_document", policy::Severity::error, document.path, placed.message);
  finding.location = {
      document.path, placed.position.line + document.first_line - 1, placed.position.column, {}};
  return finding;
}

Finding finding_of(const Fault& fault, const std::string& path, const schema::Program& program) {
  const std::string rule = "schema." + fault.keyword;
  Finding finding = fault.undecided ? policy::undecided(rule, policy::Reason::budget, path, fault.message)
                                    : policy::violation(rule, policy::Severity::error, path, fault.message);
  const schema::Source& source = program.sources[fault.source];
  finding.key = source.name + "#" + starred(*source.root, fault.schema) + " " + fault.place;
  return finding;
}

}  // namespace

void merge(DocumentOutcome& whole, DocumentOutcome part) {
  whole.documents += part.documents;
  whole.invalid += part.invalid;
  whole.undecided += part.undecided;
  whole.faults += part.faults;
  std::move(part.findings.begin(), part.findings.end(), std::back_inserter(whole.findings));
  whole.omitted.errors += part.omitted.errors;
  whole.omitted.undecided += part.omitted.undecided;
}

void keep_at_most(DocumentOutcome& outcome, std::size_t most) {
  if (outcome.findings.size() <= most) return;
  const auto rest = outcome.findings.begin() + static_cast<std::ptrdiff_t>(most);
  std::for_each(rest, outcome.findings.end(),
                [&](const Finding& finding) { policy::omit(outcome.omitted, finding); });
  outcome.findings.erase(rest, outcome.findings.end());
}

void add_malformed(DocumentOutcome& outcome, Finding finding, std::string_view why,
                   const DocumentRules& rules) {
  ++outcome.documents;
  ++outcome.invalid;
  ++outcome.faults;
  if (rules.output != nullptr) {
    outcome.output.add(finding.location.line, schema::output_of_malformed(why, rules.output->format));
  }
  outcome.findings.push_back(std::move(finding));
}

DocumentCheck::DocumentCheck(const DocumentRules& rules, const load::JsonLimits& limits)
    : rules_(rules), limits_(limits), reader_(limits), evaluator_(rules.schema.program) {}

Result<const schema::Instance*> DocumentCheck::read(const DocumentText& document) {
  if (document.syntax == Syntax::json) return reader_.read(document.text);
  if (auto read = load::read_yaml(document.text, yaml_, limits_); !read) return read.error();
  return &std::as_const(yaml_);
}

void DocumentCheck::check(const DocumentText& document, DocumentOutcome& outcome) {
  const auto instance = read(document);
  if (!instance) {
    return add_malformed(outcome, malformed(document, instance.error()), instance.error().message, rules_);
  }
  ++outcome.documents;
  const schema::Cell& root = (*instance)->root();
  if (rules_.output != nullptr) {
    outcome.output.add(document.first_line,
                       schema::output_of(rules_.schema.program, root, rules_.output->format));
  }
  switch (evaluator_.evaluate(root)) {
    case schema::Outcome::valid: return;
    case schema::Outcome::invalid: ++outcome.invalid; break;
    case schema::Outcome::gave_up: ++outcome.undecided; break;
  }
  explain(document, **instance, outcome);
}

void DocumentCheck::explain(const DocumentText& document, const schema::Instance& instance,
                            DocumentOutcome& outcome) {
  schema::Explanation why = schema::explain(rules_.schema.program, instance.root(), {});
  std::stable_sort(why.faults.begin(), why.faults.end(),
                   [](const Fault& a, const Fault& b) { return a.offset < b.offset; });
  std::vector<std::size_t> offsets;
  for (const Fault& fault : why.faults) offsets.push_back(fault.offset);
  const std::vector<load::Position> positions = load::positions_of(document.text, offsets);
  outcome.faults += why.faults.size() + why.omitted;
  outcome.omitted.errors += why.omitted;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < why.faults.size(); ++i) {
    Finding finding = finding_of(why.faults[i], document.path, rules_.schema.program);
    if (kept++ >= rules_.max_errors) {
      policy::omit(outcome.omitted, finding);
      continue;
    }
    finding.location = {document.path, positions[i].line + document.first_line - 1, positions[i].column,
                        why.faults[i].instance};
    outcome.findings.push_back(std::move(finding));
  }
}

}  // namespace gate::checks
