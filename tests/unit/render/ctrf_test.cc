#include "gate/render/ctrf.h"

#include <gtest/gtest.h>

#include "tests/unit/render/golden.h"
#include "tests/unit/render/reports.h"
#include "tests/unit/render/runner_model.h"

namespace gate::test {
namespace {

using namespace std::chrono_literals;
using gate::testing::Outcome;
using gate::testing::TestCase;

TestCase test_of(Outcome outcome, std::string name) {
  TestCase test;
  test.suite = "unit/orders";
  test.class_name = "OrderTest";
  test.name = std::move(name);
  test.outcome = outcome;
  test.duration = 12ms;
  return test;
}

gate::testing::TestRun run_of_every_outcome() {
  gate::testing::TestRun run;
  run.name = "unit";
  run.wall = 3s;
  for (const Outcome outcome : gate::testing::kAllOutcomes) {
    run.cases.push_back(test_of(outcome, std::string{name_of(outcome)}));
  }
  run.cases[0].message = hostile_text();
  run.cases[0].details = hostile_text();
  run.cases[0].name = hostile_text();
  run.cases[0].suite = "";
  run.cases[0].class_name = "";
  run.cases[1].file = "tests/order_test.cc";
  run.cases[1].line = 42;
  TestCase& flaky = run.cases[6];
  flaky.attempts = {{Outcome::failed, "timed out", "at line 3", 7ms},
                    {Outcome::passed, "", "", std::nullopt}};
  for (const TestCase& test : run.cases) add(run.totals, test);
  return run;
}

TEST(AsCtrf, LooksLikeTheGoldenFile) {
  const policy::RunContext context = merged_report().run;
  const std::string text = render::as_ctrf(context, run_of_every_outcome());
  expect_golden("every_outcome.ctrf", text);
  EXPECT_TRUE(runner_commands(text).empty());
}

TEST(AsCtrf, SaysWhenTheReportsSayIt) {
  gate::testing::TestRun run;
  run.started_at = Timestamp{1'000ms};
  run.wall = 1'500ms;
  const std::string text = render::as_ctrf({}, run);
  EXPECT_NE(text.find("\"start\": 1000,\n      \"stop\": 2500"), std::string::npos) << text;
}

}  // namespace
}  // namespace gate::test
