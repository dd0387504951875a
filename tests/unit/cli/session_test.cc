#include "gate/cli/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace gate::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* kRegister = R"(version = 1

[[exemption]]
id = "EX-1"
rule = "tests.failed"
scope = { tests = ["checkout::*"] }
reason = "the payment sandbox answers 503 since its upgrade"
ticket = "PAY-123"
owner = "checkout-team"
approver = "release-manager"
created = 2026-11-01
expires = 2026-12-04
)";

TEST(OpenSession, SettlesWhoRunsOnWhatAndWhen) {
  test::World world;
  world.files.add(".git/HEAD", std::string(40, 'a'));
  GateOptions options;
  options.as_of = "2026-12-05";
  const auto session = open_session("test-summary", options, world.context);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->run.check, "test-summary");
  EXPECT_EQ(session->run.git_sha, std::string(40, 'a'));
  EXPECT_EQ(to_string(session->run.as_of), "2026-12-05T00:00:00.000Z");
  EXPECT_EQ(session->run.config_hash.size(), 64U);
  EXPECT_THAT(session->stamps, Contains(HasSubstr("as of 2026-12-05")));
}

TEST(OpenSession, TakesTheRegisterOfThePolicyOnTheDayOfTheRun) {
  test::World world;
  world.files.add("gate.toml", "version = 1\n[exemptions]\nregister = \"exemptions.toml\"\n");
  world.files.add("exemptions.toml", kRegister);
  GateOptions options;
  options.policy = "gate.toml";
  auto session = open_session("test-summary", options, world.context);
  ASSERT_TRUE(session) << session.error().message;
  ASSERT_EQ(session->exemptions.in_force.size(), 1U);
  EXPECT_EQ(session->exemptions.in_force.front().id, "EX-1");
  EXPECT_EQ(session->inputs.size(), 2U);

  options.as_of = "2026-12-05";
  session = open_session("test-summary", options, world.context);
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->exemptions.in_force.empty()) << "the day after its last one";
}

TEST(OpenSession, HoldsALockedPolicyAgainstTheCommandLine) {
  test::World world;
  world.files.add("gate.toml", "version = 1\nlocked = true\n[exemptions]\nregister = \"exemptions.toml\"\n");
  world.files.add("exemptions.toml", kRegister);
  struct Row {
    const char* name;
    void (*loosen)(GateOptions&);
    const char* message;
  };
  const Row rows[] = {
      {"warn mode", [](GateOptions& o) { o.mode = "warn"; }, "--mode warn: the policy gate.toml is locked"},
      {"accepting undecided", [](GateOptions& o) { o.accept = "undecided"; }, "--accept: the policy"},
      {"another register", [](GateOptions& o) { o.exemptions = "mine.toml"; }, "--exemptions: the policy"},
      {"another day", [](GateOptions& o) { o.as_of = "2026-11-02"; }, "--as-of: the policy"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    GateOptions options;
    options.policy = "gate.toml";
    row.loosen(options);
    const auto session = open_session("test-summary", options, world.context);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, ErrorCode::usage);
    EXPECT_THAT(session.error().message, HasSubstr(row.message));
  }
  GateOptions stricter;
  stricter.policy = "gate.toml";
  stricter.mode = "strict";
  stricter.deny = "warned";
  EXPECT_TRUE(open_session("test-summary", stricter, world.context)) << "a stricter run is always allowed";
}

TEST(OpenSession, LetsTheCommandLineTightenAPolicyInWarnMode) {
  test::World world;
  world.files.add("gate.toml", "version = 1\nmode = \"warn\"\nwarn_until = 2027-01-31\n");
  GateOptions options;
  options.policy = "gate.toml";
  options.mode = "strict";
  const auto session = open_session("test-summary", options, world.context);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->policy.mode, policy::Mode::strict);
}

TEST(OpenSession, KeepsTheDateOfAWarnModeThatTheCommandLineRepeats) {
  test::World world;
  world.files.add("gate.toml", "version = 1\nmode = \"warn\"\nwarn_until = 2026-11-19\n");
  GateOptions options;
  options.policy = "gate.toml";
  options.mode = "warn";
  const auto session = open_session("test-summary", options, world.context);
  ASSERT_TRUE(session);
  policy::Evidence evidence;
  policy::count(evidence, "tests", 1);
  evidence.findings.push_back(policy::violation("tests.failed", policy::Severity::error, "a", "b"));
  EXPECT_EQ(conclude(*session, evidence, world.context).verdict, policy::Verdict::failed)
      << "warn_until has passed, and repeating the mode does not prolong it";
}

TEST(ConfigHash, FollowsWhatDecidesAndNothingElse) {
  test::World world;
  const auto hash_with = [&](std::vector<Setting> settings) {
    GateOptions options;
    options.settings = std::move(settings);
    return open_session("t", options, world.context)->run.config_hash;
  };
  const Setting limit{"--max-errors", "5", Source::command_line};
  EXPECT_EQ(hash_with({}), hash_with({{"--format", "json", Source::command_line}}));
  EXPECT_EQ(hash_with({}), hash_with({{"--max-errors", "", Source::unset}}));
  EXPECT_NE(hash_with({}), hash_with({limit}));
  EXPECT_EQ(hash_with({limit}), hash_with({{"--max-errors", "5", Source::environment}}));
}

}  // namespace
}  // namespace gate::cli
