#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/base/result.h"

namespace gate {

// An exact decimal number of any length: sign, digits and a power of ten. Kept normalised, so numbers
// that are mathematically equal are equal values: 1, 1.0 and 10e-1 are one.
class Decimal {
 public:
  // Powers of ten beyond this cannot be written in a document.
  static constexpr std::int64_t kMaxExponent = 1'000'000'000;
  // Sums, differences and products stay below it.
  static constexpr std::int64_t kMaxDigits = 100'000;

  Decimal() = default;  // 0
  static Decimal of(std::int64_t number);
  static Decimal of(std::uint64_t number);
  // The shortest decimal that reads back as `number`, which must be finite: what the text said it came
  // from, unless that text had digits a double cannot hold.
  static Decimal of(double number);

  // A number as JSON writes it (RFC 8259, 6). Error: malformed; budget for an exponent beyond
  // kMaxExponent.
  static Result<Decimal> parse(std::string_view literal);

  [[nodiscard]] bool is_zero() const { return digits_.empty(); }
  [[nodiscard]] bool is_negative() const { return negative_; }
  [[nodiscard]] bool is_integer() const { return exponent_ >= 0; }

  // Whether this is an integer times `divisor`; nullopt where finding out would take too long, which
  // needs a divisor of thousands of digits. False for a divisor of zero.
  [[nodiscard]] std::optional<bool> is_multiple_of(const Decimal& divisor) const;

  // Exact arithmetic; nullopt where the result would have more than kMaxDigits digits.
  [[nodiscard]] std::optional<Decimal> plus(const Decimal& other) const;
  [[nodiscard]] std::optional<Decimal> minus(const Decimal& other) const;
  [[nodiscard]] std::optional<Decimal> times(const Decimal& other) const;

  // The double nearest to this / divisor, as nearest_double; nullopt for a divisor of zero, and where
  // dividing would take too long, which needs numbers of thousands of digits.
  [[nodiscard]] std::optional<double> divided_by(const Decimal& divisor) const;

  // The nearest double; beyond the range the largest finite one of that sign, or zero.
  [[nodiscard]] double nearest_double() const;

  // Plain digits where that takes at most about 20 of them more, else with an exponent: "0.1", "1e400".
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] std::size_t hash() const;

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal&) const = default;

 private:
  Decimal(bool negative, std::string digits, std::int64_t exponent);

  bool negative_ = false;
  std::string digits_;         // no zero at either end; empty: zero
  std::int64_t exponent_ = 0;  // value = digits × 10^exponent; 0 for zero
};

}  // namespace gate
