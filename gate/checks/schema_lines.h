#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/checks/schema_document.h"
#include "gate/ports/files.h"

namespace gate::checks {

// Bytes that a line of JSON Lines may have.
constexpr std::size_t kMaxLine = std::size_t{4} << 20U;

// A JSON Lines file that was gone through.
struct LinesOutcome {
  DocumentOutcome outcome;
  std::string damage;  // why what follows the last whole line could not be read; empty: it was
};

// Every line of the stream that is not blank is a document; `path` and its lines stand in the findings.
// Read in blocks, checked on up to `jobs` threads, results and output in the order of the lines; memory does
// not depend on the file's size. A line over kMaxLine is malformed. Where the stream turns out malformed
// itself, the whole lines before that are checked.
// Error: io.
Result<LinesOutcome> check_lines(const std::string& path, ports::ByteStream& stream,
                                 const DocumentRules& rules, std::size_t jobs);

}  // namespace gate::checks
