#include "gate/testing/attempts.h"

#include <algorithm>
#include <utility>

#include "gate/testing/suites.h"

namespace gate::testing {
namespace {

Attempt attempt_of(const TestCase& test) {
  return {test.outcome, test.message, test.details, test.duration};
}

void move_to_flaky(Totals& totals) {
  Totals one;
  add(one, Outcome::passed);
  subtract(totals, one);
  add(totals, Outcome::flaky);
}

void add_attempt(TestCase& test, const TestCase& failed) {
  if (test.attempts.empty()) {
    test.attempts.push_back(test.outcome == Outcome::flaky ? Attempt{Outcome::passed, {}, {}, test.duration}
                                                           : attempt_of(test));
  }
  test.attempts.insert(test.attempts.begin(), attempt_of(failed));
}

}  // namespace

std::optional<std::string> report_of_attempt(std::string_view path) {
  constexpr std::string_view kFolder = "test_attempts/";
  const std::size_t name = path.rfind('/') + 1;
  if (name < kFolder.size() || path.substr(name - kFolder.size(), kFolder.size()) != kFolder)
    return std::nullopt;
  const std::size_t folder = name - kFolder.size();
  if (folder > 0 && path[folder - 1] != '/') return std::nullopt;
  const std::string_view file = path.substr(name);
  const bool is_attempt =
      file.substr(0, 8) == "attempt_" && file.size() > 12 && file.substr(file.size() - 4) == ".xml";
  if (!is_attempt) return std::nullopt;
  return std::string{path.substr(0, folder)} + "test.xml";
}

void fold_attempt(CountedReport& last, const CountedReport& attempt, const std::vector<std::string>& suites) {
  for (const TestCase& failed : attempt.cases) {
    if (!is_failure(failed.outcome)) continue;
    const std::string id = test_id(failed);
    const auto now = std::find_if(last.cases.begin(), last.cases.end(),
                                  [&](const TestCase& test) { return test_id(test) == id; });
    if (now != last.cases.end() && now->outcome != Outcome::passed) {
      add_attempt(*now, failed);
      continue;
    }
    if (last.totals[Outcome::passed] == 0) {  // nothing passed, so neither did this one
      add(last.totals, failed);
      last.cases.push_back(failed);
      continue;
    }
    TestCase flaky = failed;
    if (now != last.cases.end()) {
      flaky = *now;
      flaky.message = failed.message;
    } else {
      flaky.duration.reset();
    }
    flaky.outcome = Outcome::flaky;
    flaky.attempts.clear();
    add_attempt(flaky, failed);
    move_to_flaky(last.totals);
    for (std::size_t i = 0; i < suites.size(); ++i) {
      if (covers(suites[i], flaky)) move_to_flaky(last.suites[i]);
    }
    if (now != last.cases.end()) {
      *now = std::move(flaky);
    } else {
      last.cases.push_back(std::move(flaky));
    }
  }
}

}  // namespace gate::testing
