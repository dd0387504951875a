#include "gate/load/report_case.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/report_text.h"

namespace gate::load {

void clear(testing::TestCase& test) {
  test.suite.clear();
  test.class_name.clear();
  test.name.clear();
  test.outcome = testing::Outcome::passed;
  test.message.clear();
  test.details.clear();
  test.file.clear();
  test.line = 0;
  test.duration.reset();
  test.attempts.clear();
}

void explain(testing::TestCase& test, std::string_view message, std::string_view trace) {
  CappedText details{kMaxDetails};
  details.append(message);
  if (!message.empty() && !trace.empty()) details.append("\n");
  details.append(trace);
  test.details = details.text();
  test.message = message_of(message);
  if (test.message.empty()) test.message = message_of(trace);
  if (test.message.empty() && testing::is_failure(test.outcome)) test.message = "no message";
  if (!test.file.empty()) return;
  auto found = find_source_position(trace);
  if (!found) found = find_source_position(message);
  if (!found) return;
  test.file = std::move(found->file);
  test.line = found->line;
}

void assign_full_name(testing::TestCase& test, std::string_view full_name) {
  const std::size_t arguments = full_name.find('(');
  const std::size_t dot = full_name.substr(0, arguments).rfind('.');
  const bool split = dot != std::string_view::npos && dot > 0 &&
                     full_name.substr(0, dot).find(' ') == std::string_view::npos;
  assign_name(test.class_name, split ? full_name.substr(0, dot) : std::string_view{});
  assign_name(test.name, split ? full_name.substr(dot + 1) : full_name);
}

std::string_view file_name_of(std::string_view path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

void tell_claimed_failures(std::uint64_t claimed, std::size_t line, testing::ReportTally& tally) {
  using testing::Outcome;
  using testing::Weight;
  const testing::Totals& totals = tally.totals();
  if (claimed == 0 || totals.failures() + totals[Outcome::xfailed] > 0) return;
  tally.remark(
      {"tests.claimed_failures",
       totals[Outcome::flaky] > 0 ? Weight::warning : Weight::error,
       {},
       fmt::format("the summary tells of {}, none of the tests shows one", counted(claimed, "failure")),
       line,
       0});
}

void tell_warned(const testing::TestCase& test, std::size_t line, testing::ReportTally& tally) {
  tally.remark(
      {"tests.warned", testing::Weight::note, testing::test_id(test), "passed with a warning", line, 0});
}

}  // namespace gate::load
