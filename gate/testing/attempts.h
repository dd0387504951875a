#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/testing/report_tally.h"

namespace gate::testing {

// Bazel leaves the failed runs of a target that it ran again beside the report of the last one:
// "p/test.xml" of "p/test_attempts/attempt_1.xml"; nullopt for any other path.
std::optional<std::string> report_of_attempt(std::string_view path);

// Takes an earlier, failed run of the same tests into the report of the last: a test that failed then
// and is listed as passed now is flaky, one that failed both times has one more attempt, and any other
// stays a failure. `last` was read with TallyLimits::passed_ids. `suites`: the globs that
// `last.suites` counts. Attempts are folded the last one first, so that they stand in their order.
void fold_attempt(CountedReport& last, const CountedReport& attempt, const std::vector<std::string>& suites);

}  // namespace gate::testing
