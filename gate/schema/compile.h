#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/schema/places.h"
#include "gate/schema/program.h"

namespace gate::schema {

struct CompileOptions {
  std::vector<std::string> keywords;             // declared beside the dialect's own, `x-…` and `version`
  Resolver resolver;                             // empty: only the dialects' meta-schemas are to be had
  const Dialect* default_dialect = &draft_07();  // of schemas without `$schema`
  bool format_assertion = false;                 // `format` decides; else only where a meta-schema says so
};

// What came of a schema: a program, or the defects that stood in its way.
struct Compilation {
  std::optional<Program> program;  // there exactly when `defects` is empty
  std::vector<Remark> defects;
  std::vector<Remark> unknown_keywords;  // no defect, but nothing to pass over
  std::vector<Source> sources;           // what a Remark's `source` counts
};

// Compiles a schema document: holds it against its dialect's meta-schema, resolves every reference that
// can be reached and refuses those that never come to a value. `source` and what the resolver gives must
// outlive the program.
Compilation compile(const Source& source, const CompileOptions& options = {});

}  // namespace gate::schema
