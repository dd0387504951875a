#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/testing/outcome.h"

namespace gate::testing {

using Duration = std::chrono::nanoseconds;

// One run of a test that was run more than once.
struct Attempt {
  Outcome outcome = Outcome::failed;
  std::string message;  // one line
  std::string details;  // stack trace or output, capped by the loader
  std::optional<Duration> duration;

  bool operator==(const Attempt&) const = default;
};

// One test as a report tells it. Text is valid UTF-8, capped by the loader, and hostile: a renderer escapes
// it.
struct TestCase {
  std::string suite;       // names of the suites it stands in, joined by '/'; may be empty
  std::string class_name;  // may be empty
  std::string name;        // never empty: "(unnamed #3)" where the report has none
  Outcome outcome = Outcome::passed;
  std::string message;               // the first line that says why; empty for a plain pass
  std::string details;               // the rest of it: stack trace, every failure's text
  std::string file;                  // as the report spells it; empty: unknown
  std::size_t line = 0;              // from 1; 0: unknown
  std::optional<Duration> duration;  // absent: not given, or not a time
  std::vector<Attempt> attempts;     // in their order, the last included; empty: run once
  std::size_t report = 0;            // index into TestRun::reports

  bool operator==(const TestCase&) const = default;
};

// `suite::class::name`, empty parts left out: the subject of a finding about this test.
std::string test_id(const TestCase& test);

}  // namespace gate::testing
