#include "gate/checks/sample_files.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/checks/gzip_stream.h"
#include "gate/checks/input_streams.h"
#include "gate/checks/inputs.h"
#include "gate/load/gzip.h"
#include "gate/load/samples.h"

namespace gate::checks {
namespace {

using std::chrono::milliseconds;

const std::vector<std::string_view> kExtensions{".jsonl",    ".ndjson",    ".csv",    ".log",
                                                ".jsonl.gz", ".ndjson.gz", ".csv.gz", ".log.gz"};

// Samples that are older than one before them.
struct Backwards {
  std::uint64_t count = 0;
  milliseconds most{0};
  Timestamp newest{};

  void observe(std::span<const slo::Sample> samples) {
    for (const slo::Sample& sample : samples) {
      if (sample.at < newest) {
        ++count;
        most = std::max(most, newest - sample.at);
      } else {
        newest = sample.at;
      }
    }
  }
};

// One file while it is read.
class OpenFile {
 public:
  OpenFile(std::string path, std::unique_ptr<ports::ByteStream> stream, slo::Track assigned,
           SampleFiles::LastLine last_line)
      : path_(std::move(path)), stream_(std::move(stream)), last_line_(last_line), reader_(assigned) {
    if (load::is_gzip(packed_.peek(2))) gzip_.emplace(packed_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  [[nodiscard]] bool ended() const { return ended_; }

  Result<std::span<const slo::Sample>> next() {
    auto piece = gzip_ ? gzip_->next() : packed_.next();
    if (!piece && piece.error().code != ErrorCode::malformed) return piece.error();
    std::span<const slo::Sample> samples;
    if (!piece) {
      damage_ = piece.error().message;
      ended_ = true;
    } else {
      ended_ = piece->empty();
      if (!ended_) samples = reader_.feed(*piece);
      if (ended_ && last_line_ == SampleFiles::LastLine::complete) samples = reader_.finish();
      ended_ = ended_ || reader_.gave_up();
    }
    samples_ += samples.size();
    backwards_.observe(samples);
    return samples;
  }

  // Error: io.
  Status close(policy::Evidence& evidence) {
    policy::count(evidence, "samples", samples_);
    policy::count(evidence, "files", 1);
    add_faults(evidence);
    add_notes(evidence);
    if (samples_ == 0 && reader_.fault_count() == 0 && damage_.empty()) {
      evidence.findings.push_back(
          policy::undecided("slo.no_data", policy::Reason::no_data, path_, "the file holds no sample"));
    }
    if (reader_.gave_up()) {
      evidence.inputs.push_back({path_, "", 0});
      return done();
    }
    auto input = bytes_.input(path_);
    if (!input) return input.error();
    evidence.inputs.push_back(std::move(*input));
    return done();
  }

 private:
  void add_fault(policy::Evidence& evidence, std::string message, const load::SampleFault& at) const {
    policy::Finding finding =
        policy::violation("slo.samples.malformed", policy::Severity::error, path_, message);
    finding.location = {path_, at.line, at.column, ""};
    finding.key = std::move(message);
    evidence.findings.push_back(std::move(finding));
  }

  void add_faults(policy::Evidence& evidence) const {
    for (const load::SampleFault& fault : reader_.faults()) add_fault(evidence, fault.message, fault);
    evidence.omitted.errors += reader_.fault_count() - reader_.faults().size();
    if (!damage_.empty()) add_fault(evidence, damage_, {0, 0, ""});
  }

  void add_notes(policy::Evidence& evidence) const {
    if (backwards_.count != 0) {
      evidence.findings.push_back(policy::note(
          "slo.samples.out_of_order", path_,
          fmt::format("{} of {} are older than one before them, by up to {}", grouped(backwards_.count),
                      counted(samples_, "sample"), human_duration(backwards_.most))));
    }
    if (reader_.other_lines() != 0) {
      evidence.findings.push_back(
          policy::note("slo.samples.other_lines", path_,
                       fmt::format("{} of HAProxy's log that are no request were passed over",
                                   counted(reader_.other_lines(), "line"))));
    }
  }

  std::string path_;
  std::unique_ptr<ports::ByteStream> stream_;
  SampleFiles::LastLine last_line_;
  HashedStream bytes_{*stream_};
  PeekedStream packed_{bytes_};
  std::optional<GzipStream> gzip_;
  load::SampleReader reader_;
  std::string damage_;  // why what follows could not be unpacked; empty: it could
  std::uint64_t samples_ = 0;
  Backwards backwards_;
  bool ended_ = false;
};

}  // namespace

struct SampleFiles::State {
  State(const ports::Files& from, slo::Track track, LastLine ending)
      : files(from), assigned(track), last_line(ending) {}

  // Opens the next file, where one is left. Error: not_found, io.
  Result<bool> open_next() {
    if (opened == paths.size()) return false;
    const std::string& path = paths[opened++];
    auto stream = files.open(path);
    if (!stream) return stream.error();
    current = std::make_unique<OpenFile>(path, std::move(*stream), assigned, last_line);
    return true;
  }

  Status close() {
    auto closed = current->close(evidence);
    current.reset();
    return closed;
  }

  const ports::Files& files;
  slo::Track assigned;
  LastLine last_line;
  std::vector<std::string> paths;
  std::size_t opened = 0;
  std::unique_ptr<OpenFile> current;
  policy::Evidence evidence;
};

SampleFiles::SampleFiles(std::unique_ptr<State> state) : state_(std::move(state)) {}
SampleFiles::~SampleFiles() = default;

Result<std::unique_ptr<SampleFiles>> SampleFiles::open(const std::vector<std::string>& patterns,
                                                       const ports::Files& files, slo::Track assigned,
                                                       LastLine last_line) {
  auto inputs = expand_inputs(patterns, kExtensions, files);
  if (!inputs) return inputs.error();
  auto state = std::make_unique<State>(files, assigned, last_line);
  state->paths = std::move(inputs->paths);
  policy::count(state->evidence, "samples", 0);
  policy::count(state->evidence, "files", 0);
  state->evidence.findings = std::move(inputs->findings);
  return std::make_unique<SampleFiles>(std::move(state));
}

Result<std::span<const slo::Sample>> SampleFiles::next() {
  for (;;) {
    if (state_->current && state_->current->ended()) {
      if (auto closed = state_->close(); !closed) return closed.error();
    }
    if (!state_->current) {
      const auto opened = state_->open_next();
      if (!opened) return opened.error();
      if (!*opened) return std::span<const slo::Sample>{};
    }
    auto samples = state_->current->next();
    if (!samples || !samples->empty()) return samples;
  }
}

policy::Evidence SampleFiles::evidence() const {
  policy::Evidence evidence = state_->evidence;
  doubt_same_bytes(evidence);
  return evidence;
}

void doubt_same_bytes(policy::Evidence& evidence) {
  std::map<std::string_view, std::string_view> paths;  // by hash
  std::vector<policy::Finding>& findings = evidence.findings;
  for (const policy::Input& input : evidence.inputs) {
    if (input.bytes == 0) continue;
    const auto [first, is_new] = paths.emplace(input.sha256, input.path);
    if (is_new) continue;
    const std::string same = first->second == input.path
                                 ? fmt::format("{} is given twice", input.path)
                                 : fmt::format("{} and {} hold the same bytes", first->second, input.path);
    policy::Finding twice = policy::undecided("slo.inconclusive", policy::Reason::inconclusive, input.path,
                                              same + ": requests are counted twice");
    if (std::find(findings.begin(), findings.end(), twice) == findings.end()) {
      findings.push_back(std::move(twice));
    }
  }
}

Status MergedSamples::refill(Side& side) {
  if (side.ended || !side.waiting.empty()) return done();
  auto samples = side.stream->next();
  if (!samples) return samples.error();
  side.waiting = *samples;
  side.ended = samples->empty();
  return done();
}

Result<std::span<const slo::Sample>> MergedSamples::next() {
  for (Side* side : {&first_, &second_}) {
    if (auto read = refill(*side); !read) return read.error();
  }
  if (first_.ended || second_.ended)
    return std::exchange(first_.ended ? second_.waiting : first_.waiting, {});
  merged_.clear();
  while (!first_.waiting.empty() && !second_.waiting.empty()) {
    Side& earlier = second_.waiting.front().at < first_.waiting.front().at ? second_ : first_;
    merged_.push_back(earlier.waiting.front());
    earlier.waiting = earlier.waiting.subspan(1);
  }
  return std::span<const slo::Sample>{merged_};
}

}  // namespace gate::checks
