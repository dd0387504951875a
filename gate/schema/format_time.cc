#include <optional>

#include "gate/schema/format_ascii.h"
#include "gate/schema/format_checks.h"

namespace gate::schema {
namespace {

constexpr unsigned kNoNumber = 100;
constexpr int kMinutesOfDay = 24 * 60;

// The two digits at `at`, kNoNumber where one of them is none.
unsigned two_digits(std::string_view text, std::size_t at) {
  const unsigned tens = static_cast<unsigned char>(text[at]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(text[at + 1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? kNoNumber : tens * 10 + ones;
}

// As the proleptic Gregorian calendar has them; the year is its first and last two digits.
unsigned days_of_month(unsigned century, unsigned year, unsigned month) {
  if (month == 2) return (year == 0 ? century : year) % 4 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// A day and how long its month is.
struct Day {
  unsigned day;
  unsigned last;
};

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const unsigned century = two_digits(text, 0);
  const unsigned year = two_digits(text, 2);
  const unsigned month = two_digits(text, 5);
  const unsigned day = two_digits(text, 8);
  if (century == kNoNumber || year == kNoNumber || month < 1 || month > 12) return std::nullopt;
  const unsigned last = days_of_month(century, year, month);
  if (day < 1 || day > last) return std::nullopt;
  return Day{day, last};
}

// A time of day; the UTC minute is that of its own day, so it may lie before or after it.
struct Clock {
  int utc_minute;
  bool leap_second;
};

// Minutes east of UTC.
std::optional<int> parse_offset(std::string_view text) {
  if (text.size() == 1 && ascii_lower(text.front()) == 'z') return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const unsigned hour = two_digits(text, 1);
  const unsigned minute = two_digits(text, 4);
  if (hour > 23 || minute > 59) return std::nullopt;
  const int minutes = static_cast<int>(hour * 60 + minute);
  return text[0] == '-' ? -minutes : minutes;
}

std::optional<Clock> parse_clock(std::string_view text) {
  if (text.size() < 9 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const unsigned hour = two_digits(text, 0);
  const unsigned minute = two_digits(text, 3);
  const unsigned second = two_digits(text, 6);
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  text.remove_prefix(8);
  if (take(text, '.')) {
    const std::size_t digits = run_length(text, is_digit);
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
  }
  const auto offset = parse_offset(text);
  if (!offset) return std::nullopt;
  return Clock{static_cast<int>(hour * 60 + minute) - *offset, second == 60};
}

// Eats numbers with their units, which may begin and end anywhere in `units` but leave none out
// between; how many.
std::size_t take_units(std::string_view& text, std::string_view units) {
  std::size_t taken = 0;
  while (true) {
    const std::size_t digits = run_length(text, is_digit);
    if (digits == 0 || digits == text.size()) return taken;
    const auto is_unit = [&](char unit) { return ascii_lower(unit) == ascii_lower(text[digits]); };
    std::size_t at = 0;
    while (at < units.size() && !is_unit(units[at])) ++at;
    if (at == units.size() || (taken > 0 && at > 0)) return taken;
    units.remove_prefix(at + 1);
    text.remove_prefix(digits + 1);
    ++taken;
  }
}

bool take_letter(std::string_view& text, char lower) {
  return take(text, lower) || take(text, static_cast<char>(lower - 'a' + 'A'));
}

}  // namespace

bool is_date(std::string_view text) {
  return parse_day(text).has_value();
}

bool is_time(std::string_view text) {
  const auto clock = parse_clock(text);
  return clock && (!clock->leap_second || (clock->utc_minute + kMinutesOfDay) % kMinutesOfDay == 1439);
}

bool is_date_time(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) return false;
  const auto day = parse_day(text.substr(0, 10));
  if (!day) return false;
  const auto clock = parse_clock(text.substr(11));
  if (!clock) return false;
  if (!clock->leap_second) return true;
  // In UTC it is this day, or the day before; an offset west cannot put 23:59 on the next one.
  return clock->utc_minute == -1 ? day->day == 1 : clock->utc_minute == 1439 && day->day == day->last;
}

bool is_duration(std::string_view text) {
  if (!take_letter(text, 'p')) return false;
  if (take_units(text, "W") == 1) return text.empty();
  const bool has_date = take_units(text, "YMD") > 0;
  if (take_letter(text, 't')) return take_units(text, "HMS") > 0 && text.empty();
  return has_date && text.empty();
}

}  // namespace gate::schema
