#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gate/checks/test_limits.h"
#include "gate/checks/test_reports.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/finding.h"
#include "gate/ports/files.h"
#include "gate/testing/copies.h"
#include "gate/testing/parts.h"
#include "gate/testing/test_run.h"

namespace gate::checks {

// Reports that could not be read to their end, hold nothing, or say something odd of themselves.
// `named`: by index, whether the report was asked for by name or glob; a file that merely lies in a
// folder may be something else than a report.
std::vector<policy::Finding> find_report_faults(const std::vector<TestReport>& reports,
                                                const std::vector<bool>& named, bool allow_empty);

std::vector<policy::Finding> find_copied(const std::vector<TestReport>& reports,
                                         const std::vector<testing::Copy>& copies);

std::vector<policy::Finding> find_missing_parts(const std::vector<std::string>& names,
                                                const testing::Parts& parts);

// Nothing that decides, in the run or in a suite that the policy names.
std::vector<policy::Finding> find_zero_tests(const std::vector<AppliedLimits>& limits,
                                             const std::string& subject, bool allow_empty);

// Fewer tests than in the baseline.
std::vector<policy::Finding> find_lost_tests(const testing::Totals& totals, const testing::Totals& baseline,
                                             std::uint64_t allowed, const std::string& subject);

// What a limit of the policy says about the counts.
std::vector<policy::Finding> find_over_limits(const std::vector<AppliedLimits>& limits,
                                              const std::string& subject);

// Turns the file names of reports into paths of this repository: slashes, no "./", and of an absolute
// path of another machine the longest end that exists here. Asks the file system once a name.
class SourceFiles {
 public:
  explicit SourceFiles(const ports::Files& files) : files_(files) {}

  const std::string& in_repository(const std::string& spelled);

 private:
  [[nodiscard]] std::string find(std::string_view spelled) const;

  const ports::Files& files_;
  std::map<std::string, std::string> known_;
};

// The finding about one test; only for a failure or a flaky test.
policy::Finding finding_about(const testing::TestCase& test, const std::vector<AppliedLimits>& limits,
                              SourceFiles& sources);

// The finding about a suite of whose failures only attributes tell.
policy::Finding finding_about(const testing::Claim& claim, const std::string& report,
                              const std::vector<AppliedLimits>& limits);

}  // namespace gate::checks
