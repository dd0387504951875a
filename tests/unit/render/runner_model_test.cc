#include "tests/unit/render/runner_model.h"

#include <gtest/gtest.h>

namespace gate::test {
namespace {

TEST(RunnerModel, ReadsWhatTheRunnerReads) {
  struct Row {
    const char* name;
    std::string output;
    std::vector<RunnerCommand> commands;
  };
  const Row rows[] = {
      {"annotation",
       "::error file=a%2Cb,line=1::50%25%0Aoff\n",
       {{"error", {{"file", "a,b"}, {"line", "1"}}, "50%\noff"}}},
      {"after spaces", " \t\u00A0::Warning::x", {{"warning", {}, "x"}}},
      {"not at the start", "a ::error::x", {}},
      {"no second separator", "::error x", {}},
      {"unknown name", "::errors::x", {}},
      {"legacy, anywhere", "see ##[add-mask]secret", {{"add-mask", {}, "secret"}}},
      {"legacy with properties",
       "##[error file=a;line=2]x%5D",
       {{"error", {{"file", "a"}, {"line", "2"}}, "x]"}}},
      {"legacy behind a soft hyphen", "#\u00AD#[error]x", {{"error", {}, "x"}}},
      {"behind a zero-width joiner", ":\u200D:error::x", {{"error", {}, "x"}}},
      {"after a bare carriage return", "a\r::error::x", {{"error", {}, "x"}}},
      {"legacy unclosed", "##[error x", {}},
      {"broken by a backslash", "##\\[error]x\n\\::error::x", {}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(runner_commands(row.output), row.commands);
  }
}

}  // namespace
}  // namespace gate::test
