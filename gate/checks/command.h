#pragma once

#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/ports/process.h"

namespace gate::checks {

// Runs the command and reads its exit code: 0 is fine, 3 is undecided (our own tools say so), and
// everything else, a signal too, is a violation that quotes its last words. A command that outlives
// its deadline is ended and undecided. Errors: not_found and io where it cannot be started.
Result<policy::Evidence> check_command(const policy::CommandSettings& settings,
                                       const ports::Process& process);

}  // namespace gate::checks
