#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/slo/evaluation.h"

namespace gate::slo {

// Why the numbers of an evaluation pass, warn, fail or settle nothing, in words: what fails first, then what
// cannot be told, then what only warns, then notes. The outcome follows from them alone.
std::vector<Reason> reasons_of(const Objective& objective, const Measurement& measurement, const Trust& trust,
                               const Evaluation& made);

std::string_view name_of(AlertSeverity severity);
std::string_view name_of(Outcome outcome);
std::string_view name_of(Doubt doubt);

// "slo.no_data"
std::string rule_of(Doubt doubt);

// The target in percent, as it was written: "99.9".
std::string written_target(const Objective& objective);

// What the events of this objective are called: "slices of 1m", "events"; and what is wrong with the bad
// ones: "slower than 300 ms", "bad".
std::string unit_of(const Objective& objective);
std::string badness_of(const Objective& objective);

}  // namespace gate::slo
