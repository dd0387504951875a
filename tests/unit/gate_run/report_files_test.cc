#include "gate/gate_run/report_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "gate/gate_run/options.h"
#include "gate/render/json.h"
#include "tests/support/world.h"

namespace gate::gate_run {
namespace {

using policy::Report;
using policy::Severity;
using policy::Verdict;
using ::testing::HasSubstr;

const std::string kSha(40, 'a');

// A report of another step, as its tool would have made it.
Report report_of(const std::string& check, std::vector<policy::Finding> findings = {}) {
  policy::RunContext run;
  run.check = check;
  run.tool = {"schema-validate", "1.0"};
  run.run_id = "r";
  run.config_hash = "c";
  run.git_sha = kSha;
  run.started_at = run.finished_at = run.as_of = *parse_timestamp("2026-11-20T04:50:00Z");
  policy::Evidence evidence;
  policy::count(evidence, "documents", 3);
  evidence.findings = std::move(findings);
  return judge(run, policy::Policy{}, std::move(evidence), {});
}

policy::Finding error() {
  return policy::violation("schema.minimum", Severity::error, "a.json", "0 is less than 1");
}

constexpr const char* kPolicy = R"(version = 1
[report]
max_age = "1h"
[[check]]
name = "unit"
kind = "schema"
schema = "s.json"
documents = ["d.json"]
[[check]]
name = "lint"
kind = "schema"
schema = "s.json"
documents = ["d.json"]
required = false
)";

struct Case : test::World {
  Case() {
    files.add("gate.toml", kPolicy);
    files.add(".git/HEAD", kSha);
  }
  void add(const std::string& path, const Report& report) { files.add(path, render::as_json(report)); }
  int merge(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--policy", "gate.toml"});
    return run(kReport, arguments);
  }
};

TEST(GateReport, PassesWhereEveryExpectedReportPasses) {
  Case world;
  world.add("r/unit.json", report_of("unit"));
  world.add("r/lint.json", report_of("lint"));
  EXPECT_EQ(world.merge({"r/*.json"}), 0) << world.out.str() << world.err.str();
  EXPECT_THAT(world.out.str(), HasSubstr("passed"));
}

TEST(GateReport, EarnsNoVerdictFromWhatIsMissingStaleOrForged) {
  struct Row {
    const char* name;
    void (*arrange)(Case&);
    int exit_code;
    const char* says;
  };
  const Row rows[] = {
      {"a required report is missing", [](Case& w) { w.add("r/lint.json", report_of("lint")); }, 3,
       "report.missing"},
      {"another commit",
       [](Case& w) {
         Report report = report_of("unit");
         report.run.git_sha = std::string(40, 'b');
         w.add("r/unit.json", report);
       },
       3, "report.other_commit"},
      {"no commit at all",
       [](Case& w) {
         Report report = report_of("unit");
         report.run.git_sha.reset();
         w.add("r/unit.json", report);
       },
       3, "report.other_commit"},
      {"too old",
       [](Case& w) {
         Report report = report_of("unit");
         report.run.finished_at = *parse_timestamp("2026-11-20T03:00:00Z");
         w.add("r/unit.json", report);
       },
       3, "report.too_old"},
      {"from the future",
       [](Case& w) {
         Report report = report_of("unit");
         report.run.finished_at = *parse_timestamp("2026-11-21T00:00:00Z");
         w.add("r/unit.json", report);
       },
       3, "report.from_the_future"},
      {"two of one name",
       [](Case& w) {
         w.add("r/unit.json", report_of("unit"));
         w.add("r/unit2.json", report_of("unit"));
       },
       1, "report.duplicate"},
      {"malformed", [](Case& w) { w.files.add("r/unit.json", "{\"report_version\": 1"); }, 1,
       "report.malformed"},
      {"empty", [](Case& w) { w.files.add("r/unit.json", ""); }, 1, "report.malformed"},
      {"of another time",
       [](Case& w) {
         std::string text = render::as_json(report_of("unit"));
         text.replace(text.find("\"report_version\": 1"), 19, "\"report_version\": 2");
         w.files.add("r/unit.json", text);
       },
       3, "report.unreadable"},
      {"a pass over an error",
       [](Case& w) {
         Report report = report_of("unit", {error()});
         report.verdict = Verdict::passed;
         w.add("r/unit.json", report);
       },
       1, "report.contradiction"},
      {"a pass over nothing",
       [](Case& w) {
         Report report = report_of("unit");
         report.examined.clear();
         w.add("r/unit.json", report);
       },
       3, "report.unearned"},
      {"a warning over nothing",
       [](Case& w) {
         Report report = report_of("unit");
         report.examined.clear();
         report.verdict = Verdict::warned;
         w.add("r/unit.json", report);
       },
       3, "report.unearned"},
      {"a pass over errors that are only counted",
       [](Case& w) {
         Report report = report_of("unit");
         report.tally.findings = 7;
         w.add("r/unit.json", report);
       },
       1, "report.contradiction"},
      {"a pass over what nobody could decide",
       [](Case& w) {
         Report report =
             report_of("unit", {policy::undecided("schema.budget", policy::Reason::budget, "a", "b")});
         report.verdict = Verdict::passed;
         w.add("r/unit.json", report);
       },
       3, "report.contradiction"},
      {"a failure", [](Case& w) { w.add("r/unit.json", report_of("unit", {error()})); }, 1, "schema.minimum"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Case world;
    row.arrange(world);
    EXPECT_EQ(world.merge({"r/*.json"}), row.exit_code) << world.out.str() << world.err.str();
    EXPECT_THAT(world.out.str(), HasSubstr(row.says));
  }
}

TEST(GateReport, TakesNoReportOfAnotherToolForACheck) {
  Case world;
  Report report = report_of("unit");
  report.run.tool.name = "exemption-report";
  world.add("r/unit.json", report);
  EXPECT_EQ(world.merge({"r/unit.json"}), 1) << world.out.str();
  EXPECT_THAT(world.out.str(), HasSubstr("report.other_tool"));

  Case merged;
  report.run.tool.name = "gate";
  report.checks.push_back({});
  merged.add("r/unit.json", report);
  EXPECT_EQ(merged.merge({"r/unit.json"}), 1) << "a verdict over other checks is none of this one";

  Case sarif;
  sarif.files.add("r/unit.sarif",
                  R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[]}]})");
  EXPECT_EQ(sarif.merge({"r/unit.sarif"}), 1) << sarif.out.str();
  EXPECT_THAT(sarif.out.str(), HasSubstr("report.other_tool"));
}

TEST(GateReport, HoldsEveryStepToALockedPolicy) {
  Case world;
  const std::string locked = std::string{"version = 1\nlocked = true\n"} + std::string{kPolicy}.substr(12);
  world.files.add("gate.toml", locked);
  Report report = report_of("unit");
  world.add("r/unit.json", report);
  EXPECT_EQ(world.merge({"r/unit.json"}), 1) << world.out.str();
  EXPECT_THAT(world.out.str(), HasSubstr("report.other_policy"));

  report.inputs.push_back({"gate.toml", sha256_hex(locked), locked.size()});
  world.add("r/unit.json", report);
  EXPECT_EQ(world.merge({"r/unit.json"}), 0) << world.out.str() << world.err.str();
}

TEST(GateReport, KnowsNoAgeOfALogThatDoesNotSayIt) {
  const std::string policy =
      "version = 1\n[report]\nmax_age = \"1h\"\n[[check]]\nname = \"lint\"\nkind = \"report\"\nfile = "
      "\"lint.sarif\"\n";
  struct Row {
    const char* name;
    const char* invocation;
    int exit_code;
    const char* says;
  };
  const Row rows[] = {
      {"no time", "{}", 3, "report.age_unknown"},
      {"fresh", R"({"executionSuccessful":true,"endTimeUtc":"2026-11-20T04:50:00Z"})", 0, "passed"},
      {"stale", R"({"executionSuccessful":true,"endTimeUtc":"2020-01-01T00:00:00Z"})", 3, "report.too_old"},
      {"killed", R"({"exitSignalName":"SEGV","endTimeUtc":"2026-11-20T04:50:00Z"})", 1, "report.run_failed"},
      {"in trouble",
       R"({"toolExecutionNotifications":[{"level":"error"}],"endTimeUtc":"2026-11-20T04:50:00Z"})", 3,
       "report.tool_trouble"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    world.files.add("gate.toml", policy);
    world.files.add(
        "lint.sarif",
        std::string{R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"invocations":[)"} +
            row.invocation + R"(],"results":[]}]})");
    EXPECT_EQ(world.run(kRun, {}), row.exit_code) << world.out.str() << world.err.str();
    EXPECT_THAT(world.out.str(), HasSubstr(row.says));
    EXPECT_EQ(world.run(kReport, {"--policy", "gate.toml", "lint.sarif"}), row.exit_code) << world.out.str();
  }
}

TEST(GateReport, LetsWhatIsNotRequiredOnlyWarn) {
  Case world;
  world.add("r/unit.json", report_of("unit"));
  world.add("r/lint.json", report_of("lint", {error()}));
  EXPECT_EQ(world.merge({"r/unit.json", "r/lint.json"}), 0) << world.out.str();
  EXPECT_THAT(world.out.str(), HasSubstr("warned"));
}

TEST(GateReport, RefusesAPathThatIsNotThere) {
  Case world;
  EXPECT_EQ(world.merge({"r/nothing.json"}), 2);
  EXPECT_THAT(world.err.str(), HasSubstr("r/nothing.json"));
}

TEST(GateReport, ReadsWhatOtherToolsFound) {
  struct Row {
    const char* name;
    const char* sarif;
    int exit_code;
    const char* says;
  };
  const Row rows[] = {
      {"an error",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[{"ruleId":"R1","level":"error","message":{"text":"bad"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.c"},"region":{"startLine":3}}}]}]}]})",
       1, "a.c:3"},
      {"nothing found", R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[]}]})", 0,
       "passed"},
      {"no results at all", R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}}}]})", 3,
       "report.no_results"},
      {"no runs", R"({"version":"2.1.0","runs":[]})", 3, "gate.nothing_examined"},
      {"a run that failed",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"invocations":[{"executionSuccessful":false}],"results":[]}]})",
       1, "report.run_failed"},
      {"a result without a level",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[{"message":{"text":"hm"}}]}]})",
       0, "warned"},
      {"a level that only its rule gives",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint","rules":[{"id":"R1","defaultConfiguration":{"level":"error"}}]}},"results":[{"ruleId":"R1/2","message":{"text":"hm"}}]}]})",
       1, "sarif.lint.R1/2"},
      {"a level that only an extension's rule gives",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"},"extensions":[{"name":"x","rules":[{"id":"R2","defaultConfiguration":{"level":"error"}}]}]},"results":[{"rule":{"index":0,"toolComponent":{"index":0}},"message":{"text":"hm"}}]}]})",
       1, "sarif.lint.R2"},
      {"an index that is none",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint","rules":[{"id":"R1","defaultConfiguration":{"level":"error"}}]}},"results":[{"ruleIndex":-1,"message":{"text":"hm"}}]}]})",
       0, "sarif.lint.unnamed"},
      {"a level that SARIF does not know",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[{"level":"Critical","message":{"text":"hm"}}]}]})",
       1, "sarif.lint.unnamed"},
      {"a result that is open",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[{"kind":"open","level":"none","message":{"text":"hm"}}]}]})",
       3, "sarif.lint.unnamed"},
      {"a result of a test that passed",
       R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[{"kind":"pass","message":{"text":"hm"}}]}]})",
       0, "passed"},
      {"neither ours nor SARIF", R"({"version":"1.0"})", 1, "report.malformed"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    world.files.add("lint.sarif", row.sarif);
    EXPECT_EQ(world.run(kReport, {"lint.sarif"}), row.exit_code) << world.out.str() << world.err.str();
    EXPECT_THAT(world.out.str(), HasSubstr(row.says));
  }
}

TEST(GateReport, DoesNotLetAStepBeLaxerThanALockedPolicy) {
  struct Row {
    const char* name;
    void (*loosen)(Report&);
  };
  const Row rows[] = {
      {"warn mode", [](Report& report) { report.mode = policy::Mode::warn; }},
      {"undecided accepted",
       [](Report& report) { report.stamps = {std::string{policy::kAcceptedUndecided}}; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Case world;
    world.files.add("gate.toml",
                    std::string{"version = 1\nlocked = true\n"} + std::string{kPolicy}.substr(12));
    Report lax = report_of("unit");
    row.loosen(lax);
    world.add("r/unit.json", lax);
    EXPECT_EQ(world.merge({"r/unit.json"}), 1) << world.out.str() << world.err.str();
    EXPECT_THAT(world.out.str(), HasSubstr("report.loosened"));
  }
}

TEST(GateReport, LetsAStepAcceptWhatItsPolicyMayAccept) {
  Case world;
  Report report = report_of("unit", {policy::undecided("schema.budget", policy::Reason::budget, "a", "b")});
  report.verdict = Verdict::passed;
  report.stamps = {std::string{policy::kAcceptedUndecided}};
  world.add("r/unit.json", report);
  EXPECT_EQ(world.merge({"r/unit.json"}), 0) << world.out.str() << world.err.str();
  EXPECT_THAT(world.out.str(), HasSubstr("--accept undecided"));
}

TEST(GateReport, SaysWhereAReportIsDamaged) {
  Case world;
  world.files.add("r/unit.json", "{\"report_version\": 1,\n \"check\"");
  EXPECT_EQ(world.merge({"r/unit.json"}), 1);
  EXPECT_THAT(world.out.str(), HasSubstr("r/unit.json:2:9: error[report.malformed] unexpected end"));
}

TEST(GateReport, KnowsNoTimeOfAReportOfAnotherTool) {
  test::World world;
  world.files.add("lint.sarif",
                  R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint"}},"results":[]}]})");
  EXPECT_EQ(world.run(kReport, {"--as-of", "2020-01-01", "lint.sarif"}), 0) << world.out.str();
}

}  // namespace
}  // namespace gate::gate_run
