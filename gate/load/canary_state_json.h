#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/slo/canary_judge.h"

namespace gate::load {

// The judge whose state was saved (slo::saved_value), to go on from there. Errors: malformed, with line and
// column or the place in the document, for text that is cut off, of something else or damaged; for another
// version; and by name for settings that are not those of the state, so that alpha is not spent twice.
Result<slo::CanaryJudge> resume_canary(std::string_view text, const slo::CanarySettings& settings);

}  // namespace gate::load
