#include "gate/slo/wording.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::slo {
namespace {

constexpr int kMostDecimals = 17;

struct Unit {
  std::int64_t seconds;
  const char* letter;
  const char* word;
};

constexpr std::array<Unit, 4> kUnits{{
    {86'400, "d", "d"},
    {3'600, "h", "h"},
    {60, "m", "min"},
    {1, "s", "s"},
}};

std::string without_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

// What the text says, compared with the limit as the number itself is.
bool keeps_its_side(const std::string& text, double number, const Decimal& limit) {
  const auto shown = Decimal::parse(text);
  return shown && (*shown <=> limit) == (Decimal::of(number) <=> limit);
}

Precision in_percent(const Precision& precision) {
  if (!precision.limit) return precision;
  return {precision.decimals, percent_of(*precision.limit)};
}

}  // namespace

std::string number_text(double number, const Precision& precision, bool padded) {
  if (!std::isfinite(number)) return number > 0 ? "+Inf" : number < 0 ? "-Inf" : "NaN";
  std::string text = fmt::format("{:.{}f}", number, precision.decimals);
  for (int more = precision.decimals; precision.limit && more < kMostDecimals; ++more) {
    text = fmt::format("{:.{}f}", number, more);
    if (keeps_its_side(text, number, *precision.limit)) break;
  }
  return padded ? text : without_zeros(text);
}

std::string percent_text(double share, const Precision& precision, bool padded) {
  // By way of the decimal: 0.997 · 100 in doubles is 99.7 by luck only.
  if (!std::isfinite(share)) return number_text(share);
  return number_text(percent_of(Decimal::of(share)).nearest_double(), in_percent(precision), padded);
}

std::string percent_text(const Interval& share, const Precision& precision) {
  const std::string least = percent_text(share.least, precision);
  const std::string most = percent_text(share.most, precision);
  return least == most ? least : fmt::format("between {} and {}", least, most);
}

std::string number_text(const Interval& number, const Precision& precision) {
  const std::string least = number_text(number.least, precision);
  const std::string most = number_text(number.most, precision);
  return least == most ? least : fmt::format("between {} and {}", least, most);
}

std::string rough_text(double number) {
  const double size = std::abs(number);
  if (!std::isfinite(number) || size == 0) return number_text(number);
  if (size >= 1e15) return fmt::format("{:.3g}", number);
  if (size >= 1000) return (number < 0 ? "-" : "") + grouped(static_cast<std::size_t>(std::llround(size)));
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, kMostDecimals);
  return number_text(number, {decimals, std::nullopt});
}

std::string window_text(std::chrono::seconds window) {
  std::int64_t rest = window.count();
  if (rest <= 0) return "all";
  std::string text;
  for (const Unit& unit : kUnits) {
    if (rest >= unit.seconds) text += fmt::format("{}{}", rest / unit.seconds, unit.letter);
    rest %= unit.seconds;
  }
  return text;
}

std::string duration_text(std::chrono::seconds duration) {
  if (duration > std::chrono::hours{24 * 3653}) return "over 10 years";
  std::int64_t rest = std::max<std::int64_t>(0, duration.count());
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end() - 1,
                                  [&](const Unit& candidate) { return rest >= candidate.seconds; });
  std::string text = fmt::format("{} {}", rest / unit->seconds, unit->word);
  rest %= unit->seconds;
  if (unit + 1 == kUnits.end() || rest / (unit + 1)->seconds == 0) return text;
  return text + fmt::format(" {} {}", rest / (unit + 1)->seconds, (unit + 1)->word);
}

}  // namespace gate::slo
