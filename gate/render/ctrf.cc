#include "gate/render/ctrf.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/base/value.h"
#include "gate/render/visible.h"

namespace gate::render {
namespace {

using testing::Outcome;

std::int64_t milliseconds_of(testing::Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

std::int64_t epoch_milliseconds(Timestamp moment) {
  return moment.time_since_epoch().count();
}

std::string_view status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
    case Outcome::flaky: return "passed";
    case Outcome::failed:
    case Outcome::errored:
    case Outcome::not_run: return "failed";
    case Outcome::skipped: return "skipped";
    case Outcome::disabled: return "pending";
    case Outcome::xfailed: return "other";
  }
  return "other";
}

Value summary_of(const policy::RunContext& context, const testing::TestRun& run) {
  const testing::Totals& totals = run.totals;
  const std::int64_t start = epoch_milliseconds(run.started_at.value_or(context.started_at));
  return Value::object({{"tests", totals.total()},
                        {"passed", totals[Outcome::passed] + totals[Outcome::flaky]},
                        {"failed", totals.failures()},
                        {"skipped", totals[Outcome::skipped]},
                        {"pending", totals[Outcome::disabled]},
                        {"other", totals[Outcome::xfailed]},
                        {"flaky", totals[Outcome::flaky]},
                        {"start", start},
                        {"stop", start + milliseconds_of(run.wall)},
                        {"duration", milliseconds_of(totals.duration)}});
}

void set_unless_empty(Value& tree, std::string name, std::string_view text) {
  if (!text.empty()) tree.set(std::move(name), text);
}

Value suite_of(const testing::TestCase& test) {
  Value names = Value::array();
  for (const std::string_view part : split(test.suite, '/')) {
    if (!part.empty()) names.push(part);
  }
  if (!test.class_name.empty()) names.push(test.class_name);
  return names;
}

Value attempt_value(const testing::Attempt& attempt, std::size_t number) {
  Value tree = Value::object({{"attempt", number}, {"status", status_of(attempt.outcome)}});
  if (attempt.duration) tree.set("duration", milliseconds_of(*attempt.duration));
  set_unless_empty(tree, "message", attempt.message);
  set_unless_empty(tree, "trace", attempt.details);
  return tree;
}

void append_attempts(Value& tree, const testing::TestCase& test) {
  if (test.attempts.empty()) return;
  Value attempts = Value::array();
  for (std::size_t i = 0; i < test.attempts.size(); ++i) {
    attempts.push(attempt_value(test.attempts[i], i + 1));
  }
  tree.set("retries", test.attempts.size() - 1).set("retryAttempts", std::move(attempts));
}

Value test_value(const testing::TestCase& test) {
  Value tree = Value::object({{"testId", testing::test_id(test)},
                              {"name", test.name},
                              {"status", status_of(test.outcome)},
                              {"duration", milliseconds_of(test.duration.value_or(testing::Duration{0}))}});
  if (Value suite = suite_of(test); !suite.as_array()->empty()) tree.set("suite", std::move(suite));
  set_unless_empty(tree, "message", test.message);
  set_unless_empty(tree, "trace", test.details);
  if (test.line > 0) tree.set("line", test.line);
  tree.set("rawStatus", testing::name_of(test.outcome));
  set_unless_empty(tree, "filePath", test.file);
  append_attempts(tree, test);
  if (test.outcome == Outcome::flaky) tree.set("flaky", true);
  return tree;
}

}  // namespace

std::string as_ctrf(const policy::RunContext& context, const testing::TestRun& run) {
  Value tests = Value::array();
  for (const testing::TestCase& test : run.cases) tests.push(test_value(test));
  const Value results = Value::object(
      {{"tool", Value::object({{"name", context.tool.name}, {"version", context.tool.version}})},
       {"summary", summary_of(context, run)},
       {"tests", std::move(tests)}});
  Value tree = Value::object({{"reportFormat", "CTRF"}, {"specVersion", "1.0.0"}});
  if (!context.run_id.empty()) tree.set("reportId", context.run_id);
  tree.set("timestamp", to_string(context.finished_at)).set("generatedBy", context.tool.name);
  tree.set("results", results);
  return break_commands(to_json(tree), kBreakInJson) + "\n";
}

}  // namespace gate::render
