#pragma once

#include <optional>
#include <string_view>

#include "gate/testing/outcome.h"

namespace gate::load {

// What a status word of any producer means: "passed", "ok", "fail", "NotExecuted", "timeout" …,
// whatever its case. nullopt: not a word that decides ("run", "completed", "").
std::optional<testing::Outcome> outcome_of_status(std::string_view status);

}  // namespace gate::load
