#include "gate/testing/outcome.h"

#include <algorithm>

namespace gate::testing {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::errored: return "errored";
    case Outcome::failed: return "failed";
    case Outcome::xfailed: return "xfailed";
    case Outcome::not_run: return "not_run";
    case Outcome::skipped: return "skipped";
    case Outcome::disabled: return "disabled";
    case Outcome::flaky: return "flaky";
    case Outcome::passed: return "passed";
  }
  return "?";
}

std::optional<Outcome> outcome_named(std::string_view name) {
  const auto found = std::find_if(kAllOutcomes.begin(), kAllOutcomes.end(),
                                  [&](Outcome outcome) { return name_of(outcome) == name; });
  return found == kAllOutcomes.end() ? std::nullopt : std::optional{*found};
}

Outcome worse_of(Outcome a, Outcome b) {
  return std::min(a, b);
}

bool is_failure(Outcome outcome) {
  return outcome == Outcome::errored || outcome == Outcome::failed || outcome == Outcome::not_run;
}

}  // namespace gate::testing
