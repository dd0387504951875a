#include "gate/testing/totals.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace gate::testing {
namespace {

constexpr std::uint64_t kScale = 100'000;  // five decimals of a percent
constexpr std::size_t kDecimals = 5;

// a·b ≥ c·d without overflow.
bool product_reaches(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<Wide>(a) * b >= static_cast<Wide>(c) * d;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t number(std::string_view digits) {
  return std::accumulate(digits.begin(), digits.end(), std::uint64_t{0}, [](std::uint64_t sum, char c) {
    return sum * 10 + static_cast<std::uint64_t>(c - '0');
  });
}

std::uint64_t good(const Totals& totals) {
  return totals[Outcome::passed] + totals[Outcome::flaky];
}

}  // namespace

std::uint64_t Totals::total() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t Totals::failures() const {
  return (*this)[Outcome::errored] + (*this)[Outcome::failed] + (*this)[Outcome::not_run];
}

std::uint64_t Totals::decisive() const {
  return failures() + good(*this);
}

void add(Totals& totals, Outcome outcome, std::uint64_t by) {
  totals.counts[static_cast<std::size_t>(outcome)] += by;
}

void add(Totals& totals, const TestCase& test) {
  add(totals, test.outcome);
  if (test.duration) totals.duration = saturating_sum(totals.duration, *test.duration);
}

void add(Totals& totals, const Totals& part) {
  for (std::size_t i = 0; i < kOutcomes; ++i) totals.counts[i] += part.counts[i];
  totals.duration = saturating_sum(totals.duration, part.duration);
}

void subtract(Totals& totals, const Totals& part) {
  for (std::size_t i = 0; i < kOutcomes; ++i) totals.counts[i] -= std::min(totals.counts[i], part.counts[i]);
  totals.duration = std::max(Duration{0}, totals.duration - part.duration);
}

Duration saturating_sum(Duration a, Duration b) {
  return a > Duration::max() - b ? Duration::max() : a + b;
}

Result<Percent> Percent::parse(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
  const bool shaped = !whole.empty() && whole.size() <= 3 && all_digits(whole) && all_digits(decimals) &&
                      decimals.size() <= kDecimals && (point == std::string_view::npos || !decimals.empty());
  if (!shaped) {
    return Error{
        ErrorCode::malformed,
        fmt::format("pass rate \"{}\": not a percentage from 0 to 100 with at most five decimals", text)};
  }
  std::uint64_t value = number(whole) * kScale;
  std::uint64_t unit = kScale;
  for (const char digit : decimals) value += static_cast<std::uint64_t>(digit - '0') * (unit /= 10);
  if (value > 100 * kScale) {
    return Error{ErrorCode::malformed, fmt::format("pass rate \"{}\": over 100 percent", text)};
  }
  return Percent{value};
}

bool Percent::reached_by(const Totals& totals) const {
  return totals.decisive() > 0 &&
         product_reaches(good(totals), 100 * kScale, hundred_thousandths_, totals.decisive());
}

std::optional<std::string> pass_rate(const Totals& totals) {
  if (totals.decisive() == 0) return std::nullopt;
  __extension__ using Wide = unsigned __int128;
  const auto hundredths =
      static_cast<std::uint64_t>(static_cast<Wide>(good(totals)) * 10'000 / totals.decisive());
  return fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
}

}  // namespace gate::testing
