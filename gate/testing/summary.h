#pragma once

#include <optional>
#include <string>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/base/value.h"
#include "gate/testing/test_run.h"

namespace gate::testing {

// Who made a summary, from what commit and when.
struct SummaryOrigin {
  std::string tool;
  std::string tool_version;
  std::string run_id;
  std::optional<std::string> git_sha;
  Timestamp generated_at{};
};

// The three members of a summary document (schemas/release-gate/test-summary.schema.json).
Value metadata_value(const TestRun& run, const SummaryOrigin& origin);  // test_metadata
Value results_value(const TestRun& run);                                // test_results
Value cases_value(const TestRun& run, bool passed_too);                 // test_cases

Value summary_value(const TestRun& run, const SummaryOrigin& origin, bool passed_too);

}  // namespace gate::testing
