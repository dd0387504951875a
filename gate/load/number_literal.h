#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gate/schema/instance.h"

namespace gate::load {

// What a number of a document says. No digit of it is ever lost: where neither an integer of 64 bits
// nor a double's shortest digits say the same, it is `exact`.
struct NumberLiteral {
  enum class Kind : std::uint8_t {
    int64,
    uint64,  // above what int64 holds
    real,    // with a point, an exponent or beyond 64 bits
    exact,   // Decimal::parse() of the literal; `real` is the nearest finite double
    beyond,  // with an exponent that Decimal cannot hold either, if only of a zero
  };

  Kind kind = Kind::int64;
  union {
    std::int64_t int64 = 0;
    std::uint64_t uint64;
    double real;
  };
};

namespace number_literal {

// The digits of a literal as one integer, and the power of ten that makes it the number.
struct Scan {
  bool negative = false;
  std::size_t digits = 0;      // leading zeros among them
  std::uint64_t mantissa = 0;  // wrapped around where there are more than 19 digits
  std::int64_t exponent = 0;
  bool beyond = false;  // the exponent as written is beyond Decimal::kMaxExponent
};

constexpr std::size_t kDigitsOfMantissa = 19;                   // no more overflow 64 bits
constexpr std::uint64_t kMaxSurelyExact = 999'999'999'999'999;  // 15 digits come back from any double

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline const char* take_digits(const char* at, const char* end, Scan& scan) {
  const char* const start = at;
  for (; at != end && is_digit(*at); ++at)
    scan.mantissa = scan.mantissa * 10 + static_cast<unsigned>(*at - '0');
  scan.digits += static_cast<std::size_t>(at - start);
  return at;
}

// What follows the `e`; nullptr where that is no exponent.
const char* take_exponent(const char* at, const char* end, Scan& scan);
NumberLiteral long_integer(std::string_view literal, const Scan& scan);
NumberLiteral any_real(std::string_view literal, const Scan& scan);

// Up to 15 digits times or by a power of ten that a double holds: one rounding, so the nearest double
// (Clinger, "How to read floating point numbers accurately", 1990), and its shortest digits are these.
inline bool is_simple(const Scan& scan) {
  return scan.digits <= kDigitsOfMantissa && scan.mantissa <= kMaxSurelyExact && scan.exponent >= -22 &&
         scan.exponent <= 22;
}

inline double simple_real(const Scan& scan) {
  constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const auto mantissa = static_cast<double>(scan.mantissa);
  const double number =
      scan.exponent < 0 ? mantissa / kPowers[-scan.exponent] : mantissa * kPowers[scan.exponent];
  return scan.negative ? -number : number;
}

}  // namespace number_literal

// Reads the number that starts at `at`, as JSON writes it (RFC 8259, 6). Answers where it ends, or
// nullptr where none starts there; what may follow a number is the caller's to know.
inline const char* read_number(const char* at, const char* end, NumberLiteral& number) {
  using namespace number_literal;
  constexpr std::size_t kDigitsOfInt64 = 18;
  const char* const start = at;
  Scan scan;
  scan.negative = at != end && *at == '-';
  if (scan.negative) ++at;
  const char* const first = at;
  at = take_digits(at, end, scan);
  if (at == first || (*first == '0' && scan.digits > 1)) return nullptr;
  if (at == end || (*at != '.' && *at != 'e' && *at != 'E')) {
    if (scan.digits <= kDigitsOfInt64) {
      const auto magnitude = static_cast<std::int64_t>(scan.mantissa);
      number.kind = NumberLiteral::Kind::int64;
      number.int64 = scan.negative ? -magnitude : magnitude;
    } else {
      number = long_integer({start, static_cast<std::size_t>(at - start)}, scan);
    }
    return at;
  }
  if (*at == '.') {
    const char* const fraction = ++at;
    at = take_digits(at, end, scan);
    if (at == fraction) return nullptr;
    scan.exponent = fraction - at;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    at = take_exponent(at + 1, end, scan);
    if (at == nullptr) return nullptr;
  }
  if (is_simple(scan)) {
    number.kind = NumberLiteral::Kind::real;
    number.real = simple_real(scan);
  } else {
    number = any_real({start, static_cast<std::size_t>(at - start)}, scan);
  }
  return at;
}

// Adds to an instance the number that `literal` was read as. False where it is `beyond`.
inline bool add_number(schema::Instance& instance, std::uint32_t offset, std::string_view literal,
                       const NumberLiteral& number) {
  switch (number.kind) {
    case NumberLiteral::Kind::int64: instance.add_int64(offset, number.int64); return true;
    case NumberLiteral::Kind::uint64: instance.add_uint64(offset, number.uint64); return true;
    case NumberLiteral::Kind::real: instance.add_real(offset, number.real); return true;
    case NumberLiteral::Kind::exact: instance.add_exact(offset, *Decimal::parse(literal)); return true;
    case NumberLiteral::Kind::beyond: break;
  }
  return false;
}

}  // namespace gate::load
