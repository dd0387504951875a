// Our rules before Prometheus' own tool: what it accepts, and when they fire.

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/checks/slo_rules.h"
#include "gate/load/slo_toml.h"
#include "gate/platform/posix_process.h"
#include "gate/render/slo_rules.h"
#include "tests/support/programs.h"

namespace gate::test {
namespace {

const std::string kObjectives = R"(version = 1
[[source]]
name = "prom"
kind = "prometheus"
url = "http://127.0.0.1:9090"
[[objective]]
name = "checkout"
service = "shop"
target = "99.9"
period = "30d"
bad = 'requests_total{code="500"}'
total = 'requests_total'
absent_is_zero = true
[[objective]]
name = "checkout {{latency}} \"fast\""
target = "95"
period = "28d"
latency_ms = "1000"
histogram = 'seconds_bucket{job="x"}'
[[objective]]
name = "templates"
target = "50"
period = "7d"
good = 'rate(good_total[{{window}}])'
total = 'rate(all_total[{{window}}])'
[[objective]]
name = "not a budget"
p95_latency_ms = 500
histogram = 'seconds_bucket'
)";

// What the series were, minute by minute, and how many alerts of the objective "checkout" then fire.
struct RuleTest {
  const char* name;
  const char* series;
  const char* at;
  const char* alert;
  int firing;
};

class Promtool : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_PROGRAM(promtool, "promtool", "prometheus");
    promtool_ = promtool.string();
    const auto set = load::parse_slo_toml(kObjectives, "slo.toml");
    ASSERT_TRUE(set) << set.error().message;
    rules_ = folder_.write("rules.yml", render::slo_rules_text(checks::make_rules(set->objectives)));
  }

  static ports::Outcome run(std::vector<std::string> arguments) {
    ports::Command command;
    command.arguments = std::move(arguments);
    const auto outcome = platform::PosixProcess{}.run(command);
    ports::Outcome failed;
    failed.exit_code = 127;
    return outcome ? *outcome : failed;
  }

  std::string test_file(const RuleTest& test) const {
    return folder_.write(
        "test.yml",
        fmt::format(
            "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    "
            "input_series:{}\n"
            "    promql_expr_test:\n      - eval_time: {}\n"
            "        expr: 'count(ALERTS{{objective=\"checkout\",alertstate=\"firing\",{}}}) or vector(0)'\n"
            "        exp_samples: [{{labels: '{{}}', value: {}}}]\n",
            test.series, test.at, test.alert, test.firing));
  }

  ScratchFolder folder_;
  std::string promtool_;
  std::string rules_;
};

TEST_F(Promtool, AcceptsOurRules) {
  const ports::Outcome outcome = run({promtool_, "check", "rules", rules_});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output << outcome.diagnostics;
}

TEST_F(Promtool, FindsThemFiringWhenTheyShould) {
  const char* healthy = "\n      - {series: 'requests_total{code=\"200\"}', values: '0+600x200'}";
  const char* outage =
      "\n      - {series: 'requests_total{code=\"200\"}', values: '0+600x100 60000+0x100'}"
      "\n      - {series: 'requests_total{code=\"500\"}', values: '0+0x100 600+600x100'}";
  const char* recovery =
      "\n      - {series: 'requests_total{code=\"200\"}', values: '0+600x100 60000+0x5 60600+600x100'}"
      "\n      - {series: 'requests_total{code=\"500\"}', values: '0+0x100 600+600x5 3600+0x100'}";
  const char* idle = "\n      - {series: 'requests_total{code=\"200\"}', values: '5+0x200'}";
  const char* gone = "\n      - {series: 'requests_total{code=\"200\"}', values: '0+600x100 stale'}";
  const char* kPage = R"(alertname="SloErrorBudgetBurn",severity="page")";
  const char* kAny = R"(alertname=~".+")";
  const char* kData = R"(alertname="SloNoData",severity="page")";
  const char* kTraffic = R"(alertname="SloNoTraffic",severity="ticket")";
  const char* kSpent = R"(alertname="SloErrorBudgetSpent",severity="ticket")";
  const RuleTest rows[] = {
      {"health is silent", healthy, "150m", kAny, 0},
      {"before the outage", outage, "99m", kAny, 0},
      {"a total outage pages", outage, "105m", kPage, 2},
      {"and is no lack of data", outage, "110m", kData, 0},
      {"and spends the budget", outage, "120m", kSpent, 1},
      {"a recovery ends the quick page", recovery, "115m", R"(severity="page",long_window="1h")", 0},
      {"no traffic", idle, "150m", kTraffic, 1},
      {"no traffic is no burn", idle, "150m", kPage, 0},
      {"a series that is gone", gone, "150m", kData, 1},
      {"one that just left", gone, "103m", kData, 0},
      {"one that never was", "\n      - {series: 'other', values: '1'}", "10m", kData, 1},
  };
  for (const RuleTest& row : rows) {
    const ports::Outcome outcome = run({promtool_, "test", "rules", test_file(row)});
    EXPECT_EQ(outcome.exit_code, 0) << row.name << "\n" << outcome.output << outcome.diagnostics;
  }
}

}  // namespace
}  // namespace gate::test
