#include "gate/load/number_literal.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "gate/base/decimal.h"

namespace gate::load {
namespace {

using Kind = NumberLiteral::Kind;

NumberLiteral read(std::string_view literal) {
  NumberLiteral number;
  EXPECT_EQ(read_number(literal.data(), literal.data() + literal.size(), number),
            literal.data() + literal.size())
      << literal;
  return number;
}

// What was read, as the number it is.
Decimal value_of(std::string_view literal, const NumberLiteral& number) {
  switch (number.kind) {
    case Kind::int64: return Decimal::of(number.int64);
    case Kind::uint64: return Decimal::of(number.uint64);
    case Kind::real: return Decimal::of(number.real);
    default: return *Decimal::parse(literal);
  }
}

TEST(ReadNumber, SortsEveryNumberByWhatHoldsIt) {
  struct Row {
    const char* literal;
    Kind kind;
  };
  const Row rows[] = {
      {"0", Kind::int64},
      {"-0", Kind::int64},
      {"999999999999999999", Kind::int64},
      {"9223372036854775807", Kind::int64},
      {"-9223372036854775808", Kind::int64},
      {"9223372036854775808", Kind::uint64},
      {"18446744073709551615", Kind::uint64},
      {"-9223372036854775809", Kind::exact},
      {"18446744073709551616", Kind::exact},
      {"100000000000000000000", Kind::real},
      {"100000000000000000001", Kind::exact},
      {"0.1", Kind::real},
      {"1.10", Kind::real},
      {"-2.5e-3", Kind::real},
      {"1E+2", Kind::real},
      {"123456789012345e22", Kind::real},
      {"123456789012345e23", Kind::real},
      {"0.000000000000000000000000123", Kind::real},
      {"0.30000000000000004", Kind::real},
      {"0.3000000000000000400", Kind::real},
      {"0.30000000000000005", Kind::exact},
      {"9007199254740993.0", Kind::exact},
      {"9007199254740992.0", Kind::real},
      {"1e308", Kind::real},
      {"1e309", Kind::exact},
      {"1e-320", Kind::real},
      {"4e-324", Kind::exact},
      {"5e-324", Kind::real},
      {"1e-400", Kind::exact},
      {"0e-400", Kind::real},
      {"0e999999999", Kind::real},
      {"1e1000000000", Kind::exact},
      {"1e1000000001", Kind::beyond},
      {"1e99999999999999999999999", Kind::beyond},
      {"1e-99999999999999999999999", Kind::beyond},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.literal);
    const NumberLiteral number = read(row.literal);
    EXPECT_EQ(static_cast<int>(number.kind), static_cast<int>(row.kind));
    if (number.kind == Kind::beyond) continue;
    EXPECT_EQ(value_of(row.literal, number), *Decimal::parse(row.literal));
  }
}

TEST(ReadNumber, GivesAnExactNumberItsNearestFiniteDouble) {
  EXPECT_EQ(read("1e309").real, std::numeric_limits<double>::max());
  EXPECT_EQ(read("-1e309").real, -std::numeric_limits<double>::max());
  EXPECT_EQ(read("1e-400").real, 0.0);
  EXPECT_EQ(read("9007199254740993.0").real, 9007199254740992.0);
  EXPECT_TRUE(std::signbit(read("-0.0").real));
}

TEST(ReadNumber, EndsWhereTheNumberEnds) {
  struct Row {
    std::string_view text;
    std::size_t bytes;  // 0: no number
  };
  const Row rows[] = {
      {"", 0},    {"-", 0},   {"+1", 0},  {".5", 0},   {"1.", 0},   {"1.e3", 0}, {"1e", 0},    {"1e+", 0},
      {"01", 0},  {"-01", 0}, {"00", 0},  {"x", 0},    {"1,", 1},   {"-12]", 3}, {"1.25 ", 4}, {"1e3}", 3},
      {"0x1", 1}, {"0.", 0},  {"1-2", 1}, {"1e3.", 3}, {"1.5.", 3}, {"00.1", 0}, {"1e5e5", 3}, {"-a", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    NumberLiteral number;
    const char* end = read_number(row.text.data(), row.text.data() + row.text.size(), number);
    EXPECT_EQ(end == nullptr ? 0 : static_cast<std::size_t>(end - row.text.data()), row.bytes);
  }
}

// Random literals of every length, against the slow way to the same answer.
TEST(ReadNumber, AgreesWithDecimalAndStrtod) {
  std::mt19937_64 random{20'261'120};
  const auto digits = [&](std::size_t count) {
    std::string out;
    while (out.size() < count) out.push_back(static_cast<char>('0' + random() % 10));
    return out;
  };
  for (int i = 0; i < 50'000; ++i) {
    std::string literal =
        (random() % 2 == 0 ? "-" : "") + std::to_string(1 + random() % 9) + digits(random() % 22);
    if (random() % 4 != 0) literal += "." + digits(1 + random() % 22);
    if (random() % 2 == 0) literal += "e" + std::to_string(static_cast<int>(random() % 700) - 350);
    const NumberLiteral number = read(literal);
    ASSERT_EQ(value_of(literal, number), *Decimal::parse(literal)) << literal;
    if (number.kind != Kind::real && number.kind != Kind::exact) continue;
    const double nearest = std::strtod(literal.c_str(), nullptr);
    if (std::isfinite(nearest)) {
      ASSERT_EQ(number.real, nearest) << literal;
    }
    const bool same = Decimal::of(number.real) == *Decimal::parse(literal);
    ASSERT_EQ(number.kind == Kind::real, same) << literal;
  }
}

}  // namespace
}  // namespace gate::load
