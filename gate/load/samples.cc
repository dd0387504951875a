#include "gate/load/samples.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/load/haproxy_log.h"
#include "gate/load/json_positions.h"
#include "gate/load/sample_csv.h"
#include "gate/load/sample_json.h"

namespace gate::load {
namespace {

constexpr std::size_t kMaxDropped = std::size_t{16} << 20U;  // of a line that is too long
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

std::optional<SampleFormat> format_of(std::string_view line) {
  const std::string_view start = trim(line);
  if (start.starts_with('{') || start.starts_with(std::string{kByteOrderMark} + "{"))
    return SampleFormat::json_lines;
  if (is_csv_header(line)) return SampleFormat::csv;
  if (is_haproxy_line(line)) return SampleFormat::haproxy;
  return std::nullopt;
}

// The first byte that no text has: a control character, or what is not UTF-8.
std::optional<LineFault> find_junk(std::string_view line) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; line.size() - at >= sizeof word; at += sizeof word) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    std::memcpy(&word, line.data() + at, sizeof word);
    if ((((word - kOnes * 0x20) | word) & (kOnes * 0x80)) != 0) break;
  }
  for (; at < line.size(); ++at) {
    const auto byte = static_cast<unsigned char>(line[at]);
    if (byte >= 0x20 && byte < 0x80) continue;
    const CodePoint next = decode_utf8(line.substr(at));
    if (!next.well_formed) return LineFault{at, "bytes that are not UTF-8"};
    const bool is_space = next.value == '\t' || next.value == '\r' || next.value == '\n';
    if (next.value < 0x20 && !is_space) return LineFault{at, "a control character"};
    at += next.bytes - 1;
  }
  return std::nullopt;
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string_view name_of(SampleFormat format) {
  switch (format) {
    case SampleFormat::json_lines: return "JSON Lines";
    case SampleFormat::csv: return "CSV";
    case SampleFormat::haproxy: return "HAProxy log";
  }
  return "?";
}

struct SampleReader::State {
  explicit State(slo::Track track)
      : assigned(track), haproxy(track == slo::Track::none ? slo::Track::baseline : track) {}

  void begin();
  void feed(std::string_view piece);
  void finish();

  slo::Track assigned;
  std::optional<SampleFormat> format;
  std::vector<slo::Sample> samples;
  std::deque<std::string> texts;  // of clients that are not in the file as they are
  std::vector<SampleFault> faults;
  std::uint64_t fault_count = 0;
  std::uint64_t other_lines = 0;
  bool gave_up = false;

 private:
  std::size_t find_end(std::string_view piece);
  void keep(std::string_view piece);
  void refuse_long_line();
  void take(std::string_view line, bool terminated);
  void read(std::string_view line, bool terminated);
  void begin_file(std::string_view line);
  std::optional<LineFault> read_json(std::string_view line);
  std::optional<LineFault> read_csv(std::string_view record, bool terminated);
  std::optional<LineFault> read_haproxy(std::string_view line);
  void add(const slo::Sample& sample);
  std::optional<LineFault> add_of_track(slo::Sample sample);
  void add_fault(std::string_view line, const LineFault& fault);

  JsonSampleReader json;
  CsvSampleReader csv;
  CsvRecordEnd csv_end{kMaxLine};
  HaproxySampleReader haproxy;
  std::size_t line_number = 1;    // of the line that is read
  std::string pending;            // the start of a line whose end has not come yet
  std::size_t dropped = 0;        // bytes of it that were not kept, because it is too long
  std::size_t dropped_lines = 0;  // line feeds among them
  std::string joined;             // the line that the piece before began, and clients point into
};

void SampleReader::State::begin() {
  samples.clear();
  texts.clear();
}

std::size_t SampleReader::State::find_end(std::string_view piece) {
  return format == SampleFormat::csv ? csv_end.find(piece) : piece.find('\n');
}

void SampleReader::State::keep(std::string_view piece) {
  const std::size_t room = kMaxLine + 1 - pending.size();
  pending += piece.substr(0, room);
  if (piece.size() <= room) return;
  const std::string_view more = piece.substr(room);
  dropped += more.size();
  dropped_lines += static_cast<std::size_t>(std::count(more.begin(), more.end(), '\n'));
  if (dropped > kMaxDropped) refuse_long_line();
}

void SampleReader::State::refuse_long_line() {
  add_fault({}, {0, "longer than 64 KiB"});
  gave_up = gave_up || !format || dropped > kMaxDropped;
}

void SampleReader::State::feed(std::string_view piece) {
  while (!piece.empty() && !gave_up) {
    const std::size_t end = find_end(piece);
    if (end == std::string_view::npos) return keep(piece);
    if (pending.empty()) {
      take(piece.substr(0, end), true);
    } else {
      keep(piece.substr(0, end));
      joined.swap(pending);
      pending.clear();
      take(joined, true);
    }
    piece.remove_prefix(end + 1);
  }
}

void SampleReader::State::finish() {
  if (pending.empty() || gave_up) return;
  joined.swap(pending);
  pending.clear();
  take(joined, false);
}

void SampleReader::State::take(std::string_view line, bool terminated) {
  if (line.size() > kMaxLine) {
    refuse_long_line();
  } else {
    read(line, terminated);
  }
  const auto inner = format == SampleFormat::csv ? std::count(line.begin(), line.end(), '\n') : 0;
  line_number += 1 + static_cast<std::size_t>(inner) + dropped_lines;
  dropped = 0;
  dropped_lines = 0;
}

void SampleReader::State::read(std::string_view line, bool terminated) {
  line = without_return(line);
  if (is_blank(line)) return;
  if (!format) return begin_file(line);
  std::optional<LineFault> fault;
  switch (*format) {
    case SampleFormat::json_lines: fault = read_json(line); break;
    case SampleFormat::csv: fault = read_csv(line, terminated); break;
    case SampleFormat::haproxy: fault = read_haproxy(line); break;
  }
  if (fault) add_fault(line, *fault);
}

// The first line that is not blank.
void SampleReader::State::begin_file(std::string_view line) {
  if (line_number == 1 && line.starts_with(kByteOrderMark) &&
      is_csv_header(line.substr(kByteOrderMark.size())))
    line.remove_prefix(kByteOrderMark.size());
  format = format_of(line);
  if (format == SampleFormat::csv) {
    auto fault = find_junk(line);
    if (!fault) fault = csv.read_header(line);
    gave_up = fault.has_value();
    if (fault) add_fault(line, *fault);
  } else if (format) {
    read(line, true);
  } else {
    gave_up = true;
    add_fault(line,
              {0,
               "neither a JSON object, a CSV header with timestamp, latency_ms and status, nor a line of "
               "HAProxy's HTTP log"});
  }
}

std::optional<LineFault> SampleReader::State::read_json(std::string_view line) {
  slo::Sample sample;
  if (auto fault = json.read(line, sample, texts)) return fault;
  return add_of_track(sample);
}

std::optional<LineFault> SampleReader::State::read_csv(std::string_view record, bool terminated) {
  slo::Sample sample;
  if (auto fault = find_junk(record)) return fault;
  if (auto fault = csv.read(record, terminated, sample, texts)) return fault;
  return add_of_track(sample);
}

std::optional<LineFault> SampleReader::State::read_haproxy(std::string_view line) {
  if (auto fault = find_junk(line)) return fault;
  auto read = haproxy.read(line);
  if (auto* fault = std::get_if<LineFault>(&read)) return std::move(*fault);
  if (const auto* sample = std::get_if<slo::Sample>(&read)) return add_of_track(*sample);
  ++other_lines;
  return std::nullopt;
}

std::optional<LineFault> SampleReader::State::add_of_track(slo::Sample sample) {
  if (assigned != slo::Track::none) {
    if (sample.track != slo::Track::none && sample.track != assigned) {
      const bool is_canary = assigned == slo::Track::canary;
      return LineFault{0, is_canary ? "a sample of the baseline in a file of the canary"
                                    : "a sample of the canary in a file of the baseline"};
    }
    sample.track = assigned;
  }
  samples.push_back(sample);
  return std::nullopt;
}

void SampleReader::State::add_fault(std::string_view line, const LineFault& fault) {
  ++fault_count;
  if (fault_count >= kMaxFaults) gave_up = true;
  if (faults.size() >= kMaxKept) return;
  const Position at = position_of(line, std::min(fault.offset, line.size()));
  faults.push_back({line_number + at.line - 1, at.column, fault.message});
}

SampleReader::SampleReader(slo::Track assigned) : state_(std::make_unique<State>(assigned)) {}
SampleReader::~SampleReader() = default;

std::span<const slo::Sample> SampleReader::feed(std::string_view piece) {
  state_->begin();
  state_->feed(piece);
  return state_->samples;
}

std::span<const slo::Sample> SampleReader::finish() {
  state_->begin();
  state_->finish();
  return state_->samples;
}

bool SampleReader::gave_up() const {
  return state_->gave_up;
}
std::optional<SampleFormat> SampleReader::format() const {
  return state_->format;
}
const std::vector<SampleFault>& SampleReader::faults() const {
  return state_->faults;
}
std::uint64_t SampleReader::fault_count() const {
  return state_->fault_count;
}
std::uint64_t SampleReader::other_lines() const {
  return state_->other_lines;
}

}  // namespace gate::load
