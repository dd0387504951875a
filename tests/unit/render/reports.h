#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "gate/policy/report.h"

namespace gate::test {

// A report that every format is rendered from, and the name its golden files carry.
struct NamedReport {
  std::string name;
  policy::Report report;
};

// Every kind of report: ordinary, passed, empty, warn mode, overridden, merged, hostile.
std::vector<NamedReport> sample_reports();

// Text that attacks whatever prints it: workflow commands, terminal escapes, bidi controls, Markdown,
// HTML, XML, mentions, ill-formed UTF-8.
std::string hostile_text();

// A report whose every string is hostile_text().
policy::Report hostile_report();

// hostile_report() with other strings, put together from what has a meaning to some reader.
policy::Report random_hostile_report(std::mt19937& random);

// A failed report of `count` failing tests named `suite::Case::test_0` and on, all listed.
policy::Report big_report(std::size_t count);

// Two checks that failed and passed and one that is optional, put together by combine().
policy::Report merged_report();

}  // namespace gate::test
