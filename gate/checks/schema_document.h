#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gate/checks/schema_output.h"
#include "gate/checks/schema_source.h"
#include "gate/load/json_instance.h"
#include "gate/policy/evidence.h"
#include "gate/policy/finding.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/instance.h"

namespace gate::checks {

// Findings kept of all documents of a file, and of all files; the rest are counted.
constexpr std::size_t kMaxKept = 10'000;

// What documents are held against, and what is said of them.
struct DocumentRules {
  const LoadedSchema& schema;
  std::size_t max_errors = 100;        // findings kept of a document; the rest are counted
  const SpecOutput* output = nullptr;  // null: the findings say all
};

// What came of some documents. Findings are by position; lines count from the text's own first one.
struct DocumentOutcome {
  std::uint64_t documents = 0;
  std::uint64_t invalid = 0;
  std::uint64_t undecided = 0;  // documents of which it could not be found out
  std::uint64_t faults = 0;
  std::vector<policy::Finding> findings;
  policy::Omitted omitted;
  PendingOutput output;  // where it is asked for
};

// All but the output, which is written before.
void merge(DocumentOutcome& whole, DocumentOutcome part);

// Counts the findings beyond the first `most` instead of keeping them.
void keep_at_most(DocumentOutcome& outcome, std::size_t most);

// Counts what is no document. `why` is for the output, the finding for people.
void add_malformed(DocumentOutcome& outcome, policy::Finding finding, std::string_view why,
                   const DocumentRules& rules);

enum class Syntax { json, yaml };

// A document as it lies in a file.
struct DocumentText {
  const std::string& path;
  std::string_view text;
  std::size_t first_line = 1;  // of the file, where the text begins
  Syntax syntax = Syntax::json;
};

// Holds documents against a schema, one after the other. Used by one thread.
class DocumentCheck {
 public:
  DocumentCheck(const DocumentRules& rules, const load::JsonLimits& limits);

  void check(const DocumentText& document, DocumentOutcome& outcome);

 private:
  // The document lives until the next call.
  Result<const schema::Instance*> read(const DocumentText& document);
  void explain(const DocumentText& document, const schema::Instance& instance, DocumentOutcome& outcome);

  const DocumentRules& rules_;
  load::JsonLimits limits_;
  schema::Instance yaml_;
  load::JsonInstanceReader reader_;
  schema::Evaluator evaluator_;
};

}  // namespace gate::checks
