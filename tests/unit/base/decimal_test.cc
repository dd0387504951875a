#include "gate/base/decimal.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace gate {

void PrintTo(const Decimal& decimal, std::ostream* out) {
  *out << decimal.to_string();
}

namespace {

Decimal decimal(std::string_view literal) {
  const auto parsed = Decimal::parse(literal);
  EXPECT_TRUE(parsed) << literal;
  return parsed ? *parsed : Decimal{};
}

TEST(Decimal, RefusesWhatJsonWouldNotWrite) {
  for (const char* literal :
       {"", "-", "+1", "01", ".5", "5.", "1e", "1e+", "0x1", "1 ", " 1", "NaN", "1.2.3", "--1"}) {
    EXPECT_FALSE(Decimal::parse(literal)) << literal;
  }
  EXPECT_EQ(Decimal::parse("1e1000000001").error().code, ErrorCode::budget);
  EXPECT_EQ(Decimal::parse("1e-99999999999999999999").error().code, ErrorCode::budget);
  EXPECT_TRUE(Decimal::parse("1e1000000000"));
}

TEST(Decimal, EqualNumbersAreEqualValues) {
  const char* rows[][2] = {{"1", "1.0"},    {"1", "10e-1"},      {"0", "-0.0e5"},     {"100", "1E2"},
                           {"0.1", "1e-1"}, {"-2.50", "-25e-1"}, {"0.00012", "12e-5"}};
  for (const auto& [a, b] : rows) {
    EXPECT_EQ(decimal(a), decimal(b));
    EXPECT_EQ(decimal(a).hash(), decimal(b).hash());
  }
  EXPECT_NE(decimal("1"), decimal("-1"));
  EXPECT_NE(decimal("9007199254740992"), decimal("9007199254740993"));
}

TEST(Decimal, OrdersExactly) {
  const char* ascending[] = {"-1e400",
                             "-10",
                             "-9.99",
                             "-0.1",
                             "-1e-400",
                             "0",
                             "1e-400",
                             "0.01",
                             "0.0100000000000000000001",
                             "0.1",
                             "1",
                             "9.5",
                             "10",
                             "9007199254740992",
                             "9007199254740992.5",
                             "9007199254740993",
                             "1e400"};
  for (std::size_t i = 0; i + 1 < std::size(ascending); ++i) {
    EXPECT_LT(decimal(ascending[i]), decimal(ascending[i + 1])) << ascending[i];
    EXPECT_GT(decimal(ascending[i + 1]), decimal(ascending[i])) << ascending[i];
  }
}

TEST(Decimal, KnowsMultiples) {
  struct Row {
    const char* number;
    const char* divisor;
    bool multiple;
  };
  const Row rows[] = {
      {"19.99", "0.01", true},
      {"0.3", "0.1", true},
      {"4.5", "2", false},
      {"4.5", "1.5", true},
      {"0", "7", true},
      {"-9223372036854775808", "-1", true},
      {"7", "0", false},
      {"1e400", "7", false},
      {"7e400", "7", true},
      {"1e400", "2e-400", true},
      {"1e-400", "1", false},
      {"1e1000000000", "1024", true},
      {"1e1000000000", "3", false},
      {"123456789012345678901234567890", "123456789012345678901234567890", true},
      {"246913578024691357802469135780", "123456789012345678901234567890", true},
      {"246913578024691357802469135781", "123456789012345678901234567890", false},
      {"15241578753238836750495351562536198787501905199875019052100", "123456789012345678901234567890", true},
      {"340282366920938463463374607431768211456", "18446744073709551616", true},
      {"340282366920938463463374607431768211455", "18446744073709551616", false},
      {"1e30", "1073741824000000000000000000000", false},
      {"1e60", "1073741824000000000000000000000", true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(decimal(row.number).is_multiple_of(decimal(row.divisor)), row.multiple)
        << row.number << " of " << row.divisor;
  }
}

TEST(Decimal, GivesUpOnAnAbsurdDivision) {
  const std::string long_number(1'000'000, '7');
  EXPECT_EQ(decimal(long_number).is_multiple_of(decimal(std::string(100'000, '3'))), std::nullopt);
  EXPECT_EQ(decimal(long_number).is_multiple_of(decimal("7")), true);
}

TEST(Decimal, ComesFromBinaryNumbersWithoutChange) {
  EXPECT_EQ(Decimal::of(std::numeric_limits<std::int64_t>::min()).to_string(), "-9223372036854775808");
  EXPECT_EQ(Decimal::of(std::numeric_limits<std::uint64_t>::max()).to_string(), "18446744073709551615");
  EXPECT_EQ(Decimal::of(0.1), decimal("0.1"));
  EXPECT_EQ(Decimal::of(-1e23), decimal("-1e23"));
  EXPECT_TRUE(Decimal::of(-0.0).is_zero());
}

TEST(Decimal, GoesToTheNearestDouble) {
  EXPECT_EQ(decimal("0.1").nearest_double(), 0.1);
  EXPECT_EQ(decimal("1e400").nearest_double(), std::numeric_limits<double>::max());
  EXPECT_EQ(decimal("-1e400").nearest_double(), std::numeric_limits<double>::lowest());
  EXPECT_EQ(decimal("1e-400").nearest_double(), 0.0);
}

TEST(Decimal, PrintsWhatAPersonWouldWrite) {
  const char* rows[][2] = {{"0", "0"},
                           {"1.50", "1.5"},
                           {"1e3", "1000"},
                           {"1e-3", "0.001"},
                           {"-12e-1", "-1.2"},
                           {"1e400", "1e400"},
                           {"1.25e-400", "1.25e-400"},
                           {"12e30", "1.2e31"},
                           {"0.000001", "0.000001"}};
  for (const auto& [literal, printed] : rows) EXPECT_EQ(decimal(literal).to_string(), printed);
  EXPECT_TRUE(decimal("1.0").is_integer());
  EXPECT_TRUE(decimal("1e400").is_integer());
  EXPECT_FALSE(decimal("1.5").is_integer());
}

TEST(DecimalArithmetic, RefusesWhatWouldBlowUp) {
  EXPECT_FALSE(decimal("1e1000000000").plus(decimal("1")));
  EXPECT_FALSE(decimal("1").minus(decimal("1e-1000000000")));
  EXPECT_TRUE(decimal("1e1000000000").plus(decimal("2e1000000000")));
  const Decimal long_one = decimal(std::string(99'000, '7'));
  EXPECT_FALSE(long_one.times(long_one));
  EXPECT_FALSE(decimal("1").divided_by(long_one));
  EXPECT_FALSE(decimal("1").divided_by(Decimal{}));
  EXPECT_EQ(decimal("1e1000000000").divided_by(decimal("1e-1000000000")), std::numeric_limits<double>::max());
  EXPECT_EQ(decimal("-1e-1000000000").divided_by(decimal("1e1000000000")), -0.0);
}

TEST(DecimalArithmetic, IsExact) {
  const struct {
    const char* a;
    const char* b;
    const char* sum;
    const char* difference;
    const char* product;
  } rows[] = {
      {"100", "99.9", "199.9", "0.1", "9990"},
      {"0", "0", "0", "0", "0"},
      {"0", "-2.5", "-2.5", "2.5", "0"},
      {"99.9", "100", "199.9", "-0.1", "9990"},
      {"-1.5", "-1.5", "-3", "0", "2.25"},
      {"-0.001", "1e3", "999.999", "-1000.001", "-1"},
      {"999999999999999999999", "1", "1000000000000000000000", "999999999999999999998",
       "999999999999999999999"},
      {"123456789", "987654321", "1111111110", "-864197532", "121932631112635269"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(decimal(row.a).plus(decimal(row.b)), decimal(row.sum)) << row.a << " " << row.b;
    EXPECT_EQ(decimal(row.a).minus(decimal(row.b)), decimal(row.difference)) << row.a << " " << row.b;
    EXPECT_EQ(decimal(row.a).times(decimal(row.b)), decimal(row.product)) << row.a << " " << row.b;
  }
}

TEST(DecimalArithmetic, DividesToTheNearestDouble) {
  const struct {
    const char* a;
    const char* b;
    double quotient;
  } rows[] = {
      {"0", "3", 0},
      {"1", "3", 1.0 / 3.0},
      {"-2", "3", -2.0 / 3.0},
      {"280", "50", 5.6},
      {"0.1", "0.001", 100},
      {"1", "1024", 0x1p-10},
      // Half a unit beyond 1 rounds to even, and a hair more of it up.
      {"1.00000000000000011102230246251565404236316680908203125", "1", 1},
      {"1.00000000000000011102230246251565404236316680908203126", "1", 0x1.0000000000001p0},
      {"4503599627370497.5", "4503599627370496.5", 1.0000000000000002},
      {"5e-324", "1", 5e-324},
  };
  for (const auto& row : rows)
    EXPECT_EQ(decimal(row.a).divided_by(decimal(row.b)), row.quotient) << row.a << " " << row.b;
}

}  // namespace
}  // namespace gate
