#pragma once

#include <optional>
#include <string_view>

namespace gate::load {

// A sample value as Prometheus writes it: a decimal number, `NaN`, `+Inf`, `-Inf` or `Inf`. nullopt for
// anything else, also for one beyond what a double holds.
std::optional<double> read_metric_number(std::string_view text);

}  // namespace gate::load
