#include "gate/schema/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <string_view>

namespace gate::schema {
namespace {

constexpr double kTwoTo53 = 9007199254740992.0;

// A decimal in two machine words: coefficient × 10^exponent, no zero at the coefficient's end.
struct SmallDecimal {
  std::uint64_t coefficient = 0;
  std::int64_t exponent = 0;
};

SmallDecimal normalised(std::uint64_t coefficient, std::int64_t exponent) {
  while (coefficient != 0 && coefficient % 10 == 0) {
    coefficient /= 10;
    ++exponent;
  }
  return {coefficient, exponent};
}

// The magnitude of the shortest digits that read back as `number`: at most 17 of them.
SmallDecimal shortest(double number) {
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number), std::chars_format::scientific).ptr;
  std::uint64_t coefficient = 0;
  std::int64_t exponent = 0;
  const char* at = buffer;
  bool fraction = false;
  for (; *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    coefficient = coefficient * 10 + static_cast<std::uint64_t>(*at - '0');
    if (fraction) --exponent;
  }
  int power = 0;
  std::from_chars(at + (at[1] == '+' ? 2 : 1), end, power);
  return normalised(coefficient, exponent + power);
}

std::uint64_t magnitude(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  return number < 0 ? 0 - bits : bits;
}

}  // namespace

Number::Number(const boost::json::value& value, const ExactNumbers& exact) {
  if (value.is_int64()) {
    int64_ = value.get_int64();
  } else if (value.is_uint64()) {
    kind_ = Kind::uint64;
    uint64_ = value.get_uint64();
  } else {
    kind_ = Kind::real;
    real_ = value.get_double();
    exact_ = exact.find(value);
  }
}

void Number::set_wide(const Cell& cell) {
  kind_ = cell.kind == schema::Kind::uint64 ? Kind::uint64 : Kind::real;
  if (cell.kind == schema::Kind::uint64) {
    uint64_ = cell.uint64;
  } else if (cell.kind == schema::Kind::real) {
    real_ = cell.real;
  } else {
    exact_ = cell.exact;
    real_ = exact_->nearest_double();
  }
}

bool Number::is_integer() const {
  if (kind_ != Kind::real) return true;
  return exact_ != nullptr ? exact_->is_integer() : std::floor(real_) == real_;
}

Decimal Number::decimal() const {
  if (kind_ == Kind::int64) return Decimal::of(int64_);
  if (kind_ == Kind::uint64) return Decimal::of(uint64_);
  return exact_ != nullptr ? *exact_ : Decimal::of(real_);
}

double Number::nearest_double() const {
  if (kind_ == Kind::int64) return static_cast<double>(int64_);
  if (kind_ == Kind::uint64) return static_cast<double>(uint64_);
  return real_;
}

std::uint64_t Number::as_count() const {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  if (kind_ == Kind::int64) return int64_ < 0 ? 0 : magnitude(int64_);
  if (kind_ == Kind::uint64) return uint64_;
  if (real_ < 0) return 0;
  return real_ >= static_cast<double>(kMost) ? kMost : static_cast<std::uint64_t>(real_);
}

std::optional<double> Number::plain() const {
  const double near = nearest_double();
  const bool plain = exact_ == nullptr && std::fabs(near) < kTwoTo53;
  return plain ? std::optional{near} : std::nullopt;
}

// Numbers that only a decimal tells apart lie at 2^53 and beyond, or are exact_ and then equal none
// that is not.
std::size_t Number::hash() const {
  const double near = nearest_double();
  if (exact_ != nullptr || std::fabs(near) >= kTwoTo53) return decimal().hash();
  return std::hash<double>{}(near);
}

// Rounding to a double keeps the order, so doubles that differ decide; equal ones need a closer look
// where one of the two is not what its double says.
std::strong_ordering Number::compare(const Number& a, const Number& b) {
  const double x = a.nearest_double();
  const double y = b.nearest_double();
  if (x < y) return std::strong_ordering::less;
  if (x > y) return std::strong_ordering::greater;
  const bool plain = a.exact_ == nullptr && b.exact_ == nullptr;
  const bool both_real = a.kind_ == Kind::real && b.kind_ == Kind::real;
  if (plain && (both_real || std::fabs(x) < kTwoTo53)) return std::strong_ordering::equal;
  return a.decimal() <=> b.decimal();
}

Divisor::Divisor(const Number& divisor) : decimal_(divisor.decimal()) {
  if (divisor.exact_ != nullptr) return;
  const SmallDecimal small = divisor.kind_ == Number::Kind::int64 ? normalised(magnitude(divisor.int64_), 0)
                             : divisor.kind_ == Number::Kind::uint64 ? normalised(divisor.uint64_, 0)
                                                                     : shortest(divisor.real_);
  if (small.coefficient >= 1'000'000'000'000'000'000U) return;
  coefficient_ = small.coefficient;
  exponent_ = small.exponent;
}

std::optional<bool> Divisor::divides(const Number& number) const {
  if (coefficient_ == 0 || number.exact_ != nullptr) return number.decimal().is_multiple_of(decimal_);
  if (number.kind_ == Number::Kind::int64 && exponent_ == 0)
    return magnitude(number.int64_) % coefficient_ == 0;
  const SmallDecimal small = number.kind_ == Number::Kind::int64    ? normalised(magnitude(number.int64_), 0)
                             : number.kind_ == Number::Kind::uint64 ? normalised(number.uint64_, 0)
                                                                    : shortest(number.real_);
  return divides_small(small.coefficient, small.exponent);
}

// As Decimal::is_multiple_of, in 64 bits: a remainder below 10^18 can be multiplied by ten.
bool Divisor::divides_small(std::uint64_t coefficient, std::int64_t exponent) const {
  if (coefficient == 0) return true;
  if (exponent < exponent_) return false;
  constexpr std::int64_t kMostFactors = 60;  // of two or five in a number below 10^18
  std::uint64_t rest = coefficient % coefficient_;
  for (std::int64_t i = std::min(exponent - exponent_, kMostFactors); i > 0 && rest != 0; --i) {
    rest = rest * 10 % coefficient_;
  }
  return rest == 0;
}

}  // namespace gate::schema
