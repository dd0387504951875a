#include "gate/checks/slo.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/policy/report.h"
#include "gate/render/json.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"
#include "gate/slo/windows.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_environment.h"
#include "tests/support/fake_files.h"
#include "tests/support/test_data.h"

namespace gate::checks {
namespace {

using policy::Finding;
using policy::FindingKind;
using policy::Severity;
using slo::Events;
using slo::Missing;
using std::chrono::hours;
using std::chrono::seconds;

const std::string kProm =
    "version = 1\n[[source]]\nname = \"prom\"\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\n";

std::string objective(const std::string& name, const std::string& more = "") {
  return "[[objective]]\nname = \"" + name +
         "\"\nbad = \"bad_total\"\ntotal = \"all_total\"\ntarget = \"99.9\"\nperiod = \"30d\"\n" + more;
}

using Texts = std::vector<std::string>;

policy::SloSettings settings_of(Texts objectives, Texts only = {}) {
  policy::SloSettings settings;
  settings.objectives = std::move(objectives);
  settings.only = std::move(only);
  return settings;
}

policy::SloSettings thresholds(Texts objectives, Texts samples, std::optional<std::string> p95_latency_ms,
                               std::optional<std::string> error_rate_percent,
                               std::optional<std::string> availability_percent) {
  policy::SloSettings settings = settings_of(std::move(objectives));
  settings.samples = std::move(samples);
  settings.p95_latency_ms = std::move(p95_latency_ms);
  settings.error_rate_percent = std::move(error_rate_percent);
  settings.availability_percent = std::move(availability_percent);
  return settings;
}

// A source that says the same of every window, by the name of the objective.
struct FakeSource {
  std::map<std::string, std::variant<Events, Missing>> answers;
  std::vector<std::string> asked;
  std::optional<MeasureSettings> settings;
  std::optional<seconds> age;
  std::mutex guard;

  MeasureSource measure() {
    return [this](const slo::Source& source, std::span<const slo::Objective> objectives,
                  const MeasureSettings& given) -> Result<SourceAnswer> {
      const std::lock_guard lock{guard};
      settings = given;
      SourceAnswer answer;
      for (const slo::Objective& one : objectives) {
        asked.push_back(source.name + "/" + one.name);
        slo::Measurement measurement;
        measurement.newest_age = age;
        measurement.queries = {{"sum(increase(all_total[30d]))", "1000", std::chrono::milliseconds{3}}};
        for (const seconds window : slo::needed_windows(one))
          measurement.windows.push_back({window, answers.at(one.name)});
        answer.measurements.of.push_back(std::move(measurement));
      }
      return answer;
    };
  }
};

struct World {
  test::FakeFiles files;
  test::FakeClock clock;
  test::FakeEnvironment environment;
  FakeSource source;
  policy::SloSettings settings = settings_of({"slo.toml"});

  Result<SloCheck> run() {
    policy::RunContext context;
    context.started_at = context.as_of = clock.now();
    return evaluate_objectives(settings, context, SloWorld{files, nullptr, clock, environment, 2},
                               source.measure());
  }
};

std::string told(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string{policy::name_of(finding.kind)} + " " + finding.rule + " " + finding.subject + ": " +
            finding.message + "\n";
  }
  return text;
}

std::string examined(const policy::Evidence& evidence) {
  return policy::describe(evidence.examined);
}

TEST(CheckSlo, TellsEachObjectiveWhereItIsWritten) {
  World world;
  world.files.add("slo.toml", kProm + objective("spent") + objective("quiet") + objective("good"));
  world.source.answers = {{"spent", Events{1'000'000, 3'000, 3'000}},
                          {"quiet", Missing{slo::Doubt::no_data, "no data: the query returned no series"}},
                          {"good", Events{1'000'000, 10, 10}}};
  const auto check = world.run();
  ASSERT_TRUE(check) << check.error().message;
  const policy::Evidence& evidence = check->evidence;
  ASSERT_EQ(evidence.findings.size(), 3U) << told(evidence.findings);
  EXPECT_EQ(told({evidence.findings[0]}),
            "violation slo.error_budget spent: 99.700 % good over 30d, objective is 99.9 %: 300 % of the "
            "error budget "
            "is spent\n");
  EXPECT_EQ(evidence.findings[0].location, (policy::Location{"slo.toml", 7, 8, ""}));
  EXPECT_EQ(evidence.findings[1].kind, FindingKind::undecided);
  EXPECT_EQ(evidence.findings[1].reason, policy::Reason::no_data);
  EXPECT_EQ(evidence.findings[1].subject, "quiet");
  EXPECT_EQ(evidence.findings[2].rule, "slo.burn_rate");  // a steady 3 × warns as well
  EXPECT_EQ(evidence.findings[2].severity, Severity::warning);
  // What is not known was not looked at.
  EXPECT_EQ(examined(evidence), "3 objectives, 2,000,000 events");
  ASSERT_EQ(evidence.inputs.size(), 1U);
  EXPECT_EQ(evidence.inputs[0].path, "slo.toml");
  const Value::Array& rows = *evidence.results.find("objectives")->as_array();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(*rows[0].find("verdict")->as_string(), "failed");
  EXPECT_EQ(*rows[1].find("verdict")->as_string(), "undecided");
  EXPECT_EQ(*rows[1].find("doubt")->as_string(), "no_data");
  EXPECT_EQ(*rows[2].find("verdict")->as_string(), "passed");
}

TEST(CheckSlo, WritesResultsThatTheirSchemaKnows) {
  const auto schema_document =
      load::parse_json(test::contents_of(test::source_dir() / "schemas/release-gate/report.schema.json"));
  ASSERT_TRUE(schema_document);
  const auto compiled =
      schema::compile({&schema_document->root, &schema_document->exact, "", "report.schema.json"});
  ASSERT_TRUE(compiled.program);
  World world;
  world.files.add("slo.toml", kProm + objective("spent") + objective("quiet", "shadow = true\n"));
  world.source.answers = {{"spent", Events{1'000'000, 3'000, 3'000}},
                          {"quiet", Missing{slo::Doubt::no_data, "no data: NaN"}}};
  auto check = world.run();
  ASSERT_TRUE(check);
  policy::RunContext run;
  run.config_hash = std::string(64, '0');
  run.run_id = "01937f2a-0000-7000-8000-000000000000";
  const std::string text = render::as_json(policy::judge(run, {}, std::move(check->evidence), {}));
  const auto written = load::parse_json(text);
  ASSERT_TRUE(written);
  schema::Evaluator evaluator{*compiled.program};
  EXPECT_EQ(evaluator.evaluate(schema::instance_of(written->root, written->exact).root()),
            schema::Outcome::valid)
      << text;
  const auto changed = load::parse_json(replace_all(text, "\"enforced\": false", "\"enforced\": null"));
  ASSERT_TRUE(changed);
  EXPECT_NE(evaluator.evaluate(schema::instance_of(changed->root, changed->exact).root()),
            schema::Outcome::valid);
}

TEST(CheckSlo, ShadowObjectivesOnlyNote) {
  World world;
  world.files.add("slo.toml", kProm + objective("spent", "shadow = true\n") + objective("good"));
  world.source.answers = {{"spent", Events{1'000'000, 900'000, 900'000}}, {"good", Events{1'000'000, 1, 1}}};
  const auto check = world.run();
  ASSERT_TRUE(check);
  ASSERT_FALSE(check->evidence.findings.empty());
  for (const Finding& finding : check->evidence.findings) EXPECT_EQ(finding.kind, FindingKind::note);
  const Value& row = check->evidence.results.find("objectives")->as_array()->at(0);
  EXPECT_EQ(*row.find("verdict")->as_string(), "failed");  // the truth all the same
  EXPECT_FALSE(*row.find("enforced")->as_bool());
}

TEST(CheckSlo, WarnsWhereNothingIsEnforced) {
  World world;
  world.files.add("slo.toml",
                  kProm + objective("one", "shadow = true\n") + objective("two", "shadow = true\n"));
  world.source.answers = {{"one", Events{1'000'000, 1, 1}}, {"two", Events{1'000'000, 1, 1}}};
  const auto check = world.run();
  ASSERT_TRUE(check);
  EXPECT_EQ(
      told(check->evidence.findings),
      "violation slo.not_enforced objectives: nothing is enforced: 2 objectives with shadow = true, and no "
      "other\n");
  EXPECT_EQ(check->evidence.findings[0].severity, policy::Severity::warning);
}

TEST(CheckSlo, OldDataIsNoPass) {
  World world;
  world.files.add("slo.toml", kProm + objective("good"));
  world.source.answers = {{"good", Events{1'000'000, 10, 10}}};
  world.source.age = seconds{180};
  EXPECT_TRUE(world.run()->evidence.findings.empty());
  world.source.age = seconds{181};  // three scrapes of a minute
  EXPECT_EQ(told(world.run()->evidence.findings),
            "undecided slo.stale good: the newest sample is 3 min 1 s old, 3 min may be\n");
}

TEST(CheckSlo, GroupsBySourceAndKeepsTheOrder) {
  World world;
  world.files.add("slo.toml",
                  kProm + "[[source]]\nname = \"b\"\nkind = \"prometheus\"\nurl = \"http://b\"\n" +
                      objective("one", "source = \"prom\"\n") + objective("two", "source = \"b\"\n") +
                      objective("three", "source = \"prom\"\n"));
  for (const char* name : {"one", "two", "three"}) world.source.answers[name] = Events{1e6, 1, 1};
  const auto check = world.run();
  ASSERT_TRUE(check);
  std::sort(world.source.asked.begin(), world.source.asked.end());
  EXPECT_EQ(world.source.asked, (std::vector<std::string>{"b/two", "prom/one", "prom/three"}));
  ASSERT_EQ(check->objectives.size(), 3U);
  EXPECT_EQ(check->objectives[1].objective.name, "two");
  EXPECT_EQ(world.source.settings->as_of, std::nullopt);  // the source's own clock
  EXPECT_EQ(world.source.settings->deadline, world.settings.deadline);
}

TEST(CheckSlo, BoundsItsFindings) {
  World world;
  std::string text = kProm;
  for (int i = 0; i < 20; ++i) {
    const std::string name = "o" + std::to_string(i);
    text += objective(name);
    world.source.answers[name] = Missing{slo::Doubt::unreachable, "connection refused"};
  }
  world.files.add("slo.toml", text);
  world.settings.max_errors = 5;
  const auto check = world.run();
  ASSERT_TRUE(check);
  EXPECT_EQ(check->evidence.findings.size(), 5U);
  EXPECT_EQ(check->evidence.omitted.undecided, 15U);
}

TEST(CheckSlo, RefusesWhatCannotBeChecked) {
  const std::string openslo =
      "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: page}\nspec:\n  service: s\n  indicator:\n"
      "    metadata: {name: i}\n    spec:\n      ratioMetric:\n        good: {metricSource: {type: Any, "
      "spec: {}}}\n"
      "        total: {metricSource: {type: Any, spec: {}}}\n  budgetingMethod: Occurrences\n  timeWindow:\n"
      "    - duration: 1M\n      calendar: {startTime: 2022-01-01 12:00:00, timeZone: Europe/Nowhere}\n"
      "  objectives:\n    - target: 0.99\n";
  std::string in_utc = openslo;
  in_utc.replace(in_utc.find("Europe/Nowhere"), 14, "UTC");
  const struct {
    const char* path;
    std::string text;
    policy::SloSettings settings;
    ErrorCode code;
    const char* message;
  } rows[] = {
      {"slo.toml", kProm, settings_of({"slo.toml"}), ErrorCode::malformed,
       "slo.toml:1:1: there is no [[objective]]"},
      {"slo.toml", kProm, settings_of({"other.toml"}), ErrorCode::not_found,
       "other.toml: no such file or folder"},
      {"slo.toml", kProm, settings_of({}), ErrorCode::usage, "neither objectives nor samples are given"},
      {"slo.toml", kProm + objective("a"), settings_of({"slo.toml"}, {"b*"}), ErrorCode::usage,
       "no objective is called \"b*\""},
      {"slo.toml", kProm + objective("a"), thresholds({"slo.toml"}, {"x.csv"}, {}, {}, {}), ErrorCode::usage,
       "samples are given and no threshold to hold them to: p95_latency_ms, error_rate_percent or "
       "availability_percent"},
      {"slo.toml", kProm + objective("a"), thresholds({"slo.toml"}, {}, "500", {}, {}), ErrorCode::usage,
       "a threshold is given and no samples to hold it to"},
      {"slo.toml", "", thresholds({}, {"x.csv"}, "fast", {}, {}), ErrorCode::usage,
       "p95_latency_ms: expected a number such as 99 or \"99.5\", found \"fast\""},
      {"slo.toml", "", thresholds({}, {"x.csv"}, {}, "100", {}), ErrorCode::usage,
       "error_rate_percent: 100 is a limit that decides nothing"},
      {"a.yaml", openslo, settings_of({"a.yaml"}), ErrorCode::malformed,
       "a.yaml:17:7: time zone \"Europe/Nowhere\": this system knows no such time zone "
       "(/usr/share/zoneinfo/Europe/Nowhere: no such file or directory)"},
      {"a.yaml", in_utc, settings_of({"a.yaml"}), ErrorCode::malformed,
       "a.yaml:17:7: \"page\" cannot be measured: its source is of type \"Any\", and only Prometheus is "
       "read"},
      {"slo.toml",
       kProm + "[[objective]]\nname = \"a\"\nbad = 'f({{window}})'\ntotal = 'g({{window}})'\n"
               "error_rate_percent = 1\n",
       settings_of({"slo.toml"}), ErrorCode::malformed,
       "slo.toml:7:8: \"a\" cannot be measured: its queries name no series whose age could be told: set "
       "freshness to a "
       "selector"},
  };
  for (const auto& row : rows) {
    World world;
    world.files.add(row.path, row.text);
    world.settings = row.settings;
    const auto check = world.run();
    ASSERT_FALSE(check) << row.message;
    EXPECT_EQ(check.error().code, row.code) << row.message;
    EXPECT_EQ(check.error().message, row.message);
  }
}

TEST(CheckSlo, SameNamesInTwoFilesAreRefused) {
  World world;
  world.files.add("a.toml", kProm + objective("a"));
  world.files.add("b.toml", kProm + objective("a"));
  world.settings.objectives = {"*.toml"};
  EXPECT_EQ(world.run().error().message, "b.toml:7:8: name: \"a\" is taken by the objective at a.toml:7:8");
}

TEST(CheckSlo, SourcesOfOneNameStayApart) {
  World world;
  world.files.add("a.toml", kProm + objective("a"));
  std::string other = kProm + objective("b");
  other.replace(other.find("127.0.0.1"), 9, "127.0.0.2");
  world.files.add("b.toml", other);
  world.settings.objectives = {"a.toml", "b.toml"};
  for (const char* name : {"a", "b"}) world.source.answers[name] = Events{1e6, 1, 1};
  ASSERT_TRUE(world.run());
  std::sort(world.source.asked.begin(), world.source.asked.end());
  EXPECT_EQ(world.source.asked, (std::vector<std::string>{"b.toml: prom/b", "prom/a"}));
}

TEST(CheckSlo, ThresholdsOverSamples) {
  World world;
  world.settings = thresholds({}, {"load.csv"}, "500", "1.0", "99.9");
  world.source.answers = {{"p95_latency_ms", Events{1'000, 60, 60}},
                          {"error_rate_percent", Events{1'000, 10, 10}},
                          {"availability_percent", Events{100, 0, 0}}};
  const auto check = world.run();
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_EQ(told(check->evidence.findings),
            "violation slo.threshold p95_latency_ms: 6 % of 1,000 events slower than 500 ms, p95_latency_ms "
            "= 500 allows "
            "5 %\n"
            "undecided slo.low_traffic availability_percent: 100 events, 0 of them not served, are too few "
            "to decide: "
            "3,000 are needed\n");
}

TEST(CheckSlo, WithoutHttpThereIsNoVerdict) {
  World world;
  world.files.add("slo.toml", kProm + objective("a"));
  policy::RunContext context;
  context.started_at = context.as_of = world.clock.now();
  const auto evidence =
      check_slo(world.settings, context, SloWorld{world.files, nullptr, world.clock, world.environment, 1});
  ASSERT_TRUE(evidence);
  ASSERT_EQ(evidence->findings.size(), 1U) << told(evidence->findings);
  EXPECT_EQ(evidence->findings[0].rule, "slo.unreachable");
  EXPECT_EQ(evidence->findings[0].kind, FindingKind::undecided);
  EXPECT_EQ(examined(*evidence), "1 objective, 0 events");
}

TEST(CheckSlo, PostedSamplesOnlyTheServerHas) {
  World world;
  world.files.add("slo.toml",
                  "version = 1\n[[source]]\nname = \"posted\"\nkind = \"server\"\n"
                  "[[objective]]\nname = \"a\"\nservice = \"shop\"\np95_latency_ms = 500\n");
  policy::RunContext context;
  context.started_at = context.as_of = world.clock.now();
  const SloWorld reach{world.files, nullptr, world.clock, world.environment, 1};
  const auto check = check_slo(world.settings, context, reach);
  ASSERT_FALSE(check);
  EXPECT_EQ(
      check.error(),
      (Error{ErrorCode::malformed,
             "slo.toml:3:8: kind: \"posted\" is what is posted to gate-server, which alone can read it"}));
}

TEST(CheckSlo, MeasuresRealSamples) {
  World world;
  std::string csv = "timestamp,latency_ms,status\n";
  for (int i = 0; i < 400; ++i)
    csv += "2026-11-20T04:59:" + std::to_string(10 + i / 8) + "Z," + std::to_string(i % 100) + ",200\n";
  world.files.add("load.csv", csv);
  world.settings = thresholds({}, {"load.csv"}, "98.5", "1.0", {});
  policy::RunContext context;
  context.started_at = context.as_of = world.clock.now();
  const auto evidence =
      check_slo(world.settings, context, SloWorld{world.files, nullptr, world.clock, world.environment, 1});
  ASSERT_TRUE(evidence) << evidence.error().message;
  EXPECT_TRUE(evidence->findings.empty()) << told(evidence->findings);
}

}  // namespace
}  // namespace gate::checks
