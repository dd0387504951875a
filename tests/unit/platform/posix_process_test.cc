#include "gate/platform/posix_process.h"

#include <signal.h>

#include <gtest/gtest.h>

namespace gate::platform {
namespace {

using std::chrono::milliseconds;

ports::Command shell(const std::string& script, milliseconds deadline = milliseconds{20'000}) {
  ports::Command command;
  command.arguments = {"sh", "-c", script};
  command.deadline = deadline;
  return command;
}

TEST(PosixProcess, TellsHowItEnded) {
  const PosixProcess process;
  struct Row {
    const char* name;
    const char* script;
    int exit_code;
    int signal;
    const char* output;
    const char* diagnostics;
  };
  const Row rows[] = {
      {"both streams", "echo out; echo err >&2", 0, 0, "out\n", "err\n"},
      {"an exit code", "exit 7", 7, 0, "", ""},
      {"a signal", "kill -9 $$", 0, SIGKILL, "", ""},
      {"no standard input", "cat", 0, 0, "", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto outcome = process.run(shell(row.script));
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, row.exit_code);
    EXPECT_EQ(outcome->signal, row.signal);
    EXPECT_EQ(outcome->output, row.output);
    EXPECT_EQ(outcome->diagnostics, row.diagnostics);
    EXPECT_FALSE(outcome->timed_out);
  }
}

TEST(PosixProcess, SaysWhereThereIsNoSuchProgram) {
  const PosixProcess process;
  ports::Command command;
  command.arguments = {"no-such-program-anywhere"};
  EXPECT_EQ(process.run(command).error().code, ErrorCode::not_found);
  command.arguments = {"/"};
  EXPECT_EQ(process.run(command).error().code, ErrorCode::io);
  EXPECT_EQ(process.run(ports::Command{}).error().code, ErrorCode::not_found);
}

TEST(PosixProcess, EndsEverythingAtTheDeadline) {
  const PosixProcess process;
  const auto outcome = process.run(shell("echo started; sleep 60 & sleep 60", milliseconds{300}));
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->timed_out);
  EXPECT_EQ(outcome->output, "started\n");
}

TEST(PosixProcess, DoesNotWaitForWhatTheProgramLeftRunning) {
  const PosixProcess process;
  const auto outcome = process.run(shell("sleep 5 & echo done"));
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->timed_out);
  EXPECT_EQ(outcome->exit_code, 0);
}

TEST(PosixProcess, KeepsOnlySoMuchOutputAndReadsTheRest) {
  const PosixProcess process;
  ports::Command command = shell("yes | head -c 3000000; echo end >&2");
  command.output_limit = 1'000;
  const auto outcome = process.run(command);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->output.size(), 1'000U);
  EXPECT_EQ(outcome->diagnostics, "end\n") << "the program was not held up by a full pipe";
}

TEST(PosixProcess, PassesWordsAsTheyAre) {
  const PosixProcess process;
  ports::Command command;
  command.arguments = {"printf", "%s|", "a b", "$HOME", "; rm", ""};
  EXPECT_EQ(process.run(command)->output, "a b|$HOME|; rm||");
}

}  // namespace
}  // namespace gate::platform
