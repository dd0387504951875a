#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/slo/metric.h"

namespace gate::load {

// A criterion as Keptn writes it: op[+|-]number[%], op one of < <= = >= >, blanks anywhere between. A sign or
// a percent sign makes it relative to the control: "<=+10%", "<=10%", ">=-5"; without one it is absolute:
// "<600". Error: malformed.
Result<slo::Criterion> parse_criterion(std::string_view text);

}  // namespace gate::load
