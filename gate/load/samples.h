#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gate/slo/sample.h"

namespace gate::load {

// How request samples are written, told by the first line that is not blank.
enum class SampleFormat {
  json_lines,  // one object a line (sample_json.h)
  csv,         // RFC 4180 with a header (sample_csv.h)
  haproxy,     // HAProxy's `option httplog` (haproxy_log.h)
};

std::string_view name_of(SampleFormat format);

// A line that is no sample. Both count from 1, the column in code points.
struct SampleFault {
  std::size_t line = 1;
  std::size_t column = 1;
  std::string message;  // lower case, no full stop

  bool operator==(const SampleFault&) const = default;
};

// Reads one file of samples, piece by piece, in memory that does not depend on its length. The fields are
//
//   timestamp   RFC 3339, or seconds since 1970, or milliseconds where it is a whole number from 10¹¹
//   latency_ms  a number from 0 to 10¹²
//   status      0 (no answer) or from 100 to 599
//   track       canary, experiment; baseline, control, stable. May be missing
//   client      a text or a number. May be missing
//
// A line that has not all of the first three, or any of the five malformed, is a fault and no sample; nothing
// is guessed. Blank lines are passed over.
class SampleReader {
 public:
  static constexpr std::size_t kMaxLine = std::size_t{64} << 10U;
  static constexpr std::size_t kMaxKept = 20;          // faults that are kept; the others are counted
  static constexpr std::uint64_t kMaxFaults = 10'000;  // nothing is read behind so many

  // Where `assigned` is a track, samples that name none are of it, and others are faults.
  explicit SampleReader(slo::Track assigned = slo::Track::none);
  ~SampleReader();
  SampleReader(const SampleReader&) = delete;
  SampleReader& operator=(const SampleReader&) = delete;

  // The samples of the lines that end in `piece`, valid with `piece` until the next call.
  std::span<const slo::Sample> feed(std::string_view piece);

  // That of the last line, where no line feed ended it.
  std::span<const slo::Sample> finish();

  // Whether the rest of the file is not worth reading: its first line tells no format, its header is wrong,
  // or too much of it is malformed.
  [[nodiscard]] bool gave_up() const;

  [[nodiscard]] std::optional<SampleFormat> format() const;
  [[nodiscard]] const std::vector<SampleFault>& faults() const;  // the first ones
  [[nodiscard]] std::uint64_t fault_count() const;
  // HAProxy's own messages, and connections without a request.
  [[nodiscard]] std::uint64_t other_lines() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gate::load
