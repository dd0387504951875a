#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gate/cli/context.h"
#include "gate/cli/exit_code.h"
#include "gate/cli/session.h"
#include "gate/policy/report.h"

namespace gate::gate_run {

// A declared check that was run, judged, and its report written.
struct CheckOutcome {
  policy::CheckReport part;
  cli::ExitCode trouble = cli::ExitCode::passed;  // beside the verdict: work that could not be done
};

// Runs every check that the policy declares, those that do not wait for each other at the same time
// on up to `jobs` threads, and returns the outcomes in the policy's order. A check that could not
// be run is undecided, and its trouble says which exit code that means.
std::vector<CheckOutcome> run_checks(const cli::Session& session, std::size_t jobs, cli::Context& io);

// The indexes of `checks` in waves: each wave waits for the ones before it. Checks of kind
// "exemptions" come after all others, since they ask what the register was used for.
std::vector<std::vector<std::size_t>> waves_of(const std::vector<policy::CheckDeclaration>& checks);

}  // namespace gate::gate_run
