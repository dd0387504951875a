#pragma once

#include "gate/policy/finding.h"
#include "gate/slo/events.h"

namespace gate::checks {

policy::Reason reason_of(slo::Doubt doubt);

}  // namespace gate::checks
