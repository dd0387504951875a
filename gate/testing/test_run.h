#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/time.h"
#include "gate/testing/test_case.h"
#include "gate/testing/totals.h"

namespace gate::testing {

// One report file and what was counted in it.
struct ReportFile {
  std::string path;
  std::string format;  // "junit", "trx", "go-json" …; empty: not recognised
  std::string sha256;
  std::uint64_t bytes = 0;
  Totals totals;
  bool counted = true;  // false: the same tests are counted through another file

  bool operator==(const ReportFile&) const = default;
};

// The totals of the tests below one named suite.
struct SuiteTotals {
  std::string name;  // the glob that the policy names
  Totals totals;

  bool operator==(const SuiteTotals&) const = default;
};

// Every report of one run, counted together.
struct TestRun {
  std::string name;
  std::string release;
  Totals totals;
  Duration wall{0};  // the longest report: what one waits for where reports ran side by side
  std::optional<Timestamp> started_at;  // the earliest start that a report gives with its time zone
  std::vector<ReportFile> reports;      // in the order given
  std::vector<SuiteTotals> suites;
  std::vector<TestCase>
      cases;  // those that did not plainly pass, or all where asked; in the order of reports
  std::uint64_t omitted_cases = 0;  // not plainly passed either, but beyond what is kept

  bool operator==(const TestRun&) const = default;
};

}  // namespace gate::testing
