#include "gate/load/test_status.h"

#include <algorithm>
#include <array>

#include "gate/base/text.h"

namespace gate::load {
namespace {

using testing::Outcome;

struct Word {
  std::string_view spelled;
  Outcome meaning;
};

constexpr std::array kWords{
    Word{"aborted", Outcome::errored},
    Word{"broken", Outcome::errored},
    Word{"cancelled", Outcome::errored},
    Word{"canceled", Outcome::errored},
    Word{"crashed", Outcome::errored},
    Word{"disabled", Outcome::disabled},
    Word{"disconnected", Outcome::errored},
    Word{"error", Outcome::errored},
    Word{"errored", Outcome::errored},
    Word{"exception", Outcome::errored},
    Word{"fail", Outcome::failed},
    Word{"failed", Outcome::failed},
    Word{"failure", Outcome::failed},
    Word{"flaky", Outcome::flaky},
    Word{"ignored", Outcome::skipped},
    Word{"inconclusive", Outcome::skipped},
    Word{"interrupted", Outcome::errored},
    Word{"inprogress", Outcome::not_run},
    Word{"not_run", Outcome::not_run},
    Word{"notexecuted", Outcome::skipped},
    Word{"notrun", Outcome::not_run},
    Word{"notrunnable", Outcome::not_run},
    Word{"ok", Outcome::passed},
    Word{"pass", Outcome::passed},
    Word{"passed", Outcome::passed},
    Word{"passedbutrunaborted", Outcome::errored},
    Word{"pending", Outcome::skipped},
    Word{"skip", Outcome::skipped},
    Word{"skipped", Outcome::skipped},
    Word{"success", Outcome::passed},
    Word{"suppressed", Outcome::disabled},
    Word{"timedout", Outcome::errored},
    Word{"timeout", Outcome::errored},
    Word{"undefined", Outcome::failed},
    Word{"xfailed", Outcome::xfailed},
};

}  // namespace

std::optional<Outcome> outcome_of_status(std::string_view status) {
  const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const Word& word) {
    return equal_ignoring_case(word.spelled, status);
  });
  return found == kWords.end() ? std::nullopt : std::optional{found->meaning};
}

}  // namespace gate::load
