#include "gate/checks/schema.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/base/hash.h"
#include "gate/base/parallel.h"
#include "gate/checks/inputs.h"
#include "gate/checks/schema_document.h"
#include "gate/checks/schema_lines.h"
#include "gate/checks/schema_source.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::SchemaSettings;

const std::vector<std::string_view> kExtensions{".json", ".jsonl", ".ndjson"};
constexpr std::size_t kMaxKept = 10'000;
constexpr std::size_t kMaxListedFiles = 1'000;
constexpr std::size_t kBatch = 64;  // documents in memory at once, at most
constexpr std::string_view kStdin = "-";

// What one file came to.
struct FileOutcome {
  std::string path;
  DocumentOutcome outcome;
  policy::Input input;
  bool lines = false;
  std::optional<Error> error;
};

bool holds_lines(std::string_view path) {
  return path.ends_with(".jsonl") || path.ends_with(".ndjson");
}

// Whether a text without a name is one document a line: the first line is one, and more follows.
bool looks_like_lines(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  if (text.find_first_not_of(" \t\r\n", end) == std::string_view::npos) return false;
  return load::parse_json(text.substr(0, end)).has_value();
}

// A text that was read whole, as a stream.
class TextStream final : public ports::ByteStream {
 public:
  explicit TextStream(std::string_view text) : text_(text) {}
  Result<std::string_view> next() override { return std::exchange(text_, {}); }

 private:
  std::string_view text_;
};

// One check: the schema, and what is to be done with each file.
class Checker {
 public:
  Checker(const SchemaSettings& settings, const LoadedSchema& schema, const ports::Files& files,
          std::size_t jobs)
      : settings_(settings), schema_(schema), files_(files), jobs_(jobs) {}

  FileOutcome check_file(const std::string& path) const {
    FileOutcome file;
    file.path = path;
    auto text = files_.read(path, kMaxRead);
    if (!text && text.error().code == ErrorCode::budget) return too_long(path);
    if (!text) {
      file.error = text.error();
      return file;
    }
    if (path == kStdin && looks_like_lines(*text)) return check_text_lines(path, *text);
    file.input = {path, sha256_hex(*text), text->size()};
    DocumentCheck check{schema_, settings_.max_errors, load::JsonLimits{}};
    check.check(path, *text, 1, file.outcome);
    return file;
  }

  FileOutcome check_lines_of(const std::string& path) const {
    auto stream = files_.open(path);
    if (!stream) return failed(path, stream.error());
    return check_stream(path, **stream);
  }

 private:
  static constexpr std::uint64_t kMaxRead = load::JsonLimits{}.bytes;

  FileOutcome check_text_lines(const std::string& path, std::string_view text) const {
    TextStream stream{text};
    return check_stream(path, stream);
  }

  FileOutcome check_stream(const std::string& path, ports::ByteStream& stream) const {
    auto lines = check_lines(path, stream, schema_, {settings_.max_errors, kMaxKept}, jobs_);
    if (!lines) return failed(path, lines.error());
    FileOutcome file{path, std::move(lines->outcome), std::move(lines->input), true, std::nullopt};
    if (file.outcome.documents == 0) add_malformed(file, "the file holds no document");
    return file;
  }

  static FileOutcome failed(const std::string& path, const Error& error) {
    FileOutcome file;
    file.path = path;
    file.error = error;
    return file;
  }

  FileOutcome too_long(const std::string& path) const {
    FileOutcome file;
    file.path = path;
    file.input = {path, "", files_.status(path).bytes};
    add_malformed(file, "the document has more than 16 MiB");
    return file;
  }

  static void add_malformed(FileOutcome& file, std::string why) {
    ++file.outcome.documents;
    ++file.outcome.invalid;
    ++file.outcome.faults;
    file.outcome.findings.push_back(
        policy::violation("schema.malformed_document", policy::Severity::error, file.path, std::move(why)));
  }

  const SchemaSettings& settings_;
  const LoadedSchema& schema_;
  const ports::Files& files_;
  std::size_t jobs_;
};

// The evidence so far, and the numbers of its summary.
class Summary {
 public:
  explicit Summary(Evidence& evidence) : evidence_(evidence) {}

  void add(FileOutcome file) {
    if (listed_.size() < kMaxListedFiles) listed_.push_back(row(file));
    ++files_;
    evidence_.inputs.push_back(std::move(file.input));
    merge(whole_, std::move(file.outcome));
    keep_at_most(whole_, kMaxKept);
  }

  void finish(const std::string& schema) {
    policy::count(evidence_, "documents", whole_.documents);
    std::move(whole_.findings.begin(), whole_.findings.end(), std::back_inserter(evidence_.findings));
    evidence_.omitted.errors += whole_.omitted.errors;
    evidence_.omitted.undecided += whole_.omitted.undecided;
    Value results = Value::object({{"schema", schema}});
    put_counts(results, whole_);
    results.set("files", Value{std::move(listed_)});
    if (files_ > kMaxListedFiles) results.set("files_not_listed", files_ - kMaxListedFiles);
    evidence_.results.set("validation_results", std::move(results));
    evidence_.shown.emplace();  // for people the findings and what was examined say all of it
  }

 private:
  static void put_counts(Value& value, const DocumentOutcome& outcome) {
    value.set("documents", outcome.documents);
    value.set("valid", outcome.documents - outcome.invalid - outcome.undecided);
    value.set("invalid", outcome.invalid);
    value.set("undecided", outcome.undecided);
    value.set("faults", outcome.faults);
  }

  static Value row(const FileOutcome& file) {
    const bool valid = file.outcome.invalid + file.outcome.undecided == 0;
    Value row = Value::object({{"document", file.path}, {"valid", valid}});
    if (file.lines) {
      Value counts = Value::object();
      put_counts(counts, file.outcome);
      row.set("lines", std::move(counts));
    } else {
      row.set("faults", file.outcome.faults);
    }
    return row;
  }

  Evidence& evidence_;
  DocumentOutcome whole_;
  Value::Array listed_;
  std::size_t files_ = 0;
};

// Files of one document each are checked side by side, files of many lines one after the other.
Status check_all(const Checker& checker, const std::vector<std::string>& paths, std::size_t jobs,
                 Summary& summary) {
  for (std::size_t start = 0; start < paths.size();) {
    std::vector<FileOutcome> outcomes;
    if (holds_lines(paths[start])) {
      outcomes.push_back(checker.check_lines_of(paths[start]));
    } else {
      std::size_t end = start;
      while (end < paths.size() && end - start < kBatch && !holds_lines(paths[end])) ++end;
      outcomes.resize(end - start);
      parallel_for(end - start, jobs,
                   [&](std::size_t i) { outcomes[i] = checker.check_file(paths[start + i]); });
    }
    start += outcomes.size();
    for (FileOutcome& outcome : outcomes) {
      if (outcome.error) return *outcome.error;
      summary.add(std::move(outcome));
    }
  }
  return done();
}

}  // namespace

Result<Evidence> check_schema(const SchemaSettings& settings, const ports::Files& files, std::size_t jobs) {
  if (settings.documents.empty()) return Error{ErrorCode::usage, "no document is named"};
  auto schema = load_schema(settings, files);
  if (!schema) return schema.error();
  auto inputs = expand_inputs(settings.documents, kExtensions, files);
  if (!inputs) return inputs.error();
  Evidence evidence;
  evidence.inputs = std::move((*schema)->inputs);
  evidence.findings = std::move((*schema)->findings);
  std::move(inputs->findings.begin(), inputs->findings.end(), std::back_inserter(evidence.findings));
  Summary summary{evidence};
  const Checker checker{settings, **schema, files, jobs};
  if (auto checked = check_all(checker, inputs->paths, jobs, summary); !checked) return checked.error();
  summary.finish(settings.schema);
  return evidence;
}

}  // namespace gate::checks
