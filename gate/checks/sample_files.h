#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"
#include "gate/slo/sample.h"

namespace gate::checks {

// Request samples in order, some at a time. Used by one thread.
class SampleStream {
 public:
  virtual ~SampleStream() = default;

  // The next ones, valid with their texts until the next call; empty at the end. Error: io.
  virtual Result<std::span<const slo::Sample>> next() = 0;
};

// Adds slo.inconclusive, undecided, for each input that holds the same bytes as one in front of it: its
// requests count twice. Empty files are not meant; what was found before is not added again.
void doubt_same_bytes(policy::Evidence& evidence);

// The samples of files, one file after the other: JSON Lines, CSV or HAProxy's HTTP log, plain or gzip'd,
// told by content (gate/load/samples.h). Memory does not depend on the files' sizes.
class SampleFiles final : public SampleStream {
 public:
  // Whether a file may still be written to: its last line is then left alone until a line feed ends it.
  enum class LastLine { complete, may_grow };

  // Files, folders (of .jsonl, .ndjson, .csv, .log and the same with .gz) and globs; "-" is standard input.
  // Where `assigned` is a track all samples are of that one (`--canary FILE`), and a line that says otherwise
  // is a fault. Errors: not_found for a named path that does not exist; io.
  static Result<std::unique_ptr<SampleFiles>> open(const std::vector<std::string>& patterns,
                                                   const ports::Files& files,
                                                   slo::Track assigned = slo::Track::none,
                                                   LastLine last_line = LastLine::complete);
  struct State;
  explicit SampleFiles(std::unique_ptr<State> state);  // for open() alone
  ~SampleFiles() override;
  SampleFiles(const SampleFiles&) = delete;
  SampleFiles& operator=(const SampleFiles&) = delete;

  Result<std::span<const slo::Sample>> next() override;

  // What was read, once next() came to the end: the files as inputs, `samples` and `files` examined, and as
  // findings inputs.* of folders and globs, slo.samples.malformed (the first lines of a file that are; the
  // rest are among the omitted), slo.no_data for a file without samples, slo.inconclusive for one that is
  // there twice, and notes: slo.samples.out_of_order,
  // slo.samples.other_lines. A file that was not read to its end has no hash.
  [[nodiscard]] policy::Evidence evidence() const;

 private:
  std::unique_ptr<State> state_;
};

// Two streams as one, the earlier sample first; of equally old ones that of `first`. A stream that is not in
// order itself stays as it is.
class MergedSamples final : public SampleStream {
 public:
  MergedSamples(SampleStream& first, SampleStream& second) : first_{&first, {}}, second_{&second, {}} {}

  Result<std::span<const slo::Sample>> next() override;

 private:
  struct Side {
    SampleStream* stream = nullptr;
    std::span<const slo::Sample> waiting;  // read and not handed on
    bool ended = false;
  };

  Status refill(Side& side);

  Side first_;
  Side second_;
  std::vector<slo::Sample> merged_;
};

}  // namespace gate::checks
