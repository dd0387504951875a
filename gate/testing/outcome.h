#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gate::testing {

// How one test ended: eight disjoint classes. In the order of precedence, worst first: where a
// report says several things about one test, the first of them holds.
enum class Outcome {
  errored,   // broke down outside an assertion: exception, crash, timeout, fixture
  failed,    // an assertion did not hold
  xfailed,   // failed as its producer had announced (pytest xfail, Catch2 !mayfail, TODO)
  not_run,   // should have run and did not: counts as a failure
  skipped,   // skipped by choice
  disabled,  // switched off in the source
  flaky,     // passed, but only on a retry that the report marks as one
  passed,
};

constexpr std::size_t kOutcomes = 8;
constexpr std::array<Outcome, kOutcomes> kAllOutcomes{Outcome::errored, Outcome::failed,  Outcome::xfailed,
                                                      Outcome::not_run, Outcome::skipped, Outcome::disabled,
                                                      Outcome::flaky,   Outcome::passed};

// "passed", "not_run": the key in every report.
std::string_view name_of(Outcome outcome);
std::optional<Outcome> outcome_named(std::string_view name);

// The one that holds where a report says both.
Outcome worse_of(Outcome a, Outcome b);

// Whether it counts against the release: errored, failed, not_run.
bool is_failure(Outcome outcome);

}  // namespace gate::testing
