#include "gate/checks/document_format.h"

#include "gate/base/text.h"

namespace gate::checks {
namespace {

using Kind = DocumentFormat::Kind;

constexpr std::string_view kGzip = ".gz";

struct Row {
  std::string_view extension;
  Kind kind;
};

constexpr Row kRows[] = {
    {".json", Kind::json}, {".jsonl", Kind::lines}, {".ndjson", Kind::lines},
    {".yaml", Kind::yaml}, {".yml", Kind::yaml},
};

}  // namespace

DocumentFormat document_format(std::string_view path) {
  DocumentFormat format;
  format.gzip = ends_with_ignoring_case(path, kGzip);
  if (format.gzip) path.remove_suffix(kGzip.size());
  for (const Row& row : kRows) {
    if (ends_with_ignoring_case(path, row.extension)) format.kind = row.kind;
  }
  return format;
}

const std::vector<std::string_view>& document_extensions() {
  static const std::vector<std::string_view> kExtensions{".json",    ".jsonl",   ".ndjson",   ".yaml",
                                                         ".yml",     ".json.gz", ".jsonl.gz", ".ndjson.gz",
                                                         ".yaml.gz", ".yml.gz"};
  return kExtensions;
}

}  // namespace gate::checks
