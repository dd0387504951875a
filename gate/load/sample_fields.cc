#include "gate/load/sample_fields.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "gate/base/decimal.h"
#include "gate/base/text.h"

namespace gate::load {
namespace {

using std::chrono::milliseconds;

constexpr Timestamp kFirst{};
constexpr Timestamp kEnd{Date{std::chrono::year{10'000} / 1 / 1}};
constexpr double kMaxLatency = 1e12;

std::optional<Timestamp> within_years(Timestamp at) {
  return at >= kFirst && at < kEnd ? std::optional{at} : std::nullopt;
}

// The number of `count` digits at `at`, or -1.
int digits(const char* at, int count) {
  int number = 0;
  for (int i = 0; i < count; ++i) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(at[i])) - '0';
    if (digit > 9) return -1;
    number = number * 10 + static_cast<int>(digit);
  }
  return number;
}

// "05:01:23"; nullopt for what is none, and for a leap second.
std::optional<milliseconds> clock_at(const char* at) {
  const int hour = digits(at, 2);
  const int minute = digits(at + 3, 2);
  const int second = digits(at + 6, 2);
  const bool is_clock = at[2] == ':' && at[5] == ':' && hour >= 0 && hour < 24 && minute >= 0 &&
                        minute < 60 && second >= 0 && second < 60;
  if (!is_clock) return std::nullopt;
  return milliseconds{((hour * 60 + minute) * 60 + second) * 1000};
}

// ".123456": its first three digits as milliseconds.
std::optional<milliseconds> fraction(std::string_view text) {
  if (text.empty()) return milliseconds{0};
  if (text.size() < 2 || text.front() != '.') return std::nullopt;
  if (text.find_first_not_of("0123456789", 1) != std::string_view::npos) return std::nullopt;
  int value = 0;
  for (std::size_t i = 1; i <= 3; ++i) value = value * 10 + (i < text.size() ? text[i] - '0' : 0);
  return milliseconds{value};
}

std::optional<Date> iso_date(std::string_view text) {
  const auto date = parse_date(text);
  return date ? std::optional{*date} : std::nullopt;
}

// "20/Nov/2026".
std::optional<Date> haproxy_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = kMonths.find(text.substr(3, 3));
  const int day = digits(text.data(), 2);
  const int year = digits(text.data() + 7, 4);
  if (text[2] != '/' || text[6] != '/' || day < 0 || year < 0) return std::nullopt;
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  return date.ok() ? std::optional{Date{date}} : std::nullopt;
}

// Seconds, or milliseconds, of a number without sign and exponent.
std::optional<Timestamp> plain_unix_time(std::string_view literal) {
  constexpr std::int64_t kFirstMilliseconds = 100'000'000'000;
  constexpr std::size_t kMostDigits = 15;
  const std::size_t point = std::min(literal.find('.'), literal.size());
  const std::string_view after = literal.substr(point);
  const auto part = fraction(after);
  if (!part || point == 0 || point > kMostDigits) return std::nullopt;
  std::int64_t whole = 0;
  for (const char c : literal.substr(0, point)) {
    if (c < '0' || c > '9') return std::nullopt;
    whole = whole * 10 + (c - '0');
  }
  const bool is_whole = after.find_first_not_of(".0") == std::string_view::npos;
  if (is_whole && whole >= kFirstMilliseconds) return within_years(Timestamp{milliseconds{whole}});
  return within_years(Timestamp{std::chrono::seconds{whole} + *part});
}

}  // namespace

std::string_view name_of(SampleField field) {
  switch (field) {
    case SampleField::timestamp: return "timestamp";
    case SampleField::latency_ms: return "latency_ms";
    case SampleField::status: return "status";
    case SampleField::track: return "track";
    case SampleField::client: return "client";
    case SampleField::other: return "other";
  }
  return "?";
}

SampleField sample_field_named(std::string_view name) {
  switch (name.size()) {
    case 5: return name == "track" ? SampleField::track : SampleField::other;
    case 6:
      if (name == "status") return SampleField::status;
      return name == "client" ? SampleField::client : SampleField::other;
    case 9: return name == "timestamp" ? SampleField::timestamp : SampleField::other;
    case 10: return name == "latency_ms" ? SampleField::latency_ms : SampleField::other;
    default: return SampleField::other;
  }
}

template <class ReadDate>
std::optional<Date> MomentReader::date(std::string_view text, const ReadDate& read_date) {
  if (text == known_text_) return known_date_;
  const auto read = read_date(text);
  if (!read) return std::nullopt;
  known_text_ = text;
  known_date_ = *read;
  return read;
}

std::optional<Timestamp> MomentReader::rfc3339(std::string_view text) {
  constexpr std::size_t kUsual = std::string_view{"2026-11-20T05:01:23Z"}.size();
  if (text.size() >= kUsual && text[10] == 'T' && text.back() == 'Z') {
    const auto clock = clock_at(text.data() + 11);
    const auto part = fraction(text.substr(kUsual - 1, text.size() - kUsual));
    const auto day = clock && part ? date(text.substr(0, 10), iso_date) : std::nullopt;
    if (day) return within_years(Timestamp{*day} + *clock + *part);
  }
  const auto parsed = parse_timestamp(text);
  return parsed ? within_years(*parsed) : std::nullopt;
}

std::optional<Timestamp> MomentReader::unix_time(std::string_view literal) {
  if (literal.find_first_of("eE-") == std::string_view::npos) return plain_unix_time(literal);
  const auto exact = Decimal::parse(literal);
  return exact ? plain_unix_time(exact->to_string()) : std::nullopt;
}

std::optional<Timestamp> MomentReader::haproxy(std::string_view text) {
  constexpr std::string_view kShape = "20/Nov/2026:05:01:23.123";
  if (text.size() != kShape.size() || text[11] != ':') return std::nullopt;
  const auto clock = clock_at(text.data() + 12);
  const auto part = fraction(text.substr(20));
  const auto day = clock && part ? date(text.substr(0, 11), haproxy_date) : std::nullopt;
  return day ? within_years(Timestamp{*day} + *clock + *part) : std::nullopt;
}

std::optional<double> latency_of(const NumberLiteral& number) {
  double latency = -1;
  switch (number.kind) {
    case NumberLiteral::Kind::int64: latency = static_cast<double>(number.int64); break;
    case NumberLiteral::Kind::uint64: latency = static_cast<double>(number.uint64); break;
    case NumberLiteral::Kind::real:
    case NumberLiteral::Kind::exact: latency = number.real; break;
    case NumberLiteral::Kind::beyond: break;
  }
  if (!(latency >= 0 && latency <= kMaxLatency)) return std::nullopt;
  return latency + 0.0;  // -0 is 0
}

std::optional<int> status_of(const NumberLiteral& number) {
  double status = -1;
  if (number.kind == NumberLiteral::Kind::int64) status = static_cast<double>(number.int64);
  if (number.kind == NumberLiteral::Kind::real) status = number.real;
  const bool is_status = status == 0 || (status >= 100 && status <= 599 && std::floor(status) == status);
  return is_status ? std::optional{static_cast<int>(status)} : std::nullopt;
}

std::optional<NumberLiteral> number_in_text(std::string_view text) {
  if (text.empty()) return std::nullopt;
  NumberLiteral number;
  const char* const end = text.data() + text.size();
  return read_number(text.data(), end, number) == end ? std::optional{number} : std::nullopt;
}

std::optional<slo::Track> track_named(std::string_view text) {
  if (text == "canary" || text == "experiment") return slo::Track::canary;
  if (text == "baseline" || text == "control" || text == "stable") return slo::Track::baseline;
  return std::nullopt;
}

std::string bad_field(SampleField field, std::string_view written) {
  constexpr std::size_t kMostShown = 40;
  const auto is_not = [&](std::string_view what) {
    return fmt::format("{} is {}, not {}", name_of(field), shortened(written, kMostShown), what);
  };
  switch (field) {
    case SampleField::timestamp:
      return is_not("a moment from 1970 to 9999 such as \"2026-11-20T05:01:23Z\" or 1795150883.5");
    case SampleField::latency_ms: return is_not("a number of milliseconds from 0 to 10^12");
    case SampleField::status: return is_not("0 or a number from 100 to 599");
    case SampleField::track: return is_not("canary, experiment, baseline, control or stable");
    case SampleField::client: return is_not("a text or a number");
    case SampleField::other: break;
  }
  return is_not("known");
}

std::string missing_field(SampleField field) {
  return fmt::format("{} is missing", name_of(field));
}

}  // namespace gate::load
