#include "gate/load/policy_toml.h"

#include <string>

#include <gtest/gtest.h>

namespace gate::load {
namespace {

using std::chrono::hours;

policy::GateConfig parsed(std::string_view text) {
  auto config = parse_gate_config(text, "gate.toml");
  EXPECT_TRUE(config.has_value()) << config.error().message;
  return config ? std::move(*config) : policy::GateConfig{};
}

constexpr std::string_view kWhole = R"(version = 1
mode = "warn"
warn_until = 2026-12-24
locked = true

[exemptions]
register = "ci/exemptions.toml"
max_days = 60
max_days_high_severity = 20
high_severity = ["schema.required", "tests.*"]
required_fields = ["reason", "owner"]
warn_days = 7
unused_error_days = 10
allow_any_rule = true
budgets = { "tests.flaky" = 3, "schema.*" = 0 }

[report]
folder = "out/reports"
max_age = "90m"

[tests]
name = "everything"
reports = ["out/**/*.xml"]
min_pass_rate = "99.5"
max_failed = 0
max_lost_tests = 2

[tests.suites."e2e*"]
max_flaky = 4

[[check]]
name = "documents"
kind = "schema"
schema = "schemas/a.json"
documents = ["data/*.json"]
schema_keywords = ["unit"]
resolve = { "https://example.com/" = "schemas" }
dialect = "2020-12"
format_assertion = true
max_errors = 5

[[check]]
name = "unit tests"
kind = "tests"
required = false
reports = ["unit.xml"]
min_pass_rate = 98
expect = ["unit"]
allow_empty = true
baseline = "old.json"
summary = "out/summary.json"
ctrf = "out/ctrf.json"
release = "1.2.0"
all_cases = true

[[check]]
name = "register"
kind = "exemptions"
after = ["documents", "unit tests"]
baseline = "old-exemptions.json"
reports = ["out/reports/*.json"]
files = ["src/**"]

[[check]]
name = "scanner"
kind = "report"
file = "scan.sarif"
max_age = "24h"

[[check]]
name = "lint"
kind = "command"
run = ["make", "lint"]
deadline = "1500ms"

[[check]]
name = "objectives"
kind = "slo"
objectives = ["ci/slo.toml", "slo/*.yaml"]
only = ["checkout*"]
samples = ["load.csv"]
p95_latency_ms = "500"
deadline = "30s"
)";

TEST(ParseGateConfig, ReadsThePolicyAndItsTables) {
  const policy::GateConfig config = parsed(kWhole);
  EXPECT_EQ(config.policy.mode, policy::Mode::warn);
  EXPECT_EQ(config.policy.warn_until, *parse_date("2026-12-24"));
  EXPECT_TRUE(config.policy.locked);
  EXPECT_FALSE(config.policy.mode_from_command_line);
  EXPECT_EQ(config.exemptions, "ci/exemptions.toml");
  policy::ExemptionRules rules;
  rules.max_days = 60;
  rules.max_days_high_severity = 20;
  rules.high_severity = {"schema.required", "tests.*"};
  rules.required_fields = {"reason", "owner"};
  rules.warn_days = 7;
  rules.unused_error_days = 10;
  rules.budgets = {{"tests.flaky", 3}, {"schema.*", 0}};
  rules.allow_any_rule = true;
  EXPECT_EQ(config.exemption_rules, rules);
  EXPECT_EQ(config.report_folder, "out/reports");
  EXPECT_EQ(config.max_age, std::chrono::minutes{90});
  EXPECT_EQ(config.tests.limits.min_pass_rate, "99.5");
  EXPECT_EQ(config.tests.limits.max_failed, 0U);
  EXPECT_EQ(config.tests.suites.at("e2e*").max_flaky, 4U);
}

TEST(ParseGateConfig, ReadsEveryKindOfCheck) {
  const policy::GateConfig config = parsed(kWhole);
  ASSERT_EQ(config.checks.size(), 6U);
  policy::SchemaSettings schema;
  schema.schema = "schemas/a.json";
  schema.documents = {"data/*.json"};
  schema.schema_keywords = {"unit"};
  schema.resolve = {{"https://example.com/", "schemas"}};
  schema.dialect = "2020-12";
  schema.format_assertion = true;
  schema.max_errors = 5;
  EXPECT_EQ(config.checks[0], (policy::CheckDeclaration{"documents", true, {}, schema}));
  policy::TestsSettings tests = config.tests;
  tests.reports = {"unit.xml"};
  tests.limits.min_pass_rate = "98";
  tests.expect = {"unit"};
  tests.allow_empty = true;
  tests.baseline = "old.json";
  tests.summary = "out/summary.json";
  tests.ctrf = "out/ctrf.json";
  tests.release = "1.2.0";
  tests.all_cases = true;
  EXPECT_EQ(config.checks[1], (policy::CheckDeclaration{"unit tests", false, {}, tests}));
  EXPECT_EQ(tests.max_lost_tests, 2U) << "a default of [tests] is inherited";
  const policy::ExemptionsSettings exemptions{"ci/exemptions.toml",
                                              config.exemption_rules,
                                              "old-exemptions.json",
                                              {"out/reports/*.json"},
                                              {"src/**"}};
  EXPECT_EQ(config.checks[2],
            (policy::CheckDeclaration{"register", true, {"documents", "unit tests"}, exemptions}));
  EXPECT_EQ(config.checks[3],
            (policy::CheckDeclaration{"scanner", true, {}, policy::ReportSettings{"scan.sarif", hours{24}}}));
  const policy::CommandSettings command{{"make", "lint"}, std::chrono::milliseconds{1500}};
  EXPECT_EQ(config.checks[4], (policy::CheckDeclaration{"lint", true, {}, command}));
  policy::SloSettings objectives;
  objectives.objectives = {"ci/slo.toml", "slo/*.yaml"};
  objectives.only = {"checkout*"};
  objectives.samples = {"load.csv"};
  objectives.p95_latency_ms = "500";
  objectives.deadline = std::chrono::milliseconds{30'000};
  EXPECT_EQ(config.checks[5], (policy::CheckDeclaration{"objectives", true, {}, objectives}));
}

TEST(ParseGateConfig, HasDefaultsForEverythingButTheVersion) {
  policy::GateConfig config = parsed("version = 1\n");
  EXPECT_EQ(config, policy::GateConfig{});
  EXPECT_EQ(config.policy.mode, policy::Mode::strict);
}

TEST(ParseGateConfig, GivesAChecksReportTheCommonAge) {
  const auto config = parsed(
      "version = 1\nreport = { max_age = \"2h\" }\n[[check]]\nname = 'a'\nkind = 'report'\nfile = "
      "'a.json'\n");
  EXPECT_EQ(std::get<policy::ReportSettings>(config.checks.at(0).settings).max_age, hours{2});
}

struct Refusal {
  const char* name;
  std::string text;
  const char* error;
};

void expect_refused(const Refusal& row) {
  SCOPED_TRACE(row.name);
  const auto config = parse_gate_config(row.text, "gate.toml");
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().code, ErrorCode::malformed);
  EXPECT_EQ(config.error().message, row.error);
}

TEST(ParseGateConfig, RefusesUnknownKeysWhereverTheyStand) {
  const Refusal rows[] = {
      {"at the top", "version = 1\n  mod = 'strict'\n",
       "gate.toml:2:3: unknown key \"mod\" (did you mean \"mode\"?)"},
      {"far from any", "version = 1\nxyzzy = 1\n", "gate.toml:2:1: unknown key \"xyzzy\""},
      {"in a table", "version = 1\n[exemptions]\nmaxdays = 1\n",
       "gate.toml:3:1: unknown key \"maxdays\" (did you mean \"max_days\"?)"},
      {"dotted", "version = 1\nreport.foldr = 'x'\n",
       "gate.toml:2:8: unknown key \"foldr\" (did you mean \"folder\"?)"},
      {"in a suite", "version = 1\n[tests.suites.unit]\nmax_flakey = 1\n",
       "gate.toml:3:1: unknown key \"max_flakey\" (did you mean \"max_flaky\"?)"},
      {"in a check", "version = 1\n[[check]]\nname = 'a'\nkind = 'command'\nrun = ['x']\nmax_eror_rate = 1\n",
       "gate.toml:6:1: unknown key \"max_eror_rate\""},
      {"a key of another kind",
       "version = 1\n[[check]]\nname = 'a'\nkind = 'command'\nrun = ['x']\nschema = 'x'\n",
       "gate.toml:6:1: unknown key \"schema\""},
      {"terminal escapes", "version = 1\n\"a\\u001b[31m\" = 1\n",
       "gate.toml:2:1: unknown key \"a\\u001b[31m\""},
      {"two of them", "version = 1\nfoo = 1\nbar = 2\n",
       "gate.toml:2:1: unknown key \"foo\" (and 1 fault more)"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(ParseGateConfig, RefusesWrongValues) {
  const Refusal rows[] = {
      {"no version", "mode = 'strict'\n", "gate.toml:1:1: version is missing: write version = 1"},
      {"another version", "version = 2\n", "gate.toml:1:11: version: 2 is unknown here, only 1 is known"},
      {"an unknown mode", "version = 1\nmode = \"strct\"\n",
       "gate.toml:2:8: mode: unknown \"strct\" (did you mean \"strict\"?); known are strict, warn"},
      {"warn for ever", "version = 1\nmode = \"warn\"\n",
       "gate.toml:2:8: mode: \"warn\" needs warn_until, its last day"},
      {"a moment for a day", "version = 1\nwarn_until = 2026-01-01T00:00:00Z\n",
       "gate.toml:2:14: warn_until: expected a date such as 2026-11-20, found a time"},
      {"a day that does not exist", "version = 1\nwarn_until = '2026-02-30'\n",
       "gate.toml:2:14: warn_until: \"2026-02-30\" is not a date such as 2026-11-20"},
      {"a string for a flag", "version = 1\nlocked = 'true'\n",
       "gate.toml:2:10: locked: expected true or false, found a string"},
      {"no days at all", "version = 1\nexemptions.max_days = 0\n",
       "gate.toml:2:23: max_days: 0 is outside 1 to 3660"},
      {"a table that is none", "version = 1\nexemptions = 'x'\n",
       "gate.toml:2:14: exemptions: expected a table, found a string"},
      {"a field nobody knows", "version = 1\nexemptions.required_fields = ['reson']\n",
       "gate.toml:2:30: required_fields: unknown field \"reson\"; known are reason, ticket, owner, approver"},
      {"a negative budget", "version = 1\n[exemptions.budgets]\n'a.b' = -1\n",
       "gate.toml:3:9: a.b: -1 is below 0"},
      {"an inexact rate", "version = 1\ntests.min_pass_rate = 99.9\n",
       "gate.toml:2:23: min_pass_rate: a float is not exact: write the decimal as a string, such as "
       "\"99.5\""},
      {"a rate over 100", "version = 1\ntests.min_pass_rate = \"100.01\"\n",
       "gate.toml:2:23: min_pass_rate: expected a percentage from 0 to 100, such as 99 or \"99.5\""},
      {"a rate with a sign", "version = 1\ntests.min_pass_rate = \"-1\"\n",
       "gate.toml:2:23: min_pass_rate: expected a percentage from 0 to 100, such as 99 or \"99.5\""},
      {"a rate with a bare point", "version = 1\ntests.min_pass_rate = \"99.\"\n",
       "gate.toml:2:23: min_pass_rate: expected a percentage from 0 to 100, such as 99 or \"99.5\""},
      {"an age without a unit", "version = 1\nreport.max_age = '24'\n",
       "gate.toml:2:18: max_age: \"24\" is not a duration such as \"90s\", \"10m\" or \"24h\""},
      {"an age as a number", "version = 1\nreport.max_age = 24\n",
       "gate.toml:2:18: max_age: expected a string, found an integer"},
      {"a number in a list", "version = 1\ntests.reports = ['a', 1]\n",
       "gate.toml:2:23: reports: expected a string, found an integer"},
      {"an empty string", "version = 1\ntests.reports = ['']\n",
       "gate.toml:2:18: reports: holds an empty string"},
      {"an empty path", "version = 1\nexemptions.register = ' '\n",
       "gate.toml:2:23: register: must not be empty"},
      {"a check that is no table", "version = 1\ncheck = [1]\n",
       "gate.toml:2:10: check: expected a table, found an integer"},
      {"checks as a table", "version = 1\n[check]\nname = 'a'\n",
       "gate.toml:2:1: check: expected an array, found a table"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

std::string with_checks(std::string_view checks) {
  return std::string{"version = 1\n"} + std::string{checks};
}

TEST(ParseGateConfig, RefusesChecksThatCannotRun) {
  const Refusal rows[] = {
      {"an unknown kind", with_checks("[[check]]\nname = 'a'\nkind = 'test'\nfoo = 1\n"),
       "gate.toml:4:8: kind: unknown \"test\" (did you mean \"tests\"?); known are schema, tests, "
       "exemptions, "
       "report, command, slo"},
      {"no kind", with_checks("[[check]]\nname = 'a'\n"), "gate.toml:2:1: kind is missing"},
      {"no name", with_checks("[[check]]\nkind = 'command'\nrun = ['x']\n"),
       "gate.toml:2:1: name is missing"},
      {"a name that leaves the folder",
       with_checks("[[check]]\nname = '../a'\nkind = 'command'\nrun = ['x']\n"),
       "gate.toml:3:8: name: expected at most 100 characters without slashes, not starting with a dot"},
      {"no schema", with_checks("[[check]]\nname = 'a'\nkind = 'schema'\ndocuments = ['x']\n"),
       "gate.toml:2:1: schema is missing"},
      {"no documents", with_checks("[[check]]\nname = 'a'\nkind = 'schema'\nschema = 'x'\ndocuments = []\n"),
       "gate.toml:6:13: documents: must not be empty"},
      {"no reports", with_checks("[[check]]\nname = 'a'\nkind = 'tests'\n"),
       "gate.toml:2:1: reports is missing"},
      {"no register", with_checks("[[check]]\nname = 'a'\nkind = 'exemptions'\n"),
       "gate.toml:2:1: register is missing"},
      {"no file", with_checks("[[check]]\nname = 'a'\nkind = 'report'\n"), "gate.toml:2:1: file is missing"},
      {"no objectives", with_checks("[[check]]\nname = 'a'\nkind = 'slo'\n"),
       "gate.toml:2:1: objectives or samples is missing"},
      {"samples and no limit", with_checks("[[check]]\nname = 'a'\nkind = 'slo'\nsamples = ['s.csv']\n"),
       "gate.toml:5:11: samples: no threshold is given that they are held to"},
      {"a limit and no samples",
       with_checks("[[check]]\nname = 'a'\nkind = 'slo'\nobjectives = ['a']\nerror_rate_percent = 1\n"),
       "gate.toml:2:1: samples is missing: a threshold of this table is held against them"},
      {"no command", with_checks("[[check]]\nname = 'a'\nkind = 'command'\nrun = []\n"),
       "gate.toml:5:7: run: must not be empty"},
      {"a name twice",
       with_checks(
           "[[check]]\nname = 'a'\nkind = 'command'\nrun = ['x']\n[[check]]\nname = 'a'\nkind = 'command'\n"
           "run = ['x']\n"),
       "gate.toml:7:8: name: \"a\" is taken by the check in line 3"},
      {"after nobody",
       with_checks("[[check]]\nname = 'unit'\nkind = 'command'\nrun = ['x']\n[[check]]\nname = 'b'\nkind = "
                   "'command'\n"
                   "run = ['x']\nafter = ['unti']\n"),
       "gate.toml:10:9: after: no check is called \"unti\" (did you mean \"unit\"?)"},
      {"after itself", with_checks("[[check]]\nname = 'a'\nkind = 'command'\nrun = ['x']\nafter = ['a']\n"),
       "gate.toml:6:9: after: these checks wait for each other: a"},
      {"in a circle",
       with_checks(
           "[[check]]\nname = 'a'\nkind = 'command'\nrun = ['x']\nafter = ['b']\n[[check]]\nname = 'b'\n"
           "kind = 'command'\nrun = ['x']\nafter = ['c']\n[[check]]\nname = 'c'\nkind = 'command'\n"
           "run = ['x']\nafter = ['a']\n"),
       "gate.toml:6:9: after: these checks wait for each other: a, b, c"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(ParseGateConfig, AllowsACheckToWaitForALaterOne) {
  const auto config = parsed(with_checks(
      "[[check]]\nname = 'a'\nkind = 'command'\nrun = ['x']\nafter = ['b']\n[[check]]\nname = 'b'\n"
      "kind = 'command'\nrun = ['x']\n"));
  EXPECT_EQ(config.checks.at(0).after, std::vector<std::string>{"b"});
}

TEST(ParseGateConfig, RefusesAFileThatIsNoToml) {
  expect_refused({"duplicate key", "version = 1\nversion = 1\n",
                  "gate.toml:2:11: cannot redefine existing integer 'version'"});
}

TEST(ParseGateConfigFile, ListsWhatTheFileSets) {
  const auto file = parse_gate_config_file("version = 1\n\n[report]\nmax_age = \"2h\"\n", "gate.toml");
  ASSERT_TRUE(file.has_value());
  const std::vector<TomlSetting> expected = {{"version", "1", 1}, {"report.max_age", "\"2h\"", 4}};
  EXPECT_EQ(file->settings, expected);
  EXPECT_EQ(file->config.max_age, hours{2});
}

}  // namespace
}  // namespace gate::load
