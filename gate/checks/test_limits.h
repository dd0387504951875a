#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/policy/check_settings.h"
#include "gate/testing/test_run.h"

namespace gate::checks {

// One set of limits over what it counts: the whole run, or the tests below a named suite.
struct AppliedLimits {
  std::string suite;  // glob; empty: the whole run
  policy::TestLimits limits;
  std::optional<testing::Percent> min_pass_rate;
  testing::Totals totals;

  [[nodiscard]] bool failures_exceeded() const;
  [[nodiscard]] bool pass_rate_missed() const;
  [[nodiscard]] bool skipped_exceeded() const;
  [[nodiscard]] bool flaky_exceeded() const;

  // Whether the policy lets some tests fail here at all, and whether no more of them did.
  [[nodiscard]] bool tolerates() const { return limits.max_failed || min_pass_rate; }
  [[nodiscard]] bool kept() const { return !failures_exceeded() && !pass_rate_missed(); }
};

// The run's own limits first, then the suites', in the order of `run.suites`.
// Error: malformed for a pass rate that is none.
Result<std::vector<AppliedLimits>> apply_limits(const policy::TestsSettings& settings,
                                                const testing::TestRun& run);

// Whether a failing test is tolerated: some limit that covers it lets tests fail, and every such
// limit is kept.
bool is_tolerated(const std::vector<AppliedLimits>& limits, const testing::TestCase& test);

// Whether there are more flaky tests than allowed somewhere that covers this one.
bool is_one_flaky_too_many(const std::vector<AppliedLimits>& limits, const testing::TestCase& test);

}  // namespace gate::checks
