#include "gate/load/tzif.h"

#include <charconv>
#include <cstdint>
#include <optional>

namespace gate::load {
namespace {

using slo::TimeZone;
using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr int kFirstYear = 1970;  // a rule that begins before says nothing of the years that matter
constexpr int kLastYear = 2200;

Error malformed() {
  return Error{ErrorCode::malformed, "not a compiled time zone"};
}

// RFC 8536, 3.2: what software may expect of an offset from UTC, and a little more.
bool is_offset(seconds offset) {
  return offset > -std::chrono::hours{26} && offset < std::chrono::hours{26};
}

// A big-endian two's complement number.
std::int64_t number_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(value);
}

// The counts of a header, in its order.
struct Header {
  static constexpr std::size_t kBytes = 44;
  std::size_t utc, standard, leaps, times, types, letters;

  static std::optional<Header> read(std::string_view bytes) {
    constexpr std::int64_t kMost = 100'000;
    if (bytes.size() < kBytes || bytes.substr(0, 4) != "TZif" || bytes[4] < '2') return std::nullopt;
    std::size_t counts[6];
    for (std::size_t i = 0; i < 6; ++i) {
      const std::int64_t count = number_at(bytes, 20 + 4 * i, 4);
      if (count < 0 || count > kMost) return std::nullopt;
      counts[i] = static_cast<std::size_t>(count);
    }
    return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
  }

  // Bytes of the data behind the header, where times take so many.
  [[nodiscard]] std::size_t size(std::size_t time) const {
    return times * time + times + types * 6 + letters + leaps * (time + 4) + standard + utc;
  }
};

// The rule behind the last change, as POSIX writes it: "CET-1CEST,M3.5.0,M10.5.0/3".
class Footer {
 public:
  explicit Footer(std::string_view text) : text_(text) {}

  // Appends the changes from `year` on that come after the last one; false where the rule is not understood.
  bool write_out(TimeZone& zone) {
    if (text_.empty()) return true;
    const auto standard = read_offset();
    if (!standard) return false;
    if (text_.empty()) return add_fixed(zone, *standard);
    const std::size_t name_end = text_.find(',');
    if (name_end == std::string_view::npos) return false;
    std::string_view rules = text_.substr(name_end + 1);
    text_ = text_.substr(0, name_end);
    const auto daylight = read_daylight(*standard);
    text_ = rules;
    const auto begins = read_rule();
    if (!take(',')) return false;
    const auto ends = read_rule();
    if (!daylight || !begins || !ends || !text_.empty()) return false;
    add_years(zone, {*begins, *standard, *daylight}, {*ends, *daylight, *standard});
    return true;
  }

 private:
  // The day of the week in the `week`th week of a month; 5 is the last one.
  struct Rule {
    unsigned month, week, day;
    seconds time;
  };
  struct Turn {
    Rule rule;
    seconds from;
    seconds to;
  };

  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::optional<int> read_number() {
    int number = 0;
    const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (read.ec != std::errc{} || number < 0 || number > 1000) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(read.ptr - text_.data()));
    return number;
  }

  std::optional<seconds> read_time() {
    const bool negative = take('-');
    if (!negative) take('+');
    int total = 0;
    int unit = 3600;
    do {
      const auto part = read_number();
      if (!part) return std::nullopt;
      total += *part * unit;
      unit /= 60;
    } while (unit > 0 && take(':'));
    return seconds{negative ? -total : total};
  }

  bool skip_name() {
    const std::size_t end = text_.starts_with('<') ? text_.find('>') : text_.find_first_of("+-0123456789,");
    if (end == 0) return false;
    const std::size_t next =
        end == std::string_view::npos ? text_.size() : end + (text_.front() == '<' ? 1 : 0);
    text_.remove_prefix(next);
    return true;
  }

  // POSIX counts west of Greenwich.
  std::optional<seconds> read_offset() {
    if (!skip_name()) return std::nullopt;
    const auto west = read_time();
    return west && is_offset(*west) ? std::optional{-*west} : std::nullopt;
  }

  std::optional<seconds> read_daylight(seconds standard) {
    if (!skip_name()) return std::nullopt;
    if (text_.empty()) return standard + std::chrono::hours{1};
    const auto west = read_time();
    return west && text_.empty() && is_offset(*west) ? std::optional{-*west} : std::nullopt;
  }

  std::optional<Rule> read_rule() {
    if (!take('M')) return std::nullopt;
    const auto month = read_number();
    if (!month || !take('.')) return std::nullopt;
    const auto week = read_number();
    if (!week || !take('.')) return std::nullopt;
    const auto day = read_number();
    if (!day || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *day > 6) return std::nullopt;
    const auto time = take('/') ? read_time() : std::optional<seconds>{std::chrono::hours{2}};
    if (!time) return std::nullopt;
    return Rule{static_cast<unsigned>(*month), static_cast<unsigned>(*week), static_cast<unsigned>(*day),
                *time};
  }

  static std::chrono::sys_days day_of(const Rule& rule, int year) {
    const auto month = std::chrono::year{year} / std::chrono::month{rule.month};
    const std::chrono::weekday weekday{rule.day};
    if (rule.week == 5) return std::chrono::sys_days{month / weekday[std::chrono::last]};
    return std::chrono::sys_days{month / weekday[rule.week]};
  }

  static bool add_fixed(TimeZone& zone, seconds offset) {
    if (zone.changes.empty()) zone.before = offset;
    return true;
  }

  static void add_years(TimeZone& zone, const Turn& begins, const Turn& ends) {
    const auto add = [&zone](const TimeZone::Change& change) {
      if (zone.changes.empty() || change.at > zone.changes.back().at) zone.changes.push_back(change);
    };
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      TimeZone::Change first = change_in(begins, year);
      TimeZone::Change second = change_in(ends, year);
      if (second.at < first.at) std::swap(first, second);
      add(first);
      add(second);
    }
  }

  static TimeZone::Change change_in(const Turn& turn, int year) {
    return {day_of(turn.rule, year) + turn.rule.time - turn.from, turn.to};
  }

  std::string_view text_;
};

Result<TimeZone> read_block(std::string_view bytes, const Header& header, std::string_view footer) {
  TimeZone zone;
  const std::size_t indexes = header.times * 8;
  const std::size_t types = indexes + header.times;
  const auto offset_of = [&](std::size_t type) { return seconds{number_at(bytes, types + type * 6, 4)}; };
  if (header.types == 0) return malformed();
  for (std::size_t i = 0; i < header.types; ++i) {
    if (!is_offset(offset_of(i))) return malformed();
  }
  zone.before = offset_of(0);
  for (std::size_t i = 0; i < header.times; ++i) {
    const auto type = static_cast<unsigned char>(bytes[indexes + i]);
    if (type >= header.types) return malformed();
    const sys_seconds at{seconds{number_at(bytes, i * 8, 8)}};
    if (!zone.changes.empty() && at <= zone.changes.back().at) return malformed();
    zone.changes.push_back({at, offset_of(type)});
  }
  if (!Footer{footer}.write_out(zone)) return Error{ErrorCode::malformed, "its last rule is not understood"};
  return zone;
}

}  // namespace

Result<TimeZone> parse_tzif(std::string_view bytes) {
  const auto old = Header::read(bytes);
  if (!old || bytes.size() < Header::kBytes + old->size(4)) return malformed();
  bytes.remove_prefix(Header::kBytes + old->size(4));
  const auto header = Header::read(bytes);
  if (!header || bytes.size() < Header::kBytes + header->size(8)) return malformed();
  bytes.remove_prefix(Header::kBytes);
  std::string_view footer = bytes.substr(header->size(8));
  if (!footer.starts_with('\n')) return malformed();
  footer.remove_prefix(1);
  if (footer.find('\n') == std::string_view::npos) return malformed();
  return read_block(bytes, *header, footer.substr(0, footer.find('\n')));
}

}  // namespace gate::load
