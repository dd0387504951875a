#include <charconv>
#include <cmath>
#include <optional>

#include "gate/base/decimal.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

__extension__ using Wide = __int128;

// A literal of up to 12 digits and an exponent of one digit, times 10^9: what a machine can check.
std::optional<Wide> scaled(std::string_view literal) {
  constexpr int kScale = 9;
  const std::size_t e = literal.find_first_of("eE");
  const std::string_view mantissa = literal.substr(0, e);
  if (mantissa.size() > 12) return std::nullopt;
  int exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view digits = literal.substr(e + 1);
    if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
    if (digits.size() > 2 ||
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc{})
      return std::nullopt;
  }
  Wide number = 0;
  bool fraction = false;
  for (const char c : mantissa) {
    if (c == '.') fraction = true;
    if (c < '0' || c > '9') continue;
    number = number * 10 + (c - '0');
    if (fraction) --exponent;
  }
  if (exponent < -kScale || exponent > kScale) return std::nullopt;
  for (int i = -kScale; i < exponent; ++i) number *= 10;
  return mantissa.front() == '-' ? -number : number;
}

void check_alone(const Decimal& number) {
  const auto again = Decimal::parse(number.to_string());
  if (again) {
    require(*again == number, "a decimal's text reads back as the same decimal");
    require(again->hash() == number.hash(), "equal decimals have equal hashes");
  } else {
    require(again.error().code == ErrorCode::budget, "only an exponent at the limit is not read back");
  }
  require(std::isfinite(number.nearest_double()), "the nearest double is finite");
  require(number.is_zero() || !number.is_multiple_of(Decimal{}).value_or(false), "nothing divides by zero");
}

void check_pair(const Decimal& a, const Decimal& b) {
  require((a <=> b) == (0 <=> (b <=> a)), "the order is antisymmetric");
  require((a == b) == ((a <=> b) == 0), "equality and order agree");
  // Rounding keeps the order.
  require(!(a < b) || a.nearest_double() <= b.nearest_double(), "the nearest doubles keep the order");
}

}  // namespace

void fuzz_decimal(std::string_view input) {
  const auto [left, right] = two_texts(input);
  const auto a = Decimal::parse(left);
  if (!a) return;
  check_alone(*a);
  const auto b = Decimal::parse(right);
  if (!b) return;
  check_pair(*a, *b);
  const auto multiple = a->is_multiple_of(*b);
  const std::optional<Wide> wide_a = scaled(left);
  const std::optional<Wide> wide_b = scaled(right);
  if (!wide_a || !wide_b) return;
  require((*a < *b) == (*wide_a < *wide_b), "the order is that of the integers");
  require((*a == *b) == (*wide_a == *wide_b), "equality is that of the integers");
  require(multiple.has_value(), "a small division is decided");
  require(*multiple == (*wide_b != 0 && *wide_a % *wide_b == 0), "a multiple is what integers say it is");
}

}  // namespace gate::fuzz
