#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/exemptions/exemption_world.h"

namespace server::exemptions {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const std::string kOther = "version = 1\n" + record("EX-1", "2026-12-30") + record("EX-9", "2026-12-31");

std::string hash_of(const std::string& text) {
  return "\"" + gate::sha256_hex(text) + "\"";
}

TEST(Reset, LeavesABadPushBehind) {
  ExemptionWorld world;
  world.push(kRegister);
  world.push(kOther);
  world.push(unjudged());
  world.push(unjudged() + "# again\n");
  ASSERT_EQ(at(world.get("health"), {"status"}), "\"failing\"");
  const gate::Value reset = world.post("reset");
  EXPECT_EQ(at(reset, {"restored"}), R"({"from":"generation","generation":2})");
  EXPECT_EQ(at(world.get("health"), {"register", "sha256"}), hash_of(kOther));
  EXPECT_EQ(at(world.get("health"), {"status"}), "\"ok\"");
}

TEST(Reset, GoesFurtherBackEachTime) {
  ExemptionWorld world;
  world.push(kRegister);
  world.push(kOther);
  world.push("version = 1\n");
  EXPECT_EQ(at(world.post("reset"), {"restored", "generation"}), "2");
  EXPECT_EQ(at(world.post("reset"), {"restored", "generation"}), "1");
  const http::Response none = world.ask("POST", "reset");
  EXPECT_EQ(code_of(none), "\"conflict\"");
  EXPECT_THAT(none.body,
              HasSubstr("no version before generation 1 has another text; to_generation may name 1 to 5"));
  EXPECT_EQ(at(world.get("health"), {"register", "sha256"}), hash_of(kRegister));
}

TEST(Reset, RefusesWhereNobodyCanJudgeWhatWasBefore) {
  ExemptionWorld world;
  world.push(unjudged());
  const http::Response alone = world.ask("POST", "reset");
  EXPECT_EQ(alone.status, 409);
  EXPECT_THAT(alone.body, HasSubstr("to_generation may name 1 alone"));
  world.push(kRegister);
  const http::Response none = world.ask("POST", "reset");
  EXPECT_EQ(none.status, 409);
  EXPECT_THAT(none.body, HasSubstr("no version before generation 2 can be judged, of 1 that were tried "
                                   "(generation 1: too many patterns"));
  EXPECT_THAT(none.body, HasSubstr("to_generation may name 1 to 2"));
  EXPECT_EQ(at(world.get("health"), {"register", "generation"}), "2");
  EXPECT_THAT(world.audit(), SizeIs(2));
}

TEST(Reset, DoesNotTakeAFileThatNobodyCanJudge) {
  ExemptionWorld world({"exemptions.toml", "", std::chrono::seconds{60}});
  world.files.add("exemptions.toml", kRegister);
  world.tick();
  world.files.add("exemptions.toml", unjudged());
  world.tick();
  ASSERT_EQ(at(world.get("health"), {"status"}), "\"failing\"");
  EXPECT_EQ(at(world.post("reset"), {"restored"}), R"({"from":"generation","generation":1})");
  world.tick();
  EXPECT_EQ(at(world.get("health"), {"register", "sha256"}), hash_of(kRegister));
}

TEST(Reset, IsUndoneByGoingBack) {
  ExemptionWorld world;
  world.push(kRegister);
  world.post("cleanup");
  world.push(kRegister + "# a remark\n");
  world.push(kOther);
  const gate::Value reset = world.post("reset");
  EXPECT_EQ(at(reset, {"generation"}), "4");
  EXPECT_EQ(at(reset, {"restored"}), R"({"from":"generation","generation":2})");
  EXPECT_EQ(at(reset, {"undo"}), R"({"to_generation":3})");
  EXPECT_EQ(at(world.get("expired"), {"unprocessed"}), "1") << "who acknowledged what is forgotten";
  const gate::Value back = world.post("reset", at(reset, {"undo"}));
  EXPECT_EQ(at(back, {"generation"}), "5");
  EXPECT_EQ(at(world.get("register"), {"register"}), at(gate::Value{kOther}));
  const gate::Value named = world.post("reset", R"({"to_generation":2})");
  EXPECT_EQ(at(world.get("expired"), {"unprocessed"}), "0") << "the version's own acknowledgements";
  EXPECT_EQ(at(world.post("reset", at(named, {"undo"})), {"undone", "processed"}), R"(["EX-3"])");
  EXPECT_EQ(at(world.get("register?generation=1"), {"kind"}), "\"pushed\"");
  EXPECT_EQ(at(world.get("register"), {"restored_generation"}), "5");
}

TEST(Reset, GoesBackToAVersion) {
  ExemptionWorld world;
  world.push(kRegister);
  world.push(kOther);
  const gate::Value back = world.post("reset", R"({"to_generation":1,"reason":"pushed by mistake"})");
  EXPECT_EQ(at(back, {"undone"}),
            R"({"processed":[],"processed_omitted":0,"removed":["EX-9"],"removed_omitted":0,)"
            R"("added":["EX-2","EX-3"],"added_omitted":0,"changed":["EX-1"],"changed_omitted":0})");
  EXPECT_EQ(at(world.get("health"), {"register", "sha256"}), hash_of(kRegister));
  EXPECT_EQ(world.audit().front().entry.reason, "pushed by mistake");
  const http::Response wrong = world.ask("POST", "reset", R"({"to_generation":9})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_THAT(wrong.body, HasSubstr("the newest is 3"));
  EXPECT_EQ(world.ask("POST", "reset", {}, {{"if-match", "\"1\""}}).status, 412);
}

TEST(Reset, NamesAHundredRecordsAndCountsTheRest) {
  ExemptionWorld world;
  world.push(kRegister);
  world.push("version = 1\n" + records(250, "2026-12-30"));
  const gate::Value undone = *world.post("reset").find("undone");
  EXPECT_THAT(*undone.find("removed")->as_array(), SizeIs(100));
  EXPECT_EQ(at(undone, {"removed_omitted"}), "147");  // three are in both
  EXPECT_EQ(at(undone, {"changed"}), R"(["EX-1","EX-2","EX-3"])");
}

}  // namespace
}  // namespace server::exemptions
