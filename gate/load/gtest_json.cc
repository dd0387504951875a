#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json_lookup.h"
#include "gate/load/json_report.h"
#include "gate/load/report_case.h"
#include "gate/load/report_text.h"
#include "gate/load/report_time.h"

namespace gate::load {
namespace {

namespace json = boost::json;
using testing::Outcome;
using testing::TestCase;

// "0.012s"
std::optional<testing::Duration> time_in(const json::object& object) {
  std::string_view time = text_in(object, "time");
  if (!time.empty() && time.back() == 's') time.remove_suffix(1);
  return parse_seconds(time).duration;
}

// The result or status that no release of GoogleTest gives a test that passed; empty: none.
std::string_view unknown_word(const json::object& test) {
  const std::string_view result = text_in(test, "result");
  if (!result.empty() && result != "COMPLETED") return result;
  const std::string_view status = text_in(test, "status");
  return status == "RUN" || status == "NOTRUN" ? std::string_view{} : status;
}

Outcome outcome_of(const json::object& test) {
  if (!array_in(test, "failures").empty()) return Outcome::failed;
  const std::string_view result = text_in(test, "result");
  if (result == "SKIPPED") return Outcome::skipped;
  if (result == "SUPPRESSED") return Outcome::disabled;
  if (text_in(test, "status") == "NOTRUN") {
    return text_in(test, "name").find("DISABLED_") != std::string_view::npos ? Outcome::disabled
                                                                             : Outcome::not_run;
  }
  if (!unknown_word(test).empty()) return Outcome::errored;
  return Outcome::passed;
}

void tell_why(const json::object& test, TestCase& made) {
  CappedText all{kMaxDetails};
  const json::array& failures = array_in(test, "failures");
  for (const json::value& failure : failures) {
    if (!all.empty()) all.append("\n\n");
    all.append(text_in(as_object(failure), "failure"));
  }
  for (const json::value& skipped : array_in(test, "skipped"))
    all.append(text_in(as_object(skipped), "message"));
  explain(made, all.text(), {});
  if (made.outcome == Outcome::errored)
    made.message = fmt::format("unknown result {}", shortened(unknown_word(test), 40));
  if (failures.size() > 1) made.message += fmt::format(" (and {} more)", failures.size() - 1);
}

void read_test(const json::object& test, std::string_view suite, TestCase& made) {
  clear(made);
  assign_name(made.suite, suite);
  assign_name(made.class_name, text_in(test, "classname"));
  assign_name(made.name, text_in(test, "name"));
  if (made.name.empty()) made.name = "(unnamed)";
  assign_name(made.file, text_in(test, "file"));
  made.line = count_in(test, "line");
  made.duration = time_in(test);
  made.outcome = outcome_of(test);
  if (made.outcome != Outcome::passed) tell_why(test, made);
}

}  // namespace

void read_gtest_json(const json::object& root, testing::ReportTally& tally) {
  TestCase made;
  std::uint64_t held = 0;
  for (const json::value& suite_value : array_in(root, "testsuites")) {
    const json::object& suite = as_object(suite_value);
    tally.enter_top_suite(text_in(suite, "name").substr(0, kMaxName), 0);
    for (const json::value& test : array_in(suite, "testsuite")) {
      read_test(as_object(test), text_in(suite, "name"), made);
      tally.add(made);
      ++held;
    }
  }
  if (const auto wall = time_in(root); wall && wall->count() > 0) tally.set_wall(*wall);
  const auto started = parse_report_moment(text_in(root, "timestamp"));
  if (started && started->zoned) tally.set_started(started->at);
  compare_counts({count_in(root, "tests"), count_in(root, "failures")}, held, tally);
}

}  // namespace gate::load
