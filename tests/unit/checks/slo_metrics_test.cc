#include "gate/checks/slo_metrics.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/policy/report.h"
#include "tests/support/fake_files.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::Finding;
using policy::Verdict;
using slo::MetricJudge;

Evidence checked(const std::string& text, MetricJudge judge) {
  const test::FakeFiles files{{"m.json", text}};
  auto evidence = check_metrics("m.json", judge, files);
  EXPECT_TRUE(evidence) << (evidence ? "" : evidence.error().message);
  return evidence ? *evidence : Evidence{};
}

Verdict verdict_of(const Evidence& evidence) {
  return policy::judge({}, {}, evidence, {}).verdict;
}

// "error slo.metric latency" of each finding.
std::vector<std::string> findings_of(const Evidence& evidence) {
  std::vector<std::string> lines;
  for (const Finding& finding : evidence.findings) {
    const std::string_view weight = finding.kind == policy::FindingKind::undecided ? "undecided"
                                    : finding.kind == policy::FindingKind::note    ? "note"
                                                                                : name_of(finding.severity);
    lines.push_back(fmt::format("{} {} {}", weight, finding.rule, finding.subject));
  }
  return lines;
}

constexpr const char* kLow = "[10, 11, 12, 13, 14, 15, 16, 17, 18, 19]";
constexpr const char* kHigh = "[30, 31, 32, 33, 34, 35, 36, 37, 38, 39]";

std::string metric(const char* name, const char* control, const char* experiment, const char* more = "") {
  return fmt::format(R"({{"name": "{}", "control": {}, "experiment": {}{}}})", name, control, experiment,
                     more);
}

std::string file(const std::vector<std::string>& metrics, const char* more = "") {
  return fmt::format(R"({{"metrics": [{}]{}}})", fmt::join(metrics, ",\n"), more);
}

struct Row {
  const char* name;
  std::string text;
  Verdict verdict;
  std::vector<std::string> findings;
};

void hold(const std::vector<Row>& rows, MetricJudge judge) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Evidence evidence = checked(row.text, judge);
    EXPECT_EQ(verdict_of(evidence), row.verdict);
    EXPECT_EQ(findings_of(evidence), row.findings);
  }
}

TEST(CheckMetrics, JudgesByMannWhitney) {
  const std::string fine = metric("fine", kLow, kLow);
  const std::string worse = metric("worse", kLow, kHigh);
  hold({{"alike", file({fine}), Verdict::passed, {}},
        {"no metrics", file({}), Verdict::undecided, {"undecided slo.no_data m.json"}},
        {"one worse", file({worse}), Verdict::failed, {"error slo.metric worse"}},
        {"outvoted",
         file({fine, worse}, R"(, "thresholds": {"pass": 50})"),
         Verdict::warned,
         {"warning slo.metric worse"}},
        {"no data is never outvoted",
         file({fine, metric("gone", kLow, "[]")}),
         Verdict::undecided,
         {"undecided slo.no_data gone"}},
        {"too few points",
         file({metric("few", "[1, 2]", "[3, 4]")}),
         Verdict::undecided,
         {"undecided slo.low_traffic few"}},
        {"must have data",
         file({fine, metric("gone", kLow, "[null]", R"(, "must_have_data": true)")}),
         Verdict::failed,
         {"error slo.metric gone"}},
        {"failing and unknown",
         file({worse, metric("gone", kLow, "[]")}),
         Verdict::failed,
         {"error slo.metric worse", "undecided slo.no_data gone"}}},
       MetricJudge::mann_whitney);
}

TEST(CheckMetrics, FailsWhereRequiredDataIsMissing) {
  std::vector<std::string> metrics{metric("gone", kLow, "[]", R"(, "must_have_data": true)")};
  for (int i = 0; i < 30; ++i)
    metrics.push_back(
        metric(fmt::format("m{}", i).c_str(), kLow, kLow, R"(, "criteria": {"pass": ["<50"]})"));
  metrics.front().insert(metrics.front().size() - 1, R"(, "criteria": {"pass": ["<50"]})");
  for (const MetricJudge judge : {MetricJudge::mann_whitney, MetricJudge::kayenta, MetricJudge::criteria}) {
    SCOPED_TRACE(name_of(judge));
    const Evidence evidence = checked(file(metrics), judge);
    EXPECT_EQ(verdict_of(evidence), Verdict::failed);
    EXPECT_EQ(findings_of(evidence).front(), "error slo.metric gone");
  }
}

TEST(CheckMetrics, SaysThatMostPointsAreMissing) {
  const std::string text = file({metric("m", kLow, "[10, 11, null, null, null]",
                                        R"(, "nan_strategy": "replace", "direction": "increase")")});
  hold({{"a warning", text, Verdict::warned, {"warning slo.metric m"}}}, MetricJudge::kayenta);
}

TEST(CheckMetrics, WarnsOfWhatTheScoreOutvotes) {
  const std::string text = file({metric("fine", kLow, kLow), metric("worse", kLow, kHigh)},
                                R"(, "thresholds": {"pass": 50, "marginal": 40})");
  hold({{"ours warns", text, Verdict::warned, {"warning slo.metric worse"}}}, MetricJudge::mann_whitney);
  hold({{"so do Kayenta's rules", text, Verdict::warned, {"warning slo.metric worse"}}},
       MetricJudge::kayenta);
}

TEST(CheckMetrics, LeavesAMarginalScoreUndecided) {
  const std::string text = file({metric("fine", kLow, kLow), metric("worse", kLow, kHigh)},
                                R"(, "thresholds": {"pass": 90, "marginal": 50})");
  const std::vector<std::string> findings{"warning slo.metric worse", "undecided slo.inconclusive score"};
  hold({{"marginal", text, Verdict::undecided, findings}}, MetricJudge::mann_whitney);
  hold({{"marginal", text, Verdict::undecided, findings}}, MetricJudge::kayenta);
}

TEST(CheckMetrics, JudgesAsKayentaAndEarnsTheVerdict) {
  const std::string fine = metric("fine", kLow, kLow);
  const std::string also = metric("also", kLow, kLow);
  hold({{"a metric left out of the score",
         file({fine, also, metric("half", kLow, "[]")}),
         Verdict::undecided,
         {"undecided slo.no_data half"}},
        {"a metric that nobody saw",
         file({fine, also, metric("none", "[]", "[]")}),
         Verdict::undecided,
         {"undecided slo.no_data none"}},
        {"a group that nobody saw",
         file({fine, also, metric("half", kLow, "[]", R"(, "group": "b")")}),
         Verdict::undecided,
         {"undecided slo.no_data half"}},
        {"passed without points, by replacing",
         file({metric("none", "[]", "[]", R"(, "nan_strategy": "replace")")}),
         Verdict::undecided,
         {"undecided slo.no_data none"}},
        {"half without data",
         file({fine, metric("half", kLow, "[]")}),
         Verdict::failed,
         {"undecided slo.no_data half", "error slo.metric score"}},
        {"critical",
         file({fine, also, metric("worse", kLow, kHigh, R"(, "critical": true)")}),
         Verdict::failed,
         {"error slo.metric worse"}},
        {"weights that cannot reach the limit",
         file({fine}, R"(, "group_weights": {"default": 10})"),
         Verdict::failed,
         {"error slo.metric score"}}},
       MetricJudge::kayenta);
}

TEST(CheckMetrics, JudgesByCriteria) {
  const char* strict = R"(, "criteria": {"pass": ["<=+10%"], "warning": ["<=+200%"]})";
  const char* light = R"(, "criteria": {"pass": ["<=+10%"]}, "weight": 0.1)";
  hold({{"met", file({metric("m", kLow, kLow, strict)}), Verdict::passed, {}},
        {"a warning",
         file({metric("m", kLow, kLow, strict), metric("n", kLow, kHigh, strict)}),
         Verdict::warned,
         {"warning slo.metric n", "warning slo.metric score"}},
        {"not met",
         file({metric("m", kLow, kHigh, R"(, "criteria": {"pass": ["<30"]})")}),
         Verdict::failed,
         {"error slo.metric m"}},
        {"not met, and light",
         file({metric("m", kLow, kLow, strict), metric("n", kLow, kHigh, light)}),
         Verdict::warned,
         {"warning slo.metric n"}},
        {"nothing to compare with",
         file({metric("m", "[]", kHigh, strict)}),
         Verdict::undecided,
         {"undecided slo.no_data m"}},
        {"only told",
         file({metric("m", kLow, kHigh)}),
         Verdict::undecided,
         {"undecided slo.inconclusive score"}}},
       MetricJudge::criteria);
}

TEST(CheckMetrics, WarnsOfCriteriaThatNobodyLooksAt) {
  const std::string text = file({metric("m", kLow, kLow, R"(, "criteria": {"pass": ["<1"]})")});
  hold({{"another judge", text, Verdict::warned, {"warning slo.metric criteria"}}},
       MetricJudge::mann_whitney);
}

TEST(CheckMetrics, SaysWhatItLookedAtAndWhere) {
  const Evidence evidence = checked(
      file({metric("fine", kLow, "[10, null, 11]"), metric("worse", kLow, kHigh, R"(, "critical": true)")}),
      MetricJudge::mann_whitney);
  EXPECT_EQ(evidence.examined, (std::vector<policy::Examined>{{"metrics", 2}, {"points", 32}}));
  ASSERT_FALSE(evidence.findings.empty());
  const Finding& last = evidence.findings.back();
  EXPECT_EQ(last.location, (policy::Location{"m.json", 2, 1, "/metrics/1"}));
  EXPECT_THAT(last.message, ::testing::StartsWith("critical, High: higher by 20, between "));
  EXPECT_EQ(*evidence.results.find("judge")->as_string(), "mann-whitney");
  const Value& worse = (*evidence.results.find("metrics")->as_array())[1];
  EXPECT_EQ(*worse.find("classification")->as_string(), "High");
  EXPECT_EQ(*worse.find("estimate")->as_number(), 20);
  EXPECT_EQ(*worse.find("experiment_points")->as_integer(), 10);
  const Value& fine = (*evidence.results.find("metrics")->as_array())[0];
  EXPECT_TRUE(fine.find("p_value")->is_null());
  EXPECT_EQ(*evidence.results.find("score")->as_number(), 0);
}

TEST(CheckMetrics, RefusesWhatItCannotRead) {
  const test::FakeFiles files{{"m.json", "{\"metric\": []}"}};
  const auto absent = check_metrics("none.json", MetricJudge::kayenta, files);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::not_found);
  const auto wrong = check_metrics("m.json", MetricJudge::kayenta, files);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace gate::checks
