#include "gate/load/metric_number.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace gate::load {

std::optional<double> read_metric_number(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "+Inf" || text == "Inf") return kInfinity;
  if (text == "-Inf") return -kInfinity;
  if (text.starts_with("+") && !text.starts_with("+-")) text.remove_prefix(1);
  // from_chars() would also read "inf", "nan(…)" and a second sign.
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
    return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string metric_number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Inf" : "+Inf";
  return fmt::format("{}", number);
}

}  // namespace gate::load
