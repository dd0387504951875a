#include "gate/load/report_time.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "gate/base/text.h"

namespace gate::load {
namespace {

constexpr double kLongest = 366.0 * 24 * 3600;
constexpr const char* kNoTime = "is no number of seconds";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// One decimal point, no grouping: "1,234.5" and "1.234,5" are 1234.5, "0,160" is 0.16.
std::string normalised(std::string_view text) {
  const std::size_t last = text.find_last_of(".,");
  if (last == std::string_view::npos) return std::string{text};
  const bool both = text.find('.') != std::string_view::npos && text.find(',') != std::string_view::npos;
  const bool repeated = text.find(text[last]) != last;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separator = text[i] == '.' || text[i] == ',';
    if (!separator) {
      out += text[i];
    } else if (i == last && (both || !repeated)) {
      out += '.';
    }
  }
  return out;
}

// Groups of three digits behind each separator that is not the decimal point.
bool grouped_well(std::string_view text) {
  const std::size_t last = text.find_last_of(".,");
  if (last == std::string_view::npos) return true;
  const bool repeated = text.find(text[last]) != last;
  std::size_t at = text.find_first_of(".,");
  while (at != last || repeated) {
    const std::size_t next = std::min(text.find_first_of(".,", at + 1), text.size());
    if (next - at != 4) return false;
    if (next == text.size() || (next == last && !repeated)) return true;
    at = next;
  }
  return true;
}

ReportTime from_seconds(double seconds) {
  if (!std::isfinite(seconds)) return {std::nullopt, kNoTime};
  if (seconds < 0) return {testing::Duration{0}, "is negative, taken as 0"};
  if (seconds > kLongest) return {std::nullopt, "is over a year, not taken as seconds"};
  constexpr double kNanos = 1e9;
  return {testing::Duration{std::llround(seconds * kNanos)}, nullptr};
}

}  // namespace

ReportTime parse_seconds(std::string_view text) {
  text = trim(text);
  if (text.empty()) return {};
  double seconds = 0;
  const auto read = [&seconds](std::string_view digits) {
    const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    return problem == std::errc{} && stop == digits.data() + digits.size();
  };
  if (text.find(',') == std::string_view::npos && read(text)) return from_seconds(seconds);
  if (!grouped_well(text) || !read(normalised(text))) return {std::nullopt, kNoTime};
  return from_seconds(seconds);
}

ReportTime parse_clock_time(std::string_view text) {
  text = trim(text);
  if (text.empty()) return {};
  double parts[4] = {};  // seconds, minutes, hours, days
  std::size_t used = 0;
  std::string_view rest = text;
  while (used < 3 && !rest.empty()) {
    const std::size_t colon = rest.rfind(':');
    const std::string_view part = rest.substr(colon == std::string_view::npos ? 0 : colon + 1);
    const auto number = parse_seconds(used == 2 ? part.substr(part.find('.') + 1) : part);
    if (!number.duration || part.empty() || !is_digit(part[0])) return {std::nullopt, kNoTime};
    if (used == 2 && part.find('.') != std::string_view::npos) {
      const auto days = parse_seconds(part.substr(0, part.find('.')));
      if (!days.duration) return {std::nullopt, kNoTime};
      parts[3] = std::chrono::duration<double>{*days.duration}.count();
    }
    parts[used++] = std::chrono::duration<double>{*number.duration}.count();
    rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(0, colon);
  }
  if (used != 3 || !rest.empty()) return {std::nullopt, kNoTime};
  return from_seconds(parts[0] + 60 * (parts[1] + 60 * (parts[2] + 24 * parts[3])));
}

std::optional<ReportMoment> parse_report_moment(std::string_view text) {
  text = trim(text);
  constexpr std::size_t kDateTime = 19;  // 2026-11-20T03:49:21
  if (text.size() < kDateTime) return std::nullopt;
  std::string spelled{text};
  if (spelled[10] == ' ') spelled[10] = 'T';
  const std::size_t zone = spelled.find_first_of("Zz+-", kDateTime);
  const bool zoned = zone != std::string::npos;
  if (const std::size_t dot = spelled.find('.'); dot == kDateTime) {  // more digits than anybody needs
    const std::size_t end = std::min(zone, spelled.size());
    constexpr std::size_t kDigits = 9;
    if (end - dot > kDigits + 1) spelled.erase(dot + 1 + kDigits, end - dot - 1 - kDigits);
  }
  if (!zoned) spelled += 'Z';
  const auto at = parse_timestamp(spelled);
  if (!at) return std::nullopt;
  return ReportMoment{*at, zoned};
}

}  // namespace gate::load
