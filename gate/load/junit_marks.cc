#include "gate/load/junit_marks.h"

#include <algorithm>
#include <array>
#include <optional>

#include "gate/base/text.h"
#include "gate/load/test_status.h"

namespace gate::load {
namespace {

using testing::Outcome;

// The reasons ctest gives for a skip that somebody chose (`Unable to find executable` is none).
constexpr std::array<std::string_view, 2> kChosenSkips{"SKIP_RETURN_CODE", "SKIP_REGULAR_EXPRESSION_MATCHED"};

// Words that leave it to the elements. What is in neither list may well be a failure.
constexpr std::array<std::string_view, 25> kUndecided{
    "",           "0",     "accepted", "complete", "completed", "done",  "executed", "finished", "fixed",
    "good",       "green", "n/a",      "none",     "null",      "ran",   "run",      "succeed",  "succeeded",
    "successful", "true",  "valid",    "warn",     "warning",   "xpass", "xpassed"};

bool is_unknown(const std::string& word) {
  return !outcome_of_status(word) && std::none_of(kUndecided.begin(), kUndecided.end(), [&](auto known) {
    return equal_ignoring_case(known, word);
  });
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// status="notrun" means four things: switched off, skipped by choice, filtered, or broken.
Outcome outcome_of_not_run(const JunitMarks& marks) {
  if (equal_ignoring_case(marks.result, "suppressed") || marks.disabled || marks.disabled_name)
    return Outcome::disabled;
  return marks.skipped && marks.chosen_skip ? Outcome::skipped : Outcome::not_run;
}

}  // namespace

void JunitMarks::clear() {
  error = failure = skipped = disabled = expected_failure = failure_tolerated = chosen_skip =
      passed_on_retry = disabled_name = false;
  status.clear();
  result.clear();
}

void add_skipped(JunitMarks& marks, std::string_view type, std::string_view message) {
  marks.skipped = true;
  if (type == "pytest.xfail" || type == "XFAIL")
    marks.expected_failure = true;  // XFAIL: unittest-xml-reporting
  if (equal_ignoring_case(type, "todo") || contains(message, "tagged with !mayfail"))
    marks.failure_tolerated = true;
  for (const std::string_view chosen : kChosenSkips) {
    if (message.substr(0, chosen.size()) == chosen) marks.chosen_skip = true;
  }
}

std::string_view unknown_word(const JunitMarks& marks) {
  if (is_unknown(marks.status)) return marks.status;
  return is_unknown(marks.result) ? std::string_view{marks.result} : std::string_view{};
}

Outcome outcome_of(const JunitMarks& marks) {
  const std::optional<Outcome> status = outcome_of_status(marks.status);
  const std::optional<Outcome> result = outcome_of_status(marks.result);
  const auto says = [&](Outcome outcome) { return status == outcome || result == outcome; };
  if (marks.error || says(Outcome::errored)) return Outcome::errored;
  if (marks.failure) return marks.failure_tolerated ? Outcome::xfailed : Outcome::failed;
  if (says(Outcome::failed)) return Outcome::failed;
  if (marks.expected_failure || says(Outcome::xfailed)) return Outcome::xfailed;
  if (says(Outcome::not_run)) return outcome_of_not_run(marks);
  if (marks.skipped || says(Outcome::skipped)) return Outcome::skipped;
  if (marks.disabled || says(Outcome::disabled)) return Outcome::disabled;
  if (!unknown_word(marks).empty()) return Outcome::errored;
  return marks.passed_on_retry || says(Outcome::flaky) ? Outcome::flaky : Outcome::passed;
}

}  // namespace gate::load
