#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/exemptions/exemption_world.h"

namespace server::exemptions {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kOther = "version = 1\n" + record("EX-9", "2026-12-31");

// A service whose register lies in a file.
struct FileWorld : ExemptionWorld {
  FileWorld() : ExemptionWorld({"exemptions.toml", "", std::chrono::seconds{60}}) {
    files.add("exemptions.toml", kRegister);
    tick();
  }
  std::string generation() { return at(get("health"), {"register", "generation"}); }
  std::string sha256() { return at(get("health"), {"register", "sha256"}); }
};

std::string hash_of(const std::string& text) {
  return "\"" + gate::sha256_hex(text) + "\"";
}

TEST(RegisterFile, IsTakenWhenItChanges) {
  FileWorld world;
  EXPECT_EQ(world.generation(), "1");
  EXPECT_EQ(at(world.get("health"), {"register", "kind"}), "\"file\"");
  world.tick();
  EXPECT_EQ(world.generation(), "1");
  world.files.add("exemptions.toml", kOther);
  world.tick();
  EXPECT_EQ(world.generation(), "2");
  EXPECT_EQ(world.sha256(), hash_of(kOther));
  EXPECT_EQ(world.audit().front().entry.action, "exemption_register.file_taken");
  EXPECT_EQ(world.audit().front().entry.actor, "system");
  EXPECT_THAT(world.logged(), HasSubstr("exemptions.file_taken"));
}

TEST(RegisterFile, KeepsTheLastGoodOneWhileItIsBroken) {
  FileWorld world;
  world.files.add("exemptions.toml", "version = \n");
  world.tick();
  world.tick();
  const gate::Value health = world.get("health");
  EXPECT_EQ(at(health, {"status"}), "\"degraded\"");
  EXPECT_THAT(at(health, {"reasons", "0"}),
              HasSubstr("the register file cannot be taken: exemptions.toml:1:11: "));
  EXPECT_EQ(at(health, {"register", "generation"}), "1");
  const gate::Value judged = world.post("revalidate");
  EXPECT_EQ(at(judged, {"generation"}), "1");
  EXPECT_EQ(at(judged, {"verdict"}), "\"undecided\"") << "the last good one is not what was asked about";
  EXPECT_THAT(at(judged, {"reasons", "0"}), HasSubstr("exemptions.toml:1:11: "));
  EXPECT_EQ(at(world.get("health"), {"last_validation", "verdict"}), "\"undecided\"");
  EXPECT_THAT(at(world.get("health"), {"reasons", "0"}), HasSubstr("cannot be taken"));
  world.files.add("exemptions.toml", kOther);
  const gate::Value mended = world.post("revalidate");
  EXPECT_EQ(at(mended, {"generation"}), "2");
  EXPECT_EQ(at(mended, {"verdict"}), "\"valid\"");
  EXPECT_EQ(at(mended, {"reasons"}), "[]");
  EXPECT_EQ(at(world.get("health"), {"status"}), "\"ok\"");
  world.tick();
  EXPECT_EQ(world.generation(), "2");
}

TEST(RegisterFile, HealsToWhatItWas) {
  FileWorld world;
  world.files.remove("exemptions.toml");
  world.tick();
  EXPECT_THAT(at(world.get("health"), {"reasons", "0"}), HasSubstr("cannot be taken"));
  world.files.add("exemptions.toml", kRegister);
  world.tick();
  EXPECT_THAT(at(world.get("health"), {"reasons"}), Not(HasSubstr("cannot be taken")));
  EXPECT_EQ(world.generation(), "1");
}

TEST(RegisterFile, ThatNeverWasIsNoRegister) {
  ExemptionWorld world({"gone.toml", "", std::chrono::seconds{60}});
  const gate::Value health = world.get("health");
  EXPECT_EQ(at(health, {"status"}), "\"no_register\"");
  EXPECT_THAT(at(health, {"reasons"}), HasSubstr("gone.toml"));
}

// How often that was logged.
std::size_t times_logged(ExemptionWorld& world, const std::string& event) {
  const std::string all = world.logged();
  std::size_t times = 0;
  for (auto at = all.find(event); at != std::string::npos; at = all.find(event, at + 1)) ++times;
  return times;
}

TEST(RegisterFile, IsLoggedOnceWhenItGoesAndWhenItComes) {
  FileWorld world;
  EXPECT_EQ(times_logged(world, "exemptions.file_readable"), 1U) << "it was not there at the start";
  world.files.remove("exemptions.toml");
  world.post("revalidate");
  world.tick();
  EXPECT_EQ(times_logged(world, "exemptions.file_refused"), 2U);
  world.files.add("exemptions.toml", kRegister);
  world.tick();
  world.tick();
  EXPECT_EQ(times_logged(world, "exemptions.file_readable"), 2U);
}

TEST(RegisterFile, DoesNotUndoWhatWasPushedAfterIt) {
  FileWorld world;
  world.push(kOther);
  world.tick();
  EXPECT_EQ(world.generation(), "2");
  world.restart_process();
  EXPECT_EQ(world.generation(), "2");
  EXPECT_EQ(at(world.post("revalidate"), {"generation"}), "2");
  world.files.add("exemptions.toml", kRegister + "# newer\n");
  world.tick();
  EXPECT_EQ(world.generation(), "3");
}

TEST(RegisterFile, IsWhatAResetGoesBackTo) {
  FileWorld world;
  world.push(kOther);
  const gate::Value reset = world.post("reset");
  EXPECT_EQ(at(reset, {"restored"}), R"({"from":"file","generation":null})");
  EXPECT_EQ(world.sha256(), hash_of(kRegister));
  world.post("reset", R"({"to_generation":2})");
  world.tick();
  EXPECT_EQ(world.sha256(), hash_of(kOther));
  world.files.add("exemptions.toml", "version = \n");
  EXPECT_EQ(at(world.post("reset"), {"restored"}), R"({"from":"generation","generation":1})");
}

TEST(PolicyFile, HoldsItsRules) {
  ExemptionWorld world({"", "gate.toml", std::chrono::seconds{60}});
  EXPECT_THAT(at(world.get("health"), {"reasons"}), HasSubstr("the policy file cannot be taken"));
  world.push(kRegister);
  EXPECT_EQ(at(world.get("health"), {"status"}), "\"failing\"");
  EXPECT_EQ(at(world.post("validate", R"({"files":["a"]})"), {"verdict"}), "\"undecided\"");
  world.files.add("gate.toml", "version = 1\n[exemptions]\nmax_days = 20\n");
  world.tick();
  EXPECT_EQ(at(world.get("health"), {"counts", "invalid"}), "1");
  world.files.add("gate.toml", "version = 1\n[exemptions]\nmax_dais = 20\n");
  world.tick();
  const gate::Value health = world.get("health");
  EXPECT_EQ(at(health, {"status"}), "\"degraded\"");
  EXPECT_THAT(at(health, {"reasons", "0"}), HasSubstr("gate.toml:3:1: "));
  EXPECT_EQ(at(health, {"counts", "invalid"}), "1");
  EXPECT_EQ(at(world.post("revalidate"), {"verdict"}), "\"undecided\"") << "by rules of before";
}

TEST(PolicyFile, ThatNobodyEverReadPutsNothingInForce) {
  ExemptionWorld world({"", "gate.toml", std::chrono::seconds{60}});
  EXPECT_EQ(at(gate::test::json_of(world.push(kRegister)), {"counts", "in_force"}), "0");
  const gate::Value answer = world.post("validate", R"({"files":["data/EX-1.json"]})");
  EXPECT_EQ(at(answer, {"verdict"}), "\"undecided\"");
  EXPECT_EQ(at(answer, {"covering", "0", "standing"}), "\"invalid\"");
  EXPECT_EQ(at(answer, {"covering", "0", "exempts"}), "false");
  EXPECT_EQ(at(answer, {"uncovered"}), R"(["data/EX-1.json"])");
  EXPECT_EQ(at(world.get("health"), {"counts"}), "null");
  EXPECT_EQ(at(world.get("report"), {"records", "0", "standing"}), "\"invalid\"");
  EXPECT_EQ(at(world.get("expired"), {"expired"}), "null");
  EXPECT_THAT(world.metrics->text(), HasSubstr("release_gate_exemptions{standing=\"in_force\"} Nan\n"));
  world.files.add("gate.toml", "version = 1\n");
  world.tick();
  EXPECT_EQ(at(world.get("health"), {"counts", "in_force"}), "1");
}

TEST(PolicyFile, IsLoggedOnceForEachChange) {
  ExemptionWorld world({"", "gate.toml", std::chrono::seconds{60}});
  world.tick();
  world.post("revalidate");
  EXPECT_EQ(times_logged(world, "exemptions.policy_unreadable"), 1U);
  world.files.add("gate.toml", "version = 7\n");
  world.tick();
  EXPECT_EQ(times_logged(world, "exemptions.policy_unreadable"), 2U);
  EXPECT_THAT(world.logged(), HasSubstr("gate.toml:1:"));
  world.files.add("gate.toml", "version = 1\n");
  world.tick();
  world.tick();
  EXPECT_EQ(times_logged(world, "exemptions.policy_readable"), 1U);
}

}  // namespace
}  // namespace server::exemptions
