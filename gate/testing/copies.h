#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gate/testing/report_tally.h"

namespace gate::testing {

// What tells whether a report's tests are already counted through other reports.
struct Countable {
  std::string path;
  std::string sha256;
  std::uint64_t tests = 0;
  Duration duration{0};
  Digest digest;
};

// Why a report must not be counted again.
struct Copy {
  std::size_t report = 0;               // index of the report
  std::optional<std::size_t> original;  // the earlier one of the same bytes; absent: it sums up others
  std::string folder;                   // whose other reports it sums up; "" is all of them

  bool operator==(const Copy&) const = default;
};

// Finds reports with the same bytes as an earlier one, and aggregates: a report that holds exactly
// the tests, outcomes and times of all other reports of its folder, or of all other reports there
// are (Ant's TESTS-TestSuites.xml beside the TEST-*.xml it was made of). Tests without times are too
// alike to tell an aggregate by.
std::vector<Copy> find_copies(const std::vector<Countable>& reports);

}  // namespace gate::testing
