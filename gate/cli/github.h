#pragma once

#include "gate/base/result.h"
#include "gate/cli/context.h"
#include "gate/policy/report.h"

namespace gate::cli {

// Tells GitHub Actions what a step found: the job summary ($GITHUB_STEP_SUMMARY), step outputs
// ($GITHUB_OUTPUT: verdict, exit_code, findings, exempted, report) and, unless `annotated` says they
// are already printed, annotations on stderr. Does nothing outside of Actions.
// Errors: io, for a file that the runner named and that cannot be written.
Status tell_github(const policy::Report& report, const std::string& report_path, int exit_code,
                   bool annotated, Context& io);

}  // namespace gate::cli
