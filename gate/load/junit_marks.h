#pragma once

#include <string>
#include <string_view>

#include "gate/testing/outcome.h"

namespace gate::load {

// Everything a JUnit <testcase> says about how it ended, which may be several things at once.
struct JunitMarks {
  bool error = false;
  bool failure = false;
  bool skipped = false;            // a <skipped> child
  bool disabled = false;           // a <disabled> child or attribute
  bool expected_failure = false;   // <skipped type="pytest.xfail">: the test failed as announced
  bool failure_tolerated = false;  // Catch2's [!mayfail], node's todo: a <failure> beside it was announced
  bool chosen_skip = false;        // ctest: status="notrun", but by SKIP_RETURN_CODE
  bool passed_on_retry = false;    // flakyFailure, flakyError, or marked flaky
  bool disabled_name = false;      // a DISABLED_ test of GoogleTest
  std::string status;              // the attributes of these names
  std::string result;

  void clear();
};

// Notes what a <skipped> child's type and message mean.
void add_skipped(JunitMarks& marks, std::string_view type, std::string_view message);

// The status or result that no known producer writes; empty: none.
std::string_view unknown_word(const JunitMarks& marks);

// The one class it falls into: errored > failed > xfailed > not_run > skipped > disabled > flaky > passed.
// What nothing but an unknown word speaks of is errored.
testing::Outcome outcome_of(const JunitMarks& marks);

}  // namespace gate::load
