#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/ports/files.h"
#include "gate/testing/report_tally.h"

namespace gate::checks {

// One report as read: what it is, and what it holds.
struct TestReport {
  std::string path;
  std::string format;           // empty: of no known format
  bool other_document = false;  // of none for certain, not a report that broke off
  std::string sha256;
  std::uint64_t bytes = 0;
  testing::CountedReport counted;
  bool is_attempt = false;  // an earlier run of a report that is also here, and counted through it
};

// Reads reports on up to `jobs` threads; they come back in the order of `paths`. What is kept of all
// of them together stays within `limits`, the first reports first.
// Errors: not_found, io.
Result<std::vector<TestReport>> read_test_reports(const std::vector<std::string>& paths,
                                                  testing::TallyLimits limits, const ports::Files& files,
                                                  std::size_t jobs);

// Folds the reports of earlier attempts into those of the last ones. `suites`: TallyLimits::suites.
void fold_attempts(std::vector<TestReport>& reports, const std::vector<std::string>& suites);

}  // namespace gate::checks
