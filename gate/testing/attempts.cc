#include "gate/testing/attempts.h"

#include <algorithm>
#include <utility>

#include "gate/testing/suites.h"

namespace gate::testing {
namespace {

Attempt attempt_of(const TestCase& test) {
  return {test.outcome, test.message, test.details, test.duration};
}

// Counts a test of the last run as something else.
void recount(CountedReport& last, const std::vector<std::string>& suites, const TestCase& test, Outcome was,
             Outcome now) {
  Totals one;
  add(one, was);
  const auto move = [&](Totals& totals) {
    subtract(totals, one);
    add(totals, now);
  };
  move(last.totals);
  for (std::size_t i = 0; i < suites.size(); ++i) {
    if (covers(suites[i], test)) move(last.suites[i]);
  }
}

bool is_same(const TestCase& a, const TestCase& b) {
  return a.suite == b.suite && a.class_name == b.class_name && a.name == b.name;
}

void add_attempt(TestCase& test, const TestCase& failed) {
  if (test.attempts.empty()) {
    test.attempts.push_back(test.outcome == Outcome::flaky ? Attempt{Outcome::passed, {}, {}, test.duration}
                                                           : attempt_of(test));
  }
  test.attempts.insert(test.attempts.begin(), attempt_of(failed));
}

// A test that the last run lists, and not as passed.
void fold_listed(CountedReport& last, TestCase& now, const TestCase& failed,
                 const std::vector<std::string>& suites) {
  add_attempt(now, failed);
  if (is_failure(now.outcome) || now.outcome == Outcome::flaky) return;
  recount(last, suites, now, now.outcome, failed.outcome);
  now.outcome = failed.outcome;
  now.message = failed.message;
}

// A test that the last run says nothing of.
void fold_missing(CountedReport& last, const TestCase& failed, const std::vector<std::string>& suites) {
  add(last.totals, failed);
  for (std::size_t i = 0; i < suites.size(); ++i) {
    if (covers(suites[i], failed)) add(last.suites[i], failed);
  }
  last.cases.push_back(failed);
}

// A test that passed in the last run, which `last.cases` need not hold.
TestCase& passed_case(CountedReport& last, std::vector<TestCase>::iterator now, const TestCase& failed) {
  if (now != last.cases.end()) return *now;
  TestCase& made = last.cases.emplace_back(failed);
  made.duration.reset();
  made.attempts.clear();
  return made;
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
    const auto now = std::find_if(last.cases.begin(), last.cases.end(),
                                  [&](const TestCase& test) { return is_same(test, failed); });
    if (now != last.cases.end() && now->outcome != Outcome::passed) {
      fold_listed(last, *now, failed, suites);
      continue;
    }
    const auto passed = std::find(last.passed_ids.begin(), last.passed_ids.end(), id_hash_of(failed));
    if (now == last.cases.end() && passed == last.passed_ids.end()) {
      fold_missing(last, failed, suites);
      continue;
    }
    if (passed != last.passed_ids.end()) last.passed_ids.erase(passed);
    TestCase& flaky = passed_case(last, now, failed);
    flaky.outcome = Outcome::flaky;
    flaky.message = failed.message;
    add_attempt(flaky, failed);
    recount(last, suites, flaky, Outcome::passed, Outcome::flaky);
  }
}

}  // namespace gate::testing
