#include "gate/load/sample_csv.h"

#include <cstring>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::load {
namespace {

// Walks over the fields of one record.
class Fields {
 public:
  explicit Fields(std::string_view record) : record_(record) {}

  // The next field; false where there is none, or where what stands there is none.
  bool next(std::deque<std::string>& texts) {
    if (ended_ || fault) return false;
    start_ = at_;
    if (at_ < record_.size() && record_[at_] == '"') return quoted(texts);
    while (at_ < record_.size() && record_[at_] != ',') {
      if (record_[at_] == '"') return refuse(at_, "a quote in a field that does not begin with one");
      ++at_;
    }
    text_ = record_.substr(start_, at_ - start_);
    step();
    return true;
  }

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t start() const { return start_; }

  std::optional<LineFault> fault;

 private:
  bool quoted(std::deque<std::string>& texts) {
    const std::size_t first = ++at_;
    bool doubled = false;
    for (;; at_ += 2, doubled = true) {
      at_ = record_.find('"', at_);
      if (at_ == std::string_view::npos) return refuse(start_, "a quoted field that is not closed");
      if (at_ + 1 == record_.size() || record_[at_ + 1] != '"') break;
    }
    text_ = record_.substr(first, at_ - first);
    if (doubled) text_ = texts.emplace_back(replace_all(text_, "\"\"", "\""));
    ++at_;
    if (at_ < record_.size() && record_[at_] != ',') return refuse(at_, "text behind a quoted field");
    step();
    return true;
  }

  void step() {
    ended_ = at_ >= record_.size();
    ++at_;
  }

  bool refuse(std::size_t offset, std::string_view why) {
    fault = LineFault{offset, std::string{why}};
    return false;
  }

  std::string_view record_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  bool ended_ = false;
};

bool is_iso(std::string_view moment) {
  return moment.size() > 4 && moment[4] == '-';
}

// Whether the field at the end of a record would be one too with fewer digits.
bool may_lack_digits(SampleField field, std::string_view record, std::string_view text) {
  const bool is_number =
      field == SampleField::latency_ms || (field == SampleField::timestamp && !is_iso(text));
  return is_number && record.back() != '"';
}

}  // namespace

bool is_csv_header(std::string_view line) {
  Fields fields{line};
  std::deque<std::string> texts;
  while (fields.next(texts)) {
    if (sample_field_named(fields.text()) != SampleField::other) return true;
  }
  return false;
}

CsvRecordEnd::State CsvRecordEnd::after(State state, char c) {
  switch (state) {
    case State::field_start: return c == '"' ? State::quoted : c == ',' ? State::field_start : State::plain;
    case State::plain: return c == ',' ? State::field_start : State::plain;
    case State::quoted: return c == '"' ? State::quote_in_quoted : State::quoted;
    case State::quote_in_quoted:
      return c == '"' ? State::quoted : c == ',' ? State::field_start : State::plain;
  }
  return state;
}

std::size_t CsvRecordEnd::find(std::string_view piece) {
  if (bytes_ == 0) {
    const std::size_t end = piece.find('\n');
    const std::string_view line = piece.substr(0, end);
    if (end != std::string_view::npos && std::memchr(line.data(), '"', line.size()) == nullptr) return end;
  }
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (++bytes_ > limit_ + 1) state_ = State::plain;
    if (piece[i] == '\n' && state_ != State::quoted) {
      state_ = State::field_start;
      bytes_ = 0;
      return i;
    }
    state_ = after(state_, piece[i]);
  }
  return std::string_view::npos;
}

std::optional<LineFault> CsvSampleReader::read_header(std::string_view line) {
  Fields fields{line};
  std::deque<std::string> texts;
  unsigned seen = 0;
  while (fields.next(texts)) {
    const SampleField field = sample_field_named(fields.text());
    const auto bit = static_cast<unsigned>(field);
    if ((seen & bit) != 0) {
      return LineFault{fields.start(), fmt::format("two columns are named {}", name_of(field))};
    }
    seen |= bit;
    columns_.push_back(field);
  }
  if (fields.fault) return fields.fault;
  for (const SampleField field : kSampleFields) {
    if ((kRequiredSampleFields & static_cast<unsigned>(field) & ~seen) != 0) {
      return LineFault{0, fmt::format("the header names no column {}", name_of(field))};
    }
  }
  return std::nullopt;
}

std::optional<LineFault> CsvSampleReader::set(SampleField field, std::string_view text, std::size_t offset,
                                              slo::Sample& sample) {
  const auto put = [&](auto& member, const auto& value) -> std::optional<LineFault> {
    if (!value) return LineFault{offset, bad_field(field, fmt::format("\"{}\"", text))};
    member = *value;
    return std::nullopt;
  };
  if (field == SampleField::client) sample.client = text;
  if (field == SampleField::client || field == SampleField::other) return std::nullopt;
  if (field == SampleField::track) return text.empty() ? std::nullopt : put(sample.track, track_named(text));
  if (field == SampleField::timestamp && is_iso(text)) {
    return put(sample.at, moments_.rfc3339(text));
  }
  const auto number = number_in_text(text);
  if (field == SampleField::timestamp) {
    return put(sample.at, number ? MomentReader::unix_time(text) : std::nullopt);
  }
  if (field == SampleField::status) return put(sample.status, number ? status_of(*number) : std::nullopt);
  return put(sample.latency_ms, number ? latency_of(*number) : std::nullopt);
}

std::optional<LineFault> CsvSampleReader::read(std::string_view record, bool terminated, slo::Sample& sample,
                                               std::deque<std::string>& texts) {
  sample = {};
  Fields fields{record};
  std::size_t count = 0;
  bool more = false;
  while (fields.next(texts)) {
    more = count == columns_.size();
    if (more) break;
    if (auto fault = set(columns_[count++], fields.text(), fields.start(), sample)) return fault;
  }
  if (fields.fault) return fields.fault;
  if (more || count < columns_.size()) {
    return LineFault{0, fmt::format("{}, where the header names {}",
                                    more ? "more fields" : counted(count, "field"), columns_.size())};
  }
  if (!terminated && may_lack_digits(columns_.back(), record, fields.text())) {
    return LineFault{fields.start(), "no line feed ends the line: its last number may be cut off"};
  }
  return std::nullopt;
}

}  // namespace gate::load
