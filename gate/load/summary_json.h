#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/testing/totals.h"

namespace gate::load {

// The counts of an earlier summary of ours: what a test run is compared with.
// Errors: malformed, budget.
Result<testing::Totals> totals_from_summary(std::string_view text);

}  // namespace gate::load
