#pragma once

#include "gate/base/result.h"
#include "gate/cli/context.h"
#include "gate/cli/exit_code.h"
#include "gate/cli/gate_options.h"
#include "gate/policy/report.h"

namespace gate::cli {

// What standard output is for. Where a tool prints results of its own there, it is taken: the report is then
// printed only to `--output`.
enum class StandardOutput { report, taken };

// Prints the report as asked, writes it where asked, tells GitHub Actions, and returns the
// verdict's exit code. Where it would be written over an input of the run, or twice to one file, nothing is
// printed and the answer is `usage`. A report that cannot be written is said on stderr: a failed verdict
// stays 1, every other becomes 3, for nobody has seen it.
ExitCode emit(const policy::Report& report, const GateOptions& options, Context& io,
              StandardOutput standard_output = StandardOutput::report);

}  // namespace gate::cli
