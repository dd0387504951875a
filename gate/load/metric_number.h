#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gate::load {

// A sample value as Prometheus writes it: a decimal number, `NaN`, `+Inf`, `-Inf` or `Inf`. nullopt for
// anything else, also for one beyond what a double holds.
std::optional<double> read_metric_number(std::string_view text);

// The same way round: "12.5", "NaN", "+Inf".
std::string metric_number_text(double number);

}  // namespace gate::load
