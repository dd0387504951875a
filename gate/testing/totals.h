#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/base/result.h"
#include "gate/testing/outcome.h"
#include "gate/testing/test_case.h"

namespace gate::testing {

// How many tests ended how. The classes are disjoint and sum to the total.
struct Totals {
  std::array<std::uint64_t, kOutcomes> counts{};  // by Outcome
  Duration duration{0};                           // the tests' times added up, saturating

  [[nodiscard]] std::uint64_t operator[](Outcome outcome) const {
    return counts[static_cast<std::size_t>(outcome)];
  }
  [[nodiscard]] std::uint64_t total() const;

  // errored + failed + not_run.
  [[nodiscard]] std::uint64_t failures() const;

  // The denominator of the pass rate: total − skipped − disabled − xfailed. 0 is "zero tests".
  [[nodiscard]] std::uint64_t decisive() const;

  bool operator==(const Totals&) const = default;
};

void add(Totals& totals, Outcome outcome, std::uint64_t by = 1);
void add(Totals& totals, const TestCase& test);
void add(Totals& totals, const Totals& part);
void subtract(Totals& totals, const Totals& part);

// a + b, or the largest duration there is; times in reports may be anything.
Duration saturating_sum(Duration a, Duration b);

// A percentage held exactly: hundredths of a thousandth, so "99.999" is 9'999'900.
class Percent {
 public:
  // "99", "99.5", "100.0": 0 to 100 with at most five decimals. Error: malformed.
  static Result<Percent> parse(std::string_view text);

  // Whether passed + flaky over decisive() reaches this; false where decisive() is 0.
  [[nodiscard]] bool reached_by(const Totals& totals) const;

  bool operator==(const Percent&) const = default;

 private:
  explicit Percent(std::uint64_t hundred_thousandths) : hundred_thousandths_(hundred_thousandths) {}
  std::uint64_t hundred_thousandths_;
};

// The pass rate in percent with two decimals, rounded down so that 99.999 never reads as 100.00;
// nullopt where decisive() is 0.
std::optional<std::string> pass_rate(const Totals& totals);

}  // namespace gate::testing
