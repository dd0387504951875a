#include <array>
#include <chrono>
#include <cstring>
#include <limits>
#include <string_view>

#include "gate/slo/windows.h"
#include "tests/fuzz/slo_checks.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using slo::Events;
using slo::Measurement;
using slo::Missing;
using slo::Objective;
using std::chrono::hours;
using std::chrono::seconds;

// Choices and numbers out of any bytes; zeros once they are used up.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  unsigned choice(unsigned of) {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte % of;
  }

  // Mostly a count, now and then a number that is none.
  double number() {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr std::array kOdd{
        0.0, -1.0, 0.5, 3.0, 1e300, 5e-324, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()};
    switch (choice(8)) {
      case 0: return kOdd.at(choice(kOdd.size()));
      case 1: return raw();
      case 2: return choice(256) * 1e6;
      case 3: return choice(256) + choice(256) / 256.0;
      default: return choice(256) * 100;
    }
  }

 private:
  double raw() {
    std::array<char, sizeof(double)> bytes{};
    for (char& byte : bytes) byte = static_cast<char>(choice(256));
    double value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  std::string_view bytes_;
};

Events events(Bytes& bytes) {
  const double total = bytes.number();
  if (bytes.choice(2) == 0) return {total, bytes.number(), bytes.number()};
  const double bad = total * bytes.choice(256) / 10'000;
  return {total, bad, bad};
}

std::variant<Events, Missing> window(Bytes& bytes) {
  if (bytes.choice(6) != 0) return events(bytes);
  return Missing{static_cast<slo::Doubt>(bytes.choice(5)), "it is missing"};
}

Objective objective(Bytes& bytes) {
  constexpr std::array kTargets{"0.5", "0.9", "0.99", "0.999", "0.99999", "0.123456789012345678"};
  Objective objective;
  objective.name = "a";
  objective.source = "b";
  objective.target = *Decimal::parse(kTargets.at(bytes.choice(kTargets.size())));
  objective.reserve = *Decimal::parse(bytes.choice(2) == 0 ? "0" : "0.25");
  objective.budgeting = static_cast<slo::Budgeting>(bytes.choice(3));
  if (bytes.choice(3) == 0) {
    objective.span = slo::Threshold{"error_rate_percent", "1", hours{bytes.choice(3)}};
  } else {
    objective.span = slo::Period{hours{24 * (1 + bytes.choice(60))}, {}, {}};
  }
  if (bytes.choice(4) == 0) objective.min_events = bytes.choice(256);
  objective.min_bad_events = bytes.choice(5);
  return objective;
}

Measurement measurement(Bytes& bytes, const Objective& objective) {
  Measurement measurement;
  measurement.at = Timestamp{hours{24 * 20'000}};
  for (const seconds length : slo::needed_windows(objective)) {
    if (bytes.choice(16) != 1) measurement.windows.push_back({length, window(bytes)});
  }
  std::vector<slo::Slice> slices;
  for (unsigned i = bytes.choice(64); i > 0; --i)
    slices.push_back({measurement.at - seconds{60 * bytes.choice(256)}, events(bytes)});
  measurement.slices = std::move(slices);
  if (bytes.choice(2) == 1) measurement.newest_age = seconds{bytes.choice(256)};
  if (bytes.choice(2) == 1) measurement.covered = hours{bytes.choice(256)};
  if (bytes.choice(8) == 1) measurement.warnings = {"half of it"};
  return measurement;
}

}  // namespace

void fuzz_slo_evaluation(std::string_view input) {
  Bytes bytes{input};
  const Objective asked = objective(bytes);
  const slo::Trust trust{seconds{bytes.choice(200)}, bytes.choice(2) == 1};
  check_evaluation(asked, measurement(bytes, asked), trust);
}

}  // namespace gate::fuzz
