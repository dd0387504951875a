#include "gate/base/time.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace gate {
namespace {

using std::chrono::milliseconds;

// Reads exactly `width` digits and drops them from `text`.
std::optional<int> take_number(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Date> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Date{date};
}

std::optional<milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return milliseconds{0};
  int value = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits) {
    if (digits < 3) value = value * 10 + (text.front() - '0');
  }
  if (digits == 0) return std::nullopt;
  for (int i = digits; i < 3; ++i) value *= 10;
  return milliseconds{value};
}

std::optional<milliseconds> take_clock(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 60) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second} +
         *fraction;
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return std::chrono::minutes{0};
  const bool behind = take(text, '-');
  if (!behind && !take(text, '+')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return behind ? -offset : offset;
}

}  // namespace

std::string to_string(Date day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string to_string(Timestamp moment) {
  const Date day = date_of(moment);
  const std::chrono::hh_mm_ss<milliseconds> clock{moment - day};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_string(day), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

Result<Timestamp> parse_timestamp(std::string_view text) {
  std::string_view rest = text;
  const auto day = take_date(rest);
  const bool separated = day && (take(rest, 'T') || take(rest, 't') || take(rest, ' '));
  const auto clock = separated ? take_clock(rest) : std::nullopt;
  const auto offset = clock ? take_offset(rest) : std::nullopt;
  if (!offset || !rest.empty()) {
    return Error{ErrorCode::malformed,
                 fmt::format("\"{}\" is not a moment such as 2026-11-20T05:01:23Z", text)};
  }
  return Timestamp{*day} + *clock - *offset;
}

Result<Date> parse_date(std::string_view text) {
  std::string_view rest = text;
  const auto day = take_date(rest);
  if (!day || !rest.empty()) {
    return Error{ErrorCode::malformed, fmt::format("\"{}\" is not a date such as 2026-11-20", text)};
  }
  return *day;
}

Result<Timestamp> parse_moment(std::string_view text) {
  if (const auto day = parse_date(text)) return Timestamp{*day};
  if (const auto moment = parse_timestamp(text)) return *moment;
  return Error{
      ErrorCode::malformed,
      fmt::format("\"{}\" is neither a date such as 2026-11-20 nor a moment such as 2026-11-20T05:01:23Z",
                  text)};
}

Result<milliseconds> parse_duration(std::string_view text) {
  constexpr std::pair<std::string_view, milliseconds> kUnits[] = {{"ms", milliseconds{1}},
                                                                  {"s", std::chrono::seconds{1}},
                                                                  {"m", std::chrono::minutes{1}},
                                                                  {"h", std::chrono::hours{1}},
                                                                  {"d", std::chrono::days{1}}};
  constexpr milliseconds kLongest = std::chrono::days{3'660};
  const std::size_t unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
  std::int64_t amount = 0;
  const auto read = std::from_chars(text.data(), text.data() + unit_at, amount);
  for (const auto& [unit, length] : kUnits) {
    if (read.ec != std::errc{} || text.substr(unit_at) != unit) continue;
    if (amount > 0 && amount <= kLongest / length) return amount * length;
  }
  return Error{ErrorCode::malformed, fmt::format("\"{}\" is not a duration such as 90s, 10m or 24h", text)};
}

Date date_of(Timestamp moment) {
  return std::chrono::floor<std::chrono::days>(moment);
}

std::string human_duration(milliseconds duration) {
  const auto ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
  if (ms < 3'600'000) return fmt::format("{} min {:02} s", ms / 60'000, ms % 60'000 / 1000);
  return fmt::format("{} h {:02} min", ms / 3'600'000, ms % 3'600'000 / 60'000);
}

}  // namespace gate
