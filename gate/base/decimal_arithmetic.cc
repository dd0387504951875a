#include <algorithm>
#include <utility>

#include "gate/base/decimal.h"
#include "gate/base/natural.h"

namespace gate {
namespace {

// The digit that stands `place` from the end, zero outside.
int digit_at(std::string_view digits, std::size_t place) {
  return place < digits.size() ? digits[digits.size() - 1 - place] - '0' : 0;
}

// Digit by digit a + sign·b, of numbers of one exponent; the result must not be negative.
std::string combine(std::string_view a, std::string_view b, int sign) {
  const std::size_t width = std::max(a.size(), b.size()) + 1;
  std::string digits(width, '0');
  int carry = 0;
  for (std::size_t place = 0; place < width; ++place) {
    const int sum = digit_at(a, place) + sign * digit_at(b, place) + carry + 10;
    digits[width - 1 - place] = static_cast<char>('0' + sum % 10);
    carry = sum / 10 - 1;
  }
  return digits;
}

std::string product_of(std::string_view a, std::string_view b) {
  std::string digits(a.size() + b.size(), '\0');
  for (std::size_t i = a.size(); i-- > 0;) {
    int carry = 0;
    for (std::size_t j = b.size(); j-- > 0;) {
      const int sum = digits[i + j + 1] + (a[i] - '0') * (b[j] - '0') + carry;
      digits[i + j + 1] = static_cast<char>(sum % 10);
      carry = sum / 10;
    }
    digits[i] = static_cast<char>(digits[i] + carry);
  }
  for (char& digit : digits) digit = static_cast<char>(digit + '0');
  return digits;
}

}  // namespace

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
  if (is_zero()) return other;
  if (other.is_zero()) return *this;
  const std::int64_t lowest = std::min(exponent_, other.exponent_);
  const auto zeros = [&](const Decimal& part) { return part.exponent_ - lowest; };
  const auto length = [&](const Decimal& part) {
    return static_cast<std::int64_t>(part.digits_.size()) + zeros(part);
  };
  if (std::max(length(*this), length(other)) >= kMaxDigits) return std::nullopt;
  const auto aligned = [&](const Decimal& part) {
    return part.digits_ + std::string(static_cast<std::size_t>(zeros(part)), '0');
  };
  std::string a = aligned(*this);
  std::string b = aligned(other);
  if (negative_ == other.negative_) return Decimal{negative_, combine(a, b, 1), lowest};
  const bool swapped = a.size() != b.size() ? a.size() < b.size() : a < b;
  if (swapped) std::swap(a, b);
  return Decimal{negative_ != swapped, combine(a, b, -1), lowest};
}

std::optional<Decimal> Decimal::minus(const Decimal& other) const {
  Decimal opposite = other;
  if (!other.is_zero()) opposite.negative_ = !other.negative_;
  return plus(opposite);
}

std::optional<Decimal> Decimal::times(const Decimal& other) const {
  constexpr std::size_t kMaxWork = 20'000'000;  // digit steps: some 50 ms
  if (is_zero() || other.is_zero()) return Decimal{};
  if (digits_.size() + other.digits_.size() >= static_cast<std::size_t>(kMaxDigits)) return std::nullopt;
  if (digits_.size() * other.digits_.size() > kMaxWork) return std::nullopt;
  return Decimal{negative_ != other.negative_, product_of(digits_, other.digits_),
                 exponent_ + other.exponent_};
}

std::optional<double> Decimal::divided_by(const Decimal& divisor) const {
  // No two neighbouring doubles have a middle of more significant digits, so with these many and one more
  // for the rest, the text rounds as the quotient does.
  constexpr std::size_t kSignificant = 800;
  constexpr std::size_t kMaxWork = 20'000'000;  // limb steps: about 50 ms
  if (divisor.is_zero()) return std::nullopt;
  if (is_zero()) return 0.0;
  const std::size_t steps = digits_.size() + divisor.digits_.size() + kSignificant;
  if (steps * (divisor.digits_.size() / 9 + 2) > kMaxWork) return std::nullopt;
  const Natural by{divisor.digits_};
  Natural rest = Natural::zero_beside(by);
  std::string quotient;
  std::size_t i = 0;
  for (; i < steps && (i < digits_.size() || !rest.is_zero()); ++i) {
    const unsigned digit = i < digits_.size() ? static_cast<unsigned>(digits_[i] - '0') : 0U;
    quotient += static_cast<char>('0' + rest.shift_in(digit, by));
  }
  quotient += rest.is_zero() ? '0' : '1';
  const auto zeros = static_cast<std::int64_t>(i - digits_.size() + 1);
  const std::int64_t power = exponent_ - divisor.exponent_ - zeros;
  return Decimal{negative_ != divisor.negative_, std::move(quotient), power}.nearest_double();
}

}  // namespace gate
