#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/load/json_lookup.h"
#include "gate/load/json_report.h"
#include "gate/load/report_case.h"
#include "gate/load/report_text.h"
#include "gate/load/test_status.h"

namespace gate::load {
namespace {

namespace json = boost::json;
using testing::Attempt;
using testing::Outcome;
using testing::TestCase;

// What CTRF's status allows `rawStatus` to say more exactly: never a failure away.
std::optional<Outcome> refined(std::string_view status, std::string_view raw) {
  const std::optional<Outcome> outcome = outcome_of_status(raw);
  if (!outcome) return std::nullopt;
  const bool bad = is_failure(*outcome);
  if (status == "failed") return bad ? outcome : std::nullopt;
  if (status == "passed") return bad || *outcome == Outcome::flaky ? outcome : std::nullopt;
  return *outcome == Outcome::passed || *outcome == Outcome::flaky ? std::nullopt : outcome;
}

Outcome outcome_of(const json::object& test) {
  const std::string_view status = text_in(test, "status");
  if (const auto exact = refined(status, text_in(test, "rawStatus"))) return *exact;
  if (status == "passed") return is_true_in(test, "flaky") ? Outcome::flaky : Outcome::passed;
  if (status == "failed") return Outcome::failed;
  return status == "skipped" || status == "pending" ? Outcome::skipped : Outcome::errored;
}

std::optional<testing::Duration> duration_in(const json::object& object) {
  const std::optional<double> milliseconds = number_in(object, "duration");
  constexpr double kYear = 366.0 * 24 * 3600 * 1000;
  if (!milliseconds || !(*milliseconds >= 0) || *milliseconds > kYear) return std::nullopt;
  constexpr double kNanos = 1e6;
  return testing::Duration{std::llround(*milliseconds * kNanos)};
}

// `suite` is a list of names, in older versions one text.
void assign_suite(TestCase& made, const json::object& test) {
  std::string path{text_in(test, "suite")};
  for (const json::value& name : array_in(test, "suite")) {
    if (!name.is_string()) continue;
    if (!path.empty()) path += '/';
    path += std::string_view{name.get_string().data(), name.get_string().size()};
  }
  assign_name(made.suite, path);
}

void read_attempts(const json::object& test, TestCase& made) {
  const json::array& attempts = array_in(test, "retryAttempts");
  for (const json::value& value : attempts) {
    if (made.attempts.size() == kMaxAttempts) return;
    const json::object& attempt = as_object(value);
    CappedText trace{kMaxDetails};
    trace.append(text_in(attempt, "trace"));
    made.attempts.push_back(Attempt{outcome_of(attempt), message_of(text_in(attempt, "message")),
                                    trace.text(), duration_in(attempt)});
  }
}

void read_test(const json::object& test, TestCase& made) {
  clear(made);
  assign_suite(made, test);
  assign_name(made.name, text_in(test, "name"));
  if (made.name.empty()) made.name = "(unnamed)";
  assign_name(made.file, text_in(test, "filePath"));
  made.line = count_in(test, "line");
  made.duration = duration_in(test);
  made.outcome = outcome_of(test);
  read_attempts(test, made);
  if (made.outcome == Outcome::passed) return;
  explain(made, text_in(test, "message"), text_in(test, "trace"));
  if (made.message.empty() && !made.attempts.empty()) made.message = made.attempts.front().message;
}

}  // namespace

void read_ctrf(const json::object& root, testing::ReportTally& tally) {
  const json::object& results = object_in(root, "results");
  TestCase made;
  std::uint64_t held = 0;
  for (const json::value& test : array_in(results, "tests")) {
    read_test(as_object(test), made);
    tally.enter_top_suite(std::string_view{made.suite}.substr(0, made.suite.find('/')), 0);
    tally.add(made);
    ++held;
  }
  const json::object& summary = object_in(results, "summary");
  compare_counts({count_in(summary, "tests"), count_in(summary, "failed")}, held, tally);
  const auto start = number_in(summary, "start");
  const auto stop = number_in(summary, "stop");
  constexpr double kLatest = 4e12;  // the year 2096; seconds instead of milliseconds are before 1971
  if (start && stop && *start > 0 && *stop >= *start && *stop < kLatest) {
    tally.set_started(Timestamp{std::chrono::milliseconds{std::llround(*start)}});
    tally.set_wall(std::chrono::milliseconds{std::llround(*stop - *start)});
  }
}

}  // namespace gate::load
