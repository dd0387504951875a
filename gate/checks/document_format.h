#pragma once

#include <string_view>
#include <vector>

namespace gate::checks {

// What a file of documents holds.
struct DocumentFormat {
  enum class Kind {
    json,   // one document
    yaml,   // one document
    lines,  // a JSON document a line
  };

  Kind kind = Kind::json;
  bool gzip = false;
};

// By the file's name, in any case: `.jsonl` and `.ndjson` are lines, `.yaml` and `.yml` YAML, all others
// JSON; `.gz` after any of these is gzip.
DocumentFormat document_format(std::string_view path);

// How the names of such files end, for those found in a folder.
const std::vector<std::string_view>& document_extensions();

}  // namespace gate::checks
