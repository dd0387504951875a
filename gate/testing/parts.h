#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"

namespace gate::testing {

// A policy names the parts a test run must have ("unit", "e2e-{1..4}"), so that one that never ran
// cannot go unnoticed.
//
// A report delivers a part by its path or by its suites:
// - a name with a `/` or a wildcard is a glob over the report's whole path ("**/e2e/*.xml");
// - any other name must be one of the folders of the path, or the file's name without its
//   extension, or up to its first dot ("e2e-1" of artifacts/e2e-1/results.xml, unit.xml, unit.junit.xml);
// - a report whose path names no part delivers those that its outermost suites are named after.
// A path that names two parts is ambiguous and delivers neither. Only a report with at least one
// test that counts in a pass rate delivers anything, and one that is a copy of another delivers nothing.

// The names that a list of patterns stands for: "e2e-{1..4}" is four, "{unit,e2e}" two.
// Errors: malformed for braces that do not close, a range that is none, a name given twice; budget
// over 10,000 names.
Result<std::vector<std::string>> expand_parts(const std::vector<std::string>& patterns);

// What a report offers.
struct PartSource {
  std::string path;
  std::uint64_t tests = 0;                                   // that count in a pass rate
  std::map<std::string, std::uint64_t, std::less<>> suites;  // outermost ones, and their such tests
};

enum class PartState {
  delivered,
  empty,  // its reports hold no test that counts
  missing,
};

struct Ambiguity {
  std::string path;
  std::vector<std::string> parts;

  bool operator==(const Ambiguity&) const = default;
};

struct Parts {
  std::vector<PartState> states;  // by name
  std::vector<Ambiguity> ambiguities;
};

Parts find_parts(const std::vector<std::string>& names, const std::vector<PartSource>& reports);

}  // namespace gate::testing
