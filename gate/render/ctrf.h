#pragma once

#include <string>

#include "gate/policy/run_context.h"
#include "gate/testing/test_run.h"

namespace gate::render {

// A test run in the Common Test Report Format (ctrf.io, specification 1.0.0), as JSON with a line feed
// at the end. CTRF knows five statuses: what did not run counts as failed, disabled is pending, an
// expected failure is "other", a flaky test passed with `flaky` set; `rawStatus` keeps our word. Its
// counts are the run's; the tests are those the run lists.
std::string as_ctrf(const policy::RunContext& context, const testing::TestRun& run);

}  // namespace gate::render
