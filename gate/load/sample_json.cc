#include "gate/load/sample_json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/base/utf8.h"
#include "gate/load/json_positions.h"
#include "gate/load/json_scan.h"

namespace gate::load {
namespace {

// Where a run of ASCII that needs no second look ends: at a quote, a backslash, a control character or
// anything beyond ASCII.
const char* plain_end(const char* at, const char* end) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = kOnes * 0x80;
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t quotes = word ^ (kOnes * '"');
    const std::uint64_t backslashes = word ^ (kOnes * '\\');
    const std::uint64_t special =
        (word - kOnes * 0x20) | word | ((quotes - kOnes) & ~quotes) | ((backslashes - kOnes) & ~backslashes);
    if ((special & kHighs) != 0) break;
  }
  while (at != end && *at != '"' && *at != '\\' && *at >= ' ' && *at < 0x7F) ++at;
  return at;
}

// The usual line. Whatever else it meets it leaves to the strict reader: it accepts only what that one does,
// and knows of no faults.
class UsualLine {
 public:
  UsualLine(std::string_view line, MomentReader& moments, slo::Sample& sample)
      : at_(line.data()), end_(at_ + line.size()), moments_(moments), sample_(sample) {}

  bool read() {
    skip_space();
    if (!take('{')) return false;
    do {
      skip_space();
      if (!member()) return false;
      skip_space();
    } while (take(','));
    if (!take('}')) return false;
    skip_space();
    return at_ == end_ && (seen_ & kRequiredSampleFields) == kRequiredSampleFields;
  }

 private:
  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  std::optional<std::string_view> text() {
    if (!take('"')) return std::nullopt;
    const char* const start = at_;
    at_ = plain_end(at_, end_);
    if (at_ == end_ || *at_ != '"') return std::nullopt;
    return std::string_view{start, static_cast<std::size_t>(at_++ - start)};
  }

  bool number(NumberLiteral& number, std::string_view& literal) {
    const char* const start = at_;
    const char* const after = read_number(start, end_, number);
    if (after == nullptr) return false;
    at_ = after;
    literal = {start, static_cast<std::size_t>(after - start)};
    return number.kind != NumberLiteral::Kind::beyond;
  }

  bool word(std::string_view word) {
    const bool is_there = static_cast<std::size_t>(end_ - at_) >= word.size() &&
                          std::memcmp(at_, word.data(), word.size()) == 0;
    if (is_there) at_ += word.size();
    return is_there;
  }

  bool member() {
    const auto name = text();
    if (!name) return false;
    skip_space();
    if (!take(':')) return false;
    skip_space();
    const SampleField field = sample_field_named(*name);
    if (!is_new(*name, field) || at_ == end_) return false;
    switch (field) {
      case SampleField::timestamp: return timestamp();
      case SampleField::latency_ms: return latency();
      case SampleField::status: return status();
      case SampleField::track: return track();
      case SampleField::client: return client();
      case SampleField::other: return anything();
    }
    return false;
  }

  bool is_new(std::string_view name, SampleField field) {
    if (field != SampleField::other) {
      const auto bit = static_cast<unsigned>(field);
      return (std::exchange(seen_, seen_ | bit) & bit) == 0;
    }
    if (other_count_ == others_.size()) return false;
    const auto known = others_.begin() + static_cast<std::ptrdiff_t>(other_count_);
    if (std::find(others_.begin(), known, name) != known) return false;
    others_[other_count_++] = name;
    return true;
  }

  bool timestamp() {
    std::optional<Timestamp> at;
    if (*at_ == '"') {
      const auto written = text();
      if (written) at = moments_.rfc3339(*written);
    } else {
      NumberLiteral value;
      std::string_view literal;
      if (number(value, literal)) at = MomentReader::unix_time(literal);
    }
    if (at) sample_.at = *at;
    return at.has_value();
  }

  bool latency() {
    NumberLiteral value;
    std::string_view literal;
    const auto latency = number(value, literal) ? latency_of(value) : std::nullopt;
    if (latency) sample_.latency_ms = *latency;
    return latency.has_value();
  }

  bool status() {
    NumberLiteral value;
    std::string_view literal;
    const auto status = number(value, literal) ? status_of(value) : std::nullopt;
    if (status) sample_.status = *status;
    return status.has_value();
  }

  bool track() {
    if (word("null")) return true;
    const auto written = text();
    const auto track = written ? track_named(*written) : std::nullopt;
    if (track) sample_.track = *track;
    return track.has_value();
  }

  bool client() {
    if (word("null")) return true;
    if (*at_ == '"') {
      const auto written = text();
      if (written) sample_.client = *written;
      return written.has_value();
    }
    NumberLiteral value;
    std::string_view literal;
    // A literal of an integer is the number's text, but for -0.
    if (!number(value, literal) || value.kind != NumberLiteral::Kind::int64 || literal == "-0") return false;
    sample_.client = literal;
    return true;
  }

  bool anything() {
    switch (*at_) {
      case '"': return text().has_value();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: break;
    }
    NumberLiteral value;
    std::string_view literal;
    return number(value, literal);
  }

  const char* at_;
  const char* end_;
  MomentReader& moments_;
  slo::Sample& sample_;
  unsigned seen_ = 0;
  std::array<std::string_view, 8> others_;
  std::size_t other_count_ = 0;
};

// Where the known members of the outermost object stand, in a line that the strict reader has accepted.
class MemberFinder {
 public:
  struct Member {
    SampleField field;
    std::size_t offset;  // of its value
  };

  bool enter(bool /*object*/) {
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }
  bool key(std::size_t /*offset*/, const std::string& name) {
    field_ = depth_ == 1 ? sample_field_named(name) : SampleField::other;
    return true;
  }
  bool value(std::size_t offset) {
    if (field_ != SampleField::other) members.push_back({field_, offset});
    field_ = SampleField::other;
    return true;
  }

  std::vector<Member> members;

 private:
  int depth_ = 0;
  SampleField field_ = SampleField::other;
};

// The text of the value at `offset`; of an array or object its bracket.
std::string_view literal_at(std::string_view line, std::size_t offset) {
  const std::string_view rest = line.substr(offset);
  if (rest.front() == '{' || rest.front() == '[') return rest.substr(0, 1);
  if (rest.front() != '"') return rest.substr(0, std::min(rest.find_first_of(" \t\r\n,]}"), rest.size()));
  std::size_t end = 1;
  while (rest[end] != '"') end += rest[end] == '\\' ? std::size_t{2} : std::size_t{1};
  return rest.substr(0, end + 1);
}

std::optional<std::string> client_of(std::string_view literal) {
  if (literal.front() == '"') return decoded_string(literal);
  if (!number_in_text(literal)) return std::nullopt;
  return Decimal::parse(literal)->to_string();
}

// Sets one field from the text of its value; false where it is none.
bool set_field(SampleField field, std::string_view literal, MomentReader& moments, slo::Sample& sample,
               std::deque<std::string>& texts) {
  const bool is_text = literal.front() == '"';
  const bool optional = (static_cast<unsigned>(field) & kRequiredSampleFields) == 0;
  if (optional && literal == "null") return true;
  const auto number = is_text ? std::nullopt : number_in_text(literal);
  const auto set = [](auto& member, const auto& value) {
    if (value) member = *value;
    return value.has_value();
  };
  switch (field) {
    case SampleField::timestamp:
      return set(sample.at, is_text  ? moments.rfc3339(decoded_string(literal))
                            : number ? MomentReader::unix_time(literal)
                                     : std::nullopt);
    case SampleField::latency_ms: return set(sample.latency_ms, number ? latency_of(*number) : std::nullopt);
    case SampleField::status: return set(sample.status, number ? status_of(*number) : std::nullopt);
    case SampleField::track:
      return set(sample.track, is_text ? track_named(decoded_string(literal)) : std::nullopt);
    case SampleField::client: {
      auto client = client_of(literal);
      if (client) sample.client = texts.emplace_back(std::move(*client));
      return client.has_value();
    }
    case SampleField::other: break;
  }
  return true;
}

std::size_t offset_of_column(std::string_view line, std::size_t column) {
  std::size_t offset = 0;
  for (; column > 1 && offset < line.size(); --column) offset += decode_utf8(line.substr(offset)).bytes;
  return offset;
}

}  // namespace

std::optional<LineFault> JsonSampleReader::read(std::string_view line, slo::Sample& sample,
                                                std::deque<std::string>& texts) {
  if (UsualLine{line, moments_, sample}.read()) return std::nullopt;
  return read_strictly(line, sample, texts);
}

std::optional<LineFault> JsonSampleReader::read_strictly(std::string_view line, slo::Sample& sample,
                                                         std::deque<std::string>& texts) {
  sample = {};
  const auto document = json_.read(line);
  if (!document) {
    PlacedMessage placed = placed_message(document.error().message);
    return LineFault{offset_of_column(line, placed.position.column), std::move(placed.message)};
  }
  const std::size_t start = line.find_first_not_of(" \t\r\n");
  if (!(*document)->root.is_object()) return LineFault{start, "a sample must be an object"};
  MemberFinder finder;
  JsonScan{line, finder}.run();
  unsigned seen = 0;
  for (const auto& [field, offset] : finder.members) {
    const std::string_view literal = literal_at(line, offset);
    seen |= static_cast<unsigned>(field);
    if (!set_field(field, literal, moments_, sample, texts))
      return LineFault{offset, bad_field(field, literal)};
  }
  for (const SampleField field : kSampleFields) {
    const auto bit = static_cast<unsigned>(field);
    if ((kRequiredSampleFields & bit & ~seen) != 0) return LineFault{start, missing_field(field)};
  }
  return std::nullopt;
}

}  // namespace gate::load
