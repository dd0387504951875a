#include "gate/cli/ci_facts.h"

#include <gtest/gtest.h>

#include "tests/support/fake_environment.h"
#include "tests/support/fake_files.h"

namespace gate::cli {
namespace {

const std::string kA(40, 'a');
const std::string kB(40, 'b');
const std::string kC(40, 'c');

TEST(HeadCommit, ReadsGitsFilesWithoutGit) {
  struct Row {
    const char* name;
    test::FakeFiles files;
    std::optional<std::string> commit;
  };
  const Row rows[] = {
      {"a branch", {{".git/HEAD", "ref: refs/heads/main\n"}, {".git/refs/heads/main", kA + "\n"}}, kA},
      {"a packed branch",
       {{".git/HEAD", "ref: refs/heads/main\n"},
        {".git/packed-refs", "# pack-refs\n" + kB + " refs/heads/main\n"}},
       kB},
      {"a detached head", {{".git/HEAD", kC + "\n"}}, kC},
      {"from a folder below", {{"../../.git/HEAD", kA}}, kA},
      {"a linked work tree",
       {{".git", "gitdir: ../main/.git/worktrees/w\n"},
        {"./../main/.git/worktrees/w/HEAD", "ref: refs/heads/w\n"},
        {"./../main/.git/worktrees/w/commondir", "../..\n"},
        {"./../main/.git/worktrees/w/../../refs/heads/w", kB}},
       kB},
      {"an unborn branch", {{".git/HEAD", "ref: refs/heads/main\n"}}, std::nullopt},
      {"no checkout", {{"a", "b"}}, std::nullopt},
      {"a HEAD of rubbish", {{".git/HEAD", std::string(39, 'a') + "\n"}}, std::nullopt},
      {"a .git file of rubbish", {{".git", "hello\n"}}, std::nullopt},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(head_commit(row.files), row.commit);
  }
}

TEST(FindCiFacts, TellsTheHeadOfAPullRequestFromItsMergeCommit) {
  const test::FakeFiles files{
      {"event.json", R"({"pull_request":{"head":{"sha":")" + kA + R"("},"base":{"sha":")" + kB + R"("}}})"}};
  const test::FakeEnvironment environment{
      {"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_PATH", "event.json"}, {"GITHUB_SHA", kC}};
  const auto facts = find_ci_facts(std::nullopt, environment, files);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->git_sha, kA);
  EXPECT_EQ(facts->merge_sha, kC);
  EXPECT_EQ(facts->base_sha, kB);
  EXPECT_TRUE(facts->change_request);
}

TEST(FindCiFacts, KnowsTheBaseOfAMergeGroup) {
  const test::FakeFiles files{{"event.json", R"({"merge_group":{"base_sha":")" + kB + R"("}})"}};
  const test::FakeEnvironment environment{
      {"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_PATH", "event.json"}, {"GITHUB_SHA", kC}};
  const auto facts = find_ci_facts(std::nullopt, environment, files);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->git_sha, kC);
  EXPECT_EQ(facts->base_sha, kB);
}

TEST(FindCiFacts, KnowsAChangeByItsEventToo) {
  struct Row {
    const char* event;
    bool change_request;
  };
  const Row rows[] = {
      {"pull_request", true}, {"pull_request_target", true}, {"merge_group", true}, {"push", false}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.event);
    const test::FakeFiles files{{"event.json", R"({"pull_request":{"base":{"sha":"main"}}})"}};
    const test::FakeEnvironment environment{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", row.event}};
    EXPECT_EQ(find_ci_facts(std::nullopt, environment, files)->change_request, row.change_request);
  }
}

TEST(FindCiFacts, BelievesTheCommandLineFirstAndNothingOutsideOfActions) {
  const test::FakeFiles files{{".git/HEAD", kB}};
  const test::FakeEnvironment environment{{"GITHUB_SHA", kC}};
  EXPECT_EQ(find_ci_facts(kA, environment, files)->git_sha, kA);
  EXPECT_EQ(find_ci_facts(std::nullopt, environment, files)->git_sha, kB);
}

TEST(FindCiFacts, RefusesWhatItCannotRead) {
  struct Row {
    const char* name;
    const char* event;
    ErrorCode code;
  };
  const Row rows[] = {
      {"not JSON", "{", ErrorCode::malformed},
      {"empty", "", ErrorCode::malformed},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const test::FakeFiles files{{"event.json", row.event}};
    const test::FakeEnvironment environment{{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_PATH", "event.json"}};
    const auto facts = find_ci_facts(std::nullopt, environment, files);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, row.code);
  }
  const auto short_id = find_ci_facts("abc", test::FakeEnvironment{}, test::FakeFiles{});
  ASSERT_FALSE(short_id);
  EXPECT_EQ(short_id.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace gate::cli
