#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/gate_run/options.h"
#include "tests/support/world.h"

namespace gate::gate_run {
namespace {

using ::testing::HasSubstr;

ports::Outcome ended(int exit_code, std::string diagnostics = {}) {
  ports::Outcome outcome;
  outcome.exit_code = exit_code;
  outcome.diagnostics = std::move(diagnostics);
  return outcome;
}

TEST(GateInit, WritesAPolicyThatRunsAsItIs) {
  test::World world;
  EXPECT_EQ(world.run(kInit, {"ci/gate.toml"}), 0) << world.err.str();
  EXPECT_THAT(world.out.str(), HasSubstr("next: gate run --policy ci/gate.toml"));
  EXPECT_EQ(world.run(kRun, {"--policy", "ci/gate.toml"}), 0) << world.out.str() << world.err.str();
}

TEST(GateInit, OverwritesNothing) {
  test::World world;
  world.files.add("gate.toml", "mine");
  EXPECT_EQ(world.run(kInit, {}), 2);
  EXPECT_EQ(world.files.content("gate.toml"), "mine");
}

TEST(GateRun, JudgesCommandsByTheirExitCode) {
  struct Row {
    const char* name;
    Result<ports::Outcome> outcome;
    int exit_code;
    const char* says;
  };
  ports::Outcome killed;
  killed.signal = 9;
  ports::Outcome late;
  late.timed_out = true;
  const Row rows[] = {
      {"passed", ended(0), 0, "passed"},
      {"failed", ended(1, "3 files differ\n"), 1, "exit code 1: 3 files differ"},
      {"undecided", ended(3), 3, "exit code 3"},
      {"any other code", ended(70), 1, "exit code 70"},
      {"a signal", killed, 1, "ended by signal 9"},
      {"too late", late, 3, "ended after its deadline"},
      {"no such program", Error{ErrorCode::not_found, "lint: cannot be started: No such file or directory"},
       2, "cannot be started"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    world.files.add("gate.toml",
                    "version = 1\n[[check]]\nname = \"lint\"\nkind = \"command\"\nrun = [\"lint\"]\n");
    world.process.answer("lint", row.outcome);
    EXPECT_EQ(world.run(kRun, {}), row.exit_code) << world.out.str() << world.err.str();
    EXPECT_THAT(world.out.str(), HasSubstr(row.says));
  }
}

// Five minutes of requests; every tenth is slow or fails.
std::string samples(int latency_ms, int status) {
  std::string csv = "timestamp,latency_ms,status\n";
  for (int i = 0; i < 600; ++i) {
    const bool tenth = i % 10 == 0;
    csv += "2026-11-20T04:5" + std::to_string(i / 100) + ":" + std::to_string(10 + i % 50) + "Z," +
           std::to_string(tenth ? latency_ms : 20) + "," + std::to_string(tenth ? status : 200) + "\n";
  }
  return csv;
}

TEST(GateRun, JudgesObjectives) {
  struct Row {
    const char* name;
    std::string samples;
    int exit_code;
    const char* says;
  };
  const Row rows[] = {
      {"healthy", samples(30, 200), 0, "passed"},
      {"slow", samples(900, 200), 1, "p95_latency_ms = 500 allows 5 %"},
      {"failing", samples(30, 503), 1, "error_rate_percent = 1.0 allows 1 %"},
      {"empty", "timestamp,latency_ms,status\n", 3, "undecided"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    world.files.add("gate.toml",
                    "version = 1\n[[check]]\nname = \"slo\"\nkind = \"slo\"\nsamples = [\"load.csv\"]\n"
                    "p95_latency_ms = 500\nerror_rate_percent = \"1.0\"\n");
    world.files.add("load.csv", row.samples);
    EXPECT_EQ(world.run(kRun, {}), row.exit_code) << world.out.str() << world.err.str();
    EXPECT_THAT(world.out.str(), HasSubstr(row.says));
  }
}

TEST(GateRun, LeavesAReportOfEachCheckAndOfAll) {
  test::World world;
  world.files.add(
      "gate.toml",
      "version = 1\n[report]\nfolder = \"reports\"\n[[check]]\nname = \"a b\"\nkind = \"command\"\nrun = "
      "[\"x\"]\n");
  world.process.answer("x", ended(0));
  EXPECT_EQ(world.run(kRun, {}), 0) << world.out.str() << world.err.str();
  EXPECT_THAT(world.files.content("reports/gate.json"), HasSubstr("\"check\": \"gate\""));
  EXPECT_THAT(world.files.content("reports/a_b.json"), HasSubstr("\"check\": \"a b\""));
}

TEST(GateRun, KeepsItsVerdictWhereAnOutputCannotBeWritten) {
  struct Row {
    const char* name;
    const char* report;
    const char* unwritable;
    int exit_code;
  };
  constexpr const char* kGreen = "<testsuite name='s'><testcase name='t' time='1'/></testsuite>";
  constexpr const char* kRed =
      "<testsuite name='s'><testcase name='t'><failure message='no'/></testcase></testsuite>";
  const Row rows[] = {
      {"a green run without its summary", kGreen, "summary.json", 3},
      {"a red run without its summary", kRed, "summary.json", 1},
      {"a green run without the check's report", kGreen, "out/gate/unit.json", 3},
      {"a green run without the merged report", kGreen, "out/gate/gate.json", 3},
      {"a red run without the merged report", kRed, "out/gate/gate.json", 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    world.files.add("gate.toml",
                    "version = 1\n[[check]]\nname = \"unit\"\nkind = \"tests\"\nreports = [\"r.xml\"]\n"
                    "summary = \"summary.json\"\n");
    world.files.add("r.xml", row.report);
    // A folder in the way is not_found to the file system and undecided to us.
    world.files.fail_writing(row.unwritable, Error{ErrorCode::not_found, "x: Not a directory"});
    EXPECT_EQ(world.run(kRun, {}), row.exit_code) << world.out.str() << world.err.str();
  }
}

TEST(GateRun, HasNothingToSayWithoutChecks) {
  test::World world;
  world.files.add("gate.toml", "version = 1\n");
  EXPECT_EQ(world.run(kRun, {}), 2);
  EXPECT_THAT(world.err.str(), HasSubstr("it declares no [[check]]"));
}

TEST(GateRun, NamesTheLevelOfThePlaybook) {
  const std::string two =
      "version = 1\n[[check]]\nname = \"a\"\nkind = \"command\"\nrun = [\"a\"]\n"
      "[[check]]\nname = \"b\"\nkind = \"command\"\nrun = [\"b\"]\n";
  struct Row {
    const char* name;
    int a;
    int b;
    const char* level;
  };
  const Row rows[] = {{"all required checks fail", 1, 1, "P0"}, {"one fails", 1, 0, "P1"}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    world.files.add("gate.toml", two);
    world.process.answer("a", ended(row.a));
    world.process.answer("b", ended(row.b));
    EXPECT_EQ(world.run(kRun, {}), 1);
    EXPECT_THAT(world.out.str(), HasSubstr(row.level));
  }
}

TEST(GateConfig, SaysWhoSetWhat) {
  test::World world;
  world.files.add("gate.toml", "version = 1\n[report]\nfolder = \"r\"\n");
  world.environment.set("RELEASE_GATE_FORMAT", "json");
  EXPECT_EQ(world.run(kConfig, {"--show-effective", "--mode", "warn"}), 0) << world.err.str();
  EXPECT_THAT(world.out.str(), HasSubstr("gate.toml:3"));
  EXPECT_THAT(world.out.str(), HasSubstr("RELEASE_GATE_FORMAT"));
  EXPECT_THAT(world.out.str(), HasSubstr("command line"));

  world.files.add("gate.toml", "version = 1\nmdoe = \"strict\"\n");
  EXPECT_EQ(world.run(kConfig, {}), 2);
  EXPECT_THAT(world.err.str(), HasSubstr("gate.toml:2:1: unknown key \"mdoe\" (did you mean \"mode\"?)"));
}

}  // namespace
}  // namespace gate::gate_run
