#pragma once

#include <cstddef>

#include "gate/base/result.h"
#include "gate/checks/schema_output.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"

namespace gate::checks {

// kind = "schema": holds documents against a JSON Schema. document_format() says what a file holds;
// standard input holds one document a line where its first line is a whole document and more follows,
// else one, and may be gzip'd.
//
// Rules: schema.KEYWORD for what a keyword does not allow, at its place, with the value or the key at
// fault; schema.malformed_document for what is not JSON or YAML, no whole gzip, or beyond the caps of 16 MiB
// and 64 levels; schema.unknown_keyword for what the schema itself says and no dialect knows;
// schema.pattern_limit and schema.budget, undecided, for what could not be found out; inputs.no_match. Of the
// findings of a document `max_errors` are kept, of all 10,000; the rest are counted.
//
// Results: "validation_results" {schema, documents, valid, invalid, undecided, faults, files}, the first
// 1,000 files one by one.
//
// `output`, unless null, gets an object for each document: labelled(), unless `settings` name one file and
// that is one document.
//
// Errors: usage where no document is named; not_found for a named path or a schema that does not exist;
// malformed for a schema that is; io; budget for a schema over 4 MiB.
Result<policy::Evidence> check_schema(const policy::SchemaSettings& settings, const ports::Files& files,
                                      std::size_t jobs, const SpecOutput* output = nullptr);

}  // namespace gate::checks
