#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include "gate/base/decimal.h"
#include "gate/schema/exact_numbers.h"
#include "gate/schema/instance.h"

namespace gate::schema {

// A number of a document or a schema, as exact as its text. Refers to the decimal of a number that no
// double holds; the document must outlive it.
class Number {
 public:
  Number() = default;  // 0
  // `cell` must be a number.
  explicit Number(const Cell& cell) {
    if (cell.kind == schema::Kind::int64) {
      int64_ = cell.int64;
    } else {
      set_wide(cell);
    }
  }
  // `value` must be a number of the document that `exact` belongs to.
  Number(const boost::json::value& value, const ExactNumbers& exact);

  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] Decimal decimal() const;
  [[nodiscard]] std::string to_string() const { return decimal().to_string(); }
  // The number as a count: 0 for what is less, the largest for what is more.
  [[nodiscard]] std::uint64_t as_count() const;
  // The double that it is, of a magnitude below 2^53; nullopt for every other number.
  [[nodiscard]] std::optional<double> plain() const;
  // Equal numbers have equal hashes.
  [[nodiscard]] std::size_t hash() const;

  // By mathematical value: 1 equals 1.0, and 9007199254740993 is more than 9007199254740992.
  friend std::strong_ordering operator<=>(const Number& a, const Number& b) {
    if (a.kind_ == Kind::int64 && b.kind_ == Kind::int64) return a.int64_ <=> b.int64_;
    return compare(a, b);
  }
  friend bool operator==(const Number& a, const Number& b) { return (a <=> b) == 0; }

 private:
  friend class Divisor;
  enum class Kind : std::uint8_t { int64, uint64, real };

  void set_wide(const Cell& cell);
  static std::strong_ordering compare(const Number& a, const Number& b);
  [[nodiscard]] double nearest_double() const;

  Kind kind_ = Kind::int64;
  union {
    std::int64_t int64_ = 0;
    std::uint64_t uint64_;
    double real_;
  };
  const Decimal* exact_ = nullptr;  // where the double is not the number
};

// What `multipleOf` divides by, made ready: ordinary divisions take no memory.
class Divisor {
 public:
  explicit Divisor(const Number& divisor);

  // nullopt where deciding would take too long (see Decimal::is_multiple_of).
  [[nodiscard]] std::optional<bool> divides(const Number& number) const;

 private:
  [[nodiscard]] bool divides_small(std::uint64_t coefficient, std::int64_t exponent) const;

  Decimal decimal_;
  std::uint64_t coefficient_ = 0;  // of up to 18 digits, none of them a zero at the end; 0: use the decimal
  std::int64_t exponent_ = 0;
};

}  // namespace gate::schema
