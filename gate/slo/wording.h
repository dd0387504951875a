#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "gate/base/decimal.h"
#include "gate/slo/evaluation.h"

namespace gate::slo {

// How many digits a number is shown with: `decimals` at least, and more where fewer would put it on the
// other side of `limit`, or onto it.
struct Precision {
  int decimals = 2;
  std::optional<Decimal> limit;
};

// "99.7", "0.00123": without zeros at the end unless `padded`.
std::string number_text(double number, const Precision& precision = {}, bool padded = false);

// A share in percent, without the sign: 0.997 is "99.700" beside an objective of 99.9.
std::string percent_text(double share, const Precision& precision = {}, bool padded = false);

// "300", or "between 80 and 120" where the two differ.
std::string percent_text(const Interval& share, const Precision& precision = {});
std::string number_text(const Interval& number, const Precision& precision = {});

// About three digits that count, for numbers of any size: "21.3", "0.0441", "12,345".
std::string rough_text(double number);

// "5m", "1h", "3d", "2h30m": as settings write it. "all" for 0.
std::string window_text(std::chrono::seconds window);

// The two largest units that count: "1 d 9 h", "4 min 5 s"; "over 10 years".
std::string duration_text(std::chrono::seconds duration);

}  // namespace gate::slo
