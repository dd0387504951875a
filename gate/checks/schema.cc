#include "gate/checks/schema.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gate/base/parallel.h"
#include "gate/checks/document_format.h"
#include "gate/checks/inputs.h"
#include "gate/checks/schema_document.h"
#include "gate/checks/schema_files.h"
#include "gate/checks/schema_source.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::SchemaSettings;

constexpr std::size_t kMaxListedFiles = 1'000;
constexpr std::size_t kBatch = 512;                          // outcomes in memory at once, at most
constexpr std::size_t kMaxPending = std::size_t{16} << 20U;  // bytes of output, the same

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

// Writes the output of files of one document, each under its name unless it is the only one.
class DocumentOutput {
 public:
  DocumentOutput(const SpecOutput* output, bool alone) : output_(output), alone_(alone) {}

  void write(const FileOutcome& file) const {
    for (const PendingOutput::Entry& entry : file.outcome.output.entries) {
      const bool bare = alone_ && !file.lines;
      output_->write((bare ? entry.json : labelled(entry.json, file.path, 0)) + "\n");
    }
  }

 private:
  const SpecOutput* output_;
  bool alone_;
};

// Files of one document each are checked side by side, others one after the other.
class Run {
 public:
  Run(const FileCheck& files, const DocumentOutput& output, std::size_t jobs)
      : files_(files), output_(output), checks_(std::max<std::size_t>(jobs, 1)) {}

  Status check(const std::vector<std::string>& paths, Summary& summary) {
    for (std::size_t start = 0; start < paths.size();) {
      std::size_t end = start;
      while (end < paths.size() && end - start < kBatch && FileCheck::is_one_document(paths[end])) ++end;
      std::vector<FileOutcome> outcomes(std::max<std::size_t>(end - start, 1));
      if (end == start) {
        outcomes[0] = files_.check_stream(paths[start]);
      } else {
        outcomes.resize(check_documents(&paths[start], outcomes));
      }
      for (FileOutcome& outcome : outcomes) {
        if (outcome.error) return *outcome.error;
        output_.write(outcome);
        summary.add(std::move(outcome));
      }
      start += outcomes.size();
    }
    return done();
  }

 private:
  // Checks from the first on, fewer than all where much output has to be written first; returns how many.
  std::size_t check_documents(const std::string* paths, std::vector<FileOutcome>& outcomes) {
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> pending = 0;
    parallel_for(std::min(checks_.size(), outcomes.size()), checks_.size(), [&](std::size_t worker) {
      auto& check = checks_[worker];
      if (!check) check = files_.document_check();
      while (pending < kMaxPending) {
        const std::size_t i = next++;
        if (i >= outcomes.size()) break;
        outcomes[i] = files_.check_document(paths[i], *check);
        pending += outcomes[i].outcome.output.bytes;
      }
    });
    return std::min(next.load(), outcomes.size());
  }

  const FileCheck& files_;
  const DocumentOutput& output_;
  std::vector<std::unique_ptr<DocumentCheck>> checks_;  // one a worker
};

}  // namespace

Result<Evidence> check_schema(const SchemaSettings& settings, const ports::Files& files, std::size_t jobs,
                              const SpecOutput* output) {
  if (settings.documents.empty()) return Error{ErrorCode::usage, "no document is named"};
  auto schema = load_schema(settings, files);
  if (!schema) return schema.error();
  auto inputs = expand_inputs(settings.documents, document_extensions(), files);
  if (!inputs) return inputs.error();
  Evidence evidence;
  evidence.inputs = std::move((*schema)->inputs);
  evidence.findings = std::move((*schema)->findings);
  std::move(inputs->findings.begin(), inputs->findings.end(), std::back_inserter(evidence.findings));
  Summary summary{evidence};
  const DocumentRules rules{**schema, settings.max_errors, output};
  const FileCheck checks{rules, files, jobs};
  const DocumentOutput written{output, settings.documents == inputs->paths && inputs->paths.size() == 1};
  if (auto checked = Run{checks, written, jobs}.check(inputs->paths, summary); !checked) {
    return checked.error();
  }
  summary.finish(settings.schema);
  return evidence;
}

}  // namespace gate::checks
