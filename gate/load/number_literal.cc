#include "gate/load/number_literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

#include "gate/base/decimal.h"

namespace gate::load::number_literal {
namespace {

template <class T>
std::optional<T> converted(std::string_view literal) {
  T number{};
  const auto parsed = std::from_chars(literal.data(), literal.data() + literal.size(), number);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return number;
}

NumberLiteral of_real(NumberLiteral::Kind kind, double number) {
  NumberLiteral literal;
  literal.kind = kind;
  literal.real = number;
  return literal;
}

// Without zeros at its end; zero has no exponent.
Scan normalised(Scan scan) {
  if (scan.mantissa == 0) scan.exponent = 0;
  while (scan.mantissa != 0 && scan.mantissa % 10 == 0) {
    scan.mantissa /= 10;
    ++scan.exponent;
  }
  return scan;
}

// Whether the shortest digits of `number` are those of the literal, which has no more than a mantissa holds.
bool says_the_same(double number, const Scan& literal) {
  // Any decimal of up to 15 digits comes back from its double, unless that is nearly subnormal.
  if (literal.mantissa <= kMaxSurelyExact && (std::fabs(number) > 1e-290 || literal.mantissa == 0))
    return true;
  char buffer[32];
  const char* end =
      std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number), std::chars_format::scientific).ptr;
  Scan shortest;
  const char* at = take_digits(buffer, end, shortest);
  if (*at == '.') at = take_digits(at + 1, end, shortest);
  shortest.exponent = 1 - static_cast<std::int64_t>(shortest.digits);
  take_exponent(at + 1, end, shortest);
  const Scan one = normalised(shortest);
  const Scan other = normalised(literal);
  return one.mantissa == other.mantissa && one.exponent == other.exponent;
}

}  // namespace

const char* take_exponent(const char* at, const char* end, Scan& scan) {
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  const char* const first = at;
  std::int64_t exponent = 0;
  for (; at != end && is_digit(*at); ++at)
    exponent = std::min(exponent * 10 + (*at - '0'), Decimal::kMaxExponent + 1);
  scan.exponent += negative ? -exponent : exponent;
  scan.beyond = exponent > Decimal::kMaxExponent;
  return at == first ? nullptr : at;
}

NumberLiteral long_integer(std::string_view literal, const Scan& scan) {
  NumberLiteral number;
  if (const auto fits = converted<std::int64_t>(literal)) {
    number.int64 = *fits;
    return number;
  }
  if (const auto fits = scan.negative ? std::nullopt : converted<std::uint64_t>(literal)) {
    number.kind = NumberLiteral::Kind::uint64;
    number.uint64 = *fits;
    return number;
  }
  return any_real(literal, scan);
}

NumberLiteral any_real(std::string_view literal, const Scan& scan) {
  if (scan.beyond) return of_real(NumberLiteral::Kind::beyond, 0);
  const auto nearest = converted<double>(literal);
  if (nearest && scan.digits <= kDigitsOfMantissa && says_the_same(*nearest, scan))
    return of_real(NumberLiteral::Kind::real, *nearest);
  const auto exact = Decimal::parse(literal);
  if (!exact) return of_real(NumberLiteral::Kind::beyond, 0);
  const double number = nearest ? *nearest : exact->nearest_double();
  const bool same = *exact == Decimal::of(number);
  return of_real(same ? NumberLiteral::Kind::real : NumberLiteral::Kind::exact, number);
}

}  // namespace gate::load::number_literal
