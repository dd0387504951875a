#include "gate/cli/tool.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "tests/support/world.h"

namespace gate::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Options {
  std::string what;
  GateOptions gate;
};

void declare(OptionTable& table, Options& options) {
  table.operand("WHAT", options.what, "what to do", false);
  declare_gate_options(table, options.gate);
}

// A tool that ends in the way its operand says.
Result<ExitCode> run(const Options& options, Context& io) {
  if (options.what == "throw") throw std::runtime_error("oops");
  if (options.what == "exhaust") throw std::bad_alloc();
  if (options.what == "missing") return Error{ErrorCode::not_found, "a.json: no such file"};
  if (options.what == "unreachable") return Error{ErrorCode::unavailable, "host: refused"};
  const auto session = open_session("tool", options.gate, io);
  if (!session) return session.error();
  policy::Evidence evidence;
  policy::count(evidence, "documents", options.what == "nothing" ? 0 : 1);
  if (options.what == "fail") {
    evidence.findings.push_back(policy::violation("r.x", policy::Severity::error, "a", "it is wrong"));
  }
  return emit(conclude(*session, evidence, io), options.gate, io);
}

const Tool<Options> kTool{{"tool", "Ends as it is told.", {}}, declare, run};

TEST(RunTool, HasOneExitCodeForEachEnd) {
  struct Row {
    const char* what;
    int exit_code;
    const char* diagnostics;
  };
  const Row rows[] = {
      {"pass", 0, ""},
      {"fail", 1, ""},
      {"nothing", 3, ""},
      {"missing", 2, "tool: a.json: no such file\n"},
      {"unreachable", 3, "tool: host: refused\n"},
      {"throw", 70, "tool: bug: oops: nothing was decided, please report this\n"},
      {"exhaust", 3, "tool: out of memory: nothing was decided\n"},
      {"--nonsense", 2, "tool: unknown option \"--nonsense\"\ntry: tool --help\n"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    test::World world;
    EXPECT_EQ(world.run(kTool, {row.what}), row.exit_code);
    EXPECT_EQ(world.err.str(), row.diagnostics);
  }
}

TEST(RunTool, IsNoPassWhereNobodyGotTheResult) {
  test::World world;
  world.out.setstate(std::ios::badbit);
  EXPECT_EQ(world.run(kTool, {"pass"}), 3);
  EXPECT_THAT(world.err.str(), HasSubstr("standard output: not written"));

  test::World failing;
  failing.out.setstate(std::ios::badbit);
  EXPECT_EQ(failing.run(kTool, {"fail"}), 1) << "a failed verdict stays 1";

  test::World full;
  full.files.fail_writing("report.json", Error{ErrorCode::io, "report.json: No space left on device"});
  EXPECT_EQ(full.run(kTool, {"pass", "--report", "report.json"}), 3);
  EXPECT_THAT(full.err.str(), HasSubstr("No space left on device"));
}

TEST(RunTool, AnswersHelpAndVersion) {
  test::World world;
  EXPECT_EQ(world.run(kTool, {"--help"}), 0);
  EXPECT_THAT(world.out.str(), StartsWith("Ends as it is told.\n\nusage: tool [options] [WHAT]\n"));
  EXPECT_THAT(world.out.str(), HasSubstr("exit codes: 0 passed"));
  test::World asked;
  EXPECT_EQ(asked.run(kTool, {"--version"}), 0);
  EXPECT_EQ(asked.out.str(), "tool " + std::string{version()} + "\n");
}

TEST(Emit, TellsGitHubActions) {
  test::World world;
  world.environment.set("GITHUB_ACTIONS", "true");
  world.environment.set("GITHUB_STEP_SUMMARY", "summary.md");
  world.environment.set("GITHUB_OUTPUT", "outputs");
  EXPECT_EQ(world.run(kTool, {"fail", "--report", "out/report.json"}), 1);
  EXPECT_THAT(world.files.content("summary.md"), HasSubstr("it is wrong"));
  EXPECT_THAT(world.files.content("outputs"), HasSubstr("verdict<<release_gate_"));
  EXPECT_THAT(world.files.content("outputs"), HasSubstr("\nfailed\n"));
  EXPECT_THAT(world.err.str(), StartsWith("::error "));
  EXPECT_THAT(world.files.content("out/report.json"), HasSubstr("\"verdict\": \"failed\""));

  test::World quiet;
  quiet.environment.set("GITHUB_ACTIONS", "true");
  quiet.environment.set("GITHUB_STEP_SUMMARY", "summary.md");
  EXPECT_EQ(quiet.run(kTool, {"fail", "--no-github"}), 1);
  EXPECT_FALSE(quiet.files.exists("summary.md"));
  EXPECT_EQ(quiet.err.str(), "");
}

TEST(Emit, WritesToAFileWhereAsked) {
  test::World world;
  EXPECT_EQ(world.run(kTool, {"fail", "--output", "out.txt"}), 1);
  EXPECT_EQ(world.out.str(), "");
  EXPECT_THAT(world.files.content("out.txt"), EndsWith("failed: 1 finding, 0 exempted\n"));
}

TEST(RunCommands, NamesTheCommandThatWasMeant) {
  constexpr Command kCommands[] = {
      {"report", "merge", [](const std::vector<std::string>&, Context&) { return 42; }}};
  const ToolText text{"gate", "One verdict.", {}};
  test::World world;
  EXPECT_EQ(run_commands(text, kCommands, {"report"}, world.context), 42);
  EXPECT_EQ(run_commands(text, kCommands, {"reprot"}, world.context), 2);
  EXPECT_THAT(world.err.str(), HasSubstr("unknown command \"reprot\" (did you mean \"report\"?)"));
  EXPECT_EQ(run_commands(text, kCommands, {"--help"}, world.context), 0);
  EXPECT_THAT(world.out.str(), HasSubstr("report"));
}

}  // namespace
}  // namespace gate::cli
