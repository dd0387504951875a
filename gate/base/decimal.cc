#include "gate/base/decimal.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include "gate/base/natural.h"

namespace gate {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes the run of digits at the front of `text`.
std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

Error not_a_number() {
  return Error{ErrorCode::malformed, "not a number as JSON writes it"};
}

// The exponent after `e`; nullopt where it is ill-formed. Saturates above kMaxExponent.
std::optional<std::int64_t> take_exponent(std::string_view& text) {
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  const std::string_view digits = take_digits(text);
  if (digits.empty()) return std::nullopt;
  std::int64_t exponent = 0;
  for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), Decimal::kMaxExponent + 1);
  return negative ? -exponent : exponent;
}

// The remainder of digits·10^zeros by a divisor of up to 18 digits: no step overflows 64 bits.
bool divides(std::uint64_t divisor, std::string_view digits, std::size_t zeros) {
  std::uint64_t rest = 0;
  for (const char c : digits) rest = (rest * 10 + static_cast<std::uint64_t>(c - '0')) % divisor;
  for (std::size_t i = 0; i < zeros && rest != 0; ++i) rest = rest * 10 % divisor;
  return rest == 0;
}

bool divides_at_length(std::string_view divisor, std::string_view digits, std::size_t zeros) {
  const Natural by{divisor};
  Natural rest = Natural::zero_beside(by);
  for (const char c : digits) rest.shift_in(static_cast<unsigned>(c - '0'), by);
  for (std::size_t i = 0; i < zeros && !rest.is_zero(); ++i) rest.shift_in(0, by);
  return rest.is_zero();
}

}  // namespace

Decimal::Decimal(bool negative, std::string digits, std::int64_t exponent) {
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return;
  const std::size_t last = digits.find_last_not_of('0');
  exponent_ = exponent + static_cast<std::int64_t>(digits.size() - 1 - last);
  digits.erase(last + 1);
  digits.erase(0, first);
  negative_ = negative;
  digits_ = std::move(digits);
}

Decimal Decimal::of(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  return Decimal{number < 0, std::to_string(number < 0 ? 0 - bits : bits), 0};
}

Decimal Decimal::of(std::uint64_t number) {
  return Decimal{false, std::to_string(number), 0};
}

Decimal Decimal::of(double number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  auto parsed = parse({buffer, static_cast<std::size_t>(end - buffer)});
  return parsed ? std::move(*parsed) : Decimal{};
}

Result<Decimal> Decimal::parse(std::string_view literal) {
  const bool negative = take(literal, '-');
  std::string digits{take_digits(literal)};
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return not_a_number();
  std::int64_t exponent = 0;
  if (take(literal, '.')) {
    const std::string_view fraction = take_digits(literal);
    if (fraction.empty()) return not_a_number();
    digits += fraction;
    exponent = -static_cast<std::int64_t>(fraction.size());
  }
  if (take(literal, 'e') || take(literal, 'E')) {
    const auto power = take_exponent(literal);
    if (!power) return not_a_number();
    if (*power > kMaxExponent || *power < -kMaxExponent) {
      return Error{ErrorCode::budget, fmt::format("a number's exponent is beyond {}", kMaxExponent)};
    }
    exponent += *power;
  }
  if (!literal.empty()) return not_a_number();
  return Decimal{negative, std::move(digits), exponent};
}

std::optional<bool> Decimal::is_multiple_of(const Decimal& divisor) const {
  constexpr std::size_t kMaxWork = 20'000'000;  // limb steps: about 50 ms
  if (divisor.is_zero()) return false;
  if (is_zero()) return true;
  // Without zeros at its end this has no factor of ten to spare for a finer divisor's integer.
  if (exponent_ < divisor.exponent_) return false;
  // More zeros than the divisor has factors of two and five change nothing.
  const auto gap = static_cast<std::uint64_t>(exponent_ - divisor.exponent_);
  const std::size_t zeros = std::min<std::uint64_t>(gap, 4 * divisor.digits_.size());
  if (divisor.digits_.size() <= 18) {
    std::uint64_t by = 0;
    std::from_chars(divisor.digits_.data(), divisor.digits_.data() + divisor.digits_.size(), by);
    return divides(by, digits_, zeros);
  }
  if ((digits_.size() + zeros) * (divisor.digits_.size() / 9 + 2) > kMaxWork) return std::nullopt;
  return divides_at_length(divisor.digits_, digits_, zeros);
}

double Decimal::nearest_double() const {
  const std::string text =
      fmt::format("{}{}e{}", negative_ ? "-" : "", digits_.empty() ? "0" : digits_, exponent_);
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec == std::errc{}) return number;
  const bool huge = exponent_ + static_cast<std::int64_t>(digits_.size()) > 0;
  const double magnitude = huge ? std::numeric_limits<double>::max() : 0.0;
  return negative_ ? -magnitude : magnitude;
}

std::string Decimal::to_string() const {
  constexpr std::int64_t kMaxZeros = 20;
  const std::string sign = negative_ ? "-" : "";
  const auto count = static_cast<std::int64_t>(digits_.size());
  if (digits_.empty()) return "0";
  if (exponent_ >= 0 && exponent_ <= kMaxZeros)
    return sign + digits_ + std::string(static_cast<std::size_t>(exponent_), '0');
  const std::int64_t point = count + exponent_;  // where the decimal point stands, from the first digit
  if (exponent_ < 0 && point > 0) {
    const auto at = static_cast<std::size_t>(point);
    return sign + digits_.substr(0, at) + "." + digits_.substr(at);
  }
  if (exponent_ < 0 && point > -6)
    return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits_;
  const std::string tail = count == 1 ? "" : "." + digits_.substr(1);
  return fmt::format("{}{}{}e{}", sign, digits_[0], tail, point - 1);
}

std::size_t Decimal::hash() const {
  const std::size_t seed = std::hash<std::string>{}(digits_);
  return seed ^ (static_cast<std::size_t>(exponent_) * 0x9E3779B97F4A7C15U) ^ (negative_ ? 1U : 0U);
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  const auto sign = [](const Decimal& d) { return d.is_zero() ? 0 : d.negative_ ? -1 : 1; };
  if (sign(*this) != sign(other)) return sign(*this) <=> sign(other);
  if (is_zero()) return std::strong_ordering::equal;
  const auto magnitude = [](const Decimal& d) {
    return d.exponent_ + static_cast<std::int64_t>(d.digits_.size());
  };
  std::strong_ordering order = magnitude(*this) <=> magnitude(other);
  if (order == 0) order = digits_.compare(other.digits_) <=> 0;
  return negative_ ? 0 <=> order : order;
}

}  // namespace gate
