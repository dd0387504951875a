#include "gate/testing/summary.h"

#include <array>
#include <charconv>

namespace gate::testing {
namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>{duration}.count();
}

// The outcomes in the order people ask for them.
constexpr std::array<Outcome, kOutcomes> kReadingOrder{Outcome::passed,   Outcome::failed, Outcome::errored,
                                                       Outcome::xfailed,  Outcome::flaky,  Outcome::skipped,
                                                       Outcome::disabled, Outcome::not_run};

Value counts_value(const Totals& totals) {
  Value value = Value::object({{"total", totals.total()}});
  for (const Outcome outcome : kReadingOrder) value.set(std::string{name_of(outcome)}, totals[outcome]);
  return value;
}

// Percent, or null where no test decides.
Value pass_rate_value(const Totals& totals) {
  const auto rate = pass_rate(totals);
  if (!rate) return {};
  double percent = 0;
  std::from_chars(rate->data(), rate->data() + rate->size(), percent);
  return percent;
}

Value attempt_value(const Attempt& attempt) {
  Value value = Value::object({{"outcome", name_of(attempt.outcome)}});
  if (!attempt.message.empty()) value.set("message", attempt.message);
  if (attempt.duration) value.set("duration_seconds", seconds(*attempt.duration));
  return value;
}

Value case_value(const TestCase& test) {
  Value value = Value::object({{"id", test_id(test)},
                               {"suite", test.suite},
                               {"class", test.class_name},
                               {"name", test.name},
                               {"outcome", name_of(test.outcome)}});
  if (!test.message.empty()) value.set("message", test.message);
  if (!test.file.empty()) value.set("file", test.file);
  if (test.line > 0) value.set("line", test.line);
  if (test.duration) value.set("duration_seconds", seconds(*test.duration));
  if (test.attempts.empty()) return value;
  Value attempts = Value::array();
  for (const Attempt& attempt : test.attempts) attempts.push(attempt_value(attempt));
  value.set("attempts", std::move(attempts));
  return value;
}

}  // namespace

Value metadata_value(const TestRun& run, const SummaryOrigin& origin) {
  Value inputs = Value::array();
  for (const ReportFile& report : run.reports) {
    inputs.push(Value::object({{"path", report.path},
                               {"format", report.format.empty() ? Value{} : Value{report.format}},
                               {"sha256", report.sha256},
                               {"bytes", report.bytes},
                               {"tests", report.totals.total()},
                               {"counted", report.counted}}));
  }
  return Value::object({{"name", run.name},
                        {"release", run.release},
                        {"generated_at", to_string(origin.generated_at)},
                        {"git_sha", origin.git_sha ? Value{*origin.git_sha} : Value{}},
                        {"run_id", origin.run_id},
                        {"tool", Value::object({{"name", origin.tool}, {"version", origin.tool_version}})},
                        {"inputs", std::move(inputs)}});
}

Value results_value(const TestRun& run) {
  Value value = counts_value(run.totals);
  value.set("duration_seconds", seconds(run.totals.duration));
  value.set("wall_seconds", seconds(run.wall));
  value.set("pass_rate", pass_rate_value(run.totals));
  Value suites = Value::array();
  for (const SuiteTotals& suite : run.suites) {
    suites.push(Value::object({{"suite", suite.name}, {"counts", counts_value(suite.totals)}}));
  }
  if (!run.suites.empty()) value.set("suites", std::move(suites));
  value.set("omitted_cases", run.omitted_cases);
  return value;
}

Value cases_value(const TestRun& run, bool passed_too) {
  Value cases = Value::array();
  for (const TestCase& test : run.cases) {
    if (passed_too || test.outcome != Outcome::passed) cases.push(case_value(test));
  }
  return cases;
}

Value summary_value(const TestRun& run, const SummaryOrigin& origin, bool passed_too) {
  return Value::object({{"test_metadata", metadata_value(run, origin)},
                        {"test_results", results_value(run)},
                        {"test_cases", cases_value(run, passed_too)}});
}

}  // namespace gate::testing
