#pragma once

#include <cstddef>

#include "gate/base/result.h"
#include "gate/base/value.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/policy/run_context.h"
#include "gate/ports/files.h"
#include "gate/testing/test_run.h"

namespace gate::checks {

// What the check of test reports brings back.
struct CheckedTests {
  policy::Evidence evidence;  // results: test_metadata, test_results, test_cases
  testing::TestRun run;       // what a CTRF document is rendered from
  Value summary;              // the summary document (test-summary.schema.json)
};

// kind = "tests": reads every report, counts them as one run and says what stands against a release.
//
// A failing test is a finding of its own (tests.failed, tests.errored, tests.not_run), so that each
// can be exempted and an exempted one blocks nothing. Limits therefore never fail a run a second
// time: `max_failed` and `min_pass_rate` say whether the failing tests they cover are tolerated
// (warnings) because no more failed than allowed, or count (errors) one by one. Without such a limit
// every failing test counts. A run that misses its pass rate holds failing tests, so it fails unless
// each of them is exempted. `max_flaky` works the same way on tests.flaky, which otherwise only warns.
// `max_skipped` has no single tests to blame and is a finding of its own (tests.max_skipped).
//
// Never passed by: a report that is malformed, truncated or of no known format, no tests at all, a
// missing part, fewer tests than the baseline.
//
// Errors: usage where no report is named; not_found for a named path that does not exist; malformed for
// settings or a baseline that are; io.
Result<CheckedTests> check_tests(const policy::TestsSettings& settings, const policy::RunContext& context,
                                 const ports::Files& files, std::size_t jobs);

}  // namespace gate::checks
