#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/exemptions/exemption_world.h"

namespace server::exemptions {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

TEST(Push, MakesAVersionEachTime) {
  ExemptionWorld world;
  const http::Response first = world.push(kRegister);
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.headers, Contains(Pair("etag", "\"1\"")));
  const gate::Value answer = gate::test::json_of(first);
  EXPECT_EQ(at(answer, {"result"}), "\"pushed\"");
  EXPECT_EQ(at(answer, {"previous_generation"}), "null");
  EXPECT_EQ(at(answer, {"records"}), "3");
  EXPECT_EQ(at(answer, {"sha256"}), "\"" + gate::sha256_hex(kRegister) + "\"");
  const gate::Value again = gate::test::json_of(world.push(kRegister));
  EXPECT_EQ(at(again, {"result"}), "\"unchanged\"");
  EXPECT_EQ(at(again, {"generation"}), "1");
  EXPECT_EQ(at(gate::test::json_of(world.push("version = 1\n")), {"generation"}), "2");
  const auto audit = world.audit();
  ASSERT_THAT(audit, SizeIs(2)) << "what was unchanged is no change";
  EXPECT_EQ(audit[0].entry.action, "exemption_register.pushed");
  EXPECT_EQ(at(audit[0].entry.before, {"generation"}), "1");
  EXPECT_EQ(at(audit[0].entry.after, {"generation"}), "2");
  EXPECT_EQ(audit[0].entry.scope, "exempt");
}

TEST(Push, TakesInvalidRecordsAndListsThem) {
  ExemptionWorld world;
  const gate::Value answer =
      gate::test::json_of(world.push("version = 1\n" + record("EX-1", "2026-12-31", "@platform")));
  EXPECT_EQ(at(answer, {"result"}), "\"pushed\"");
  EXPECT_EQ(at(answer, {"counts", "invalid"}), "1");
  EXPECT_EQ(at(answer, {"invalid", "0", "line"}), "9");
  EXPECT_THAT(at(answer, {"invalid", "0", "message"}), HasSubstr("nobody approves their own"));
}

TEST(Push, SaysWhetherItCanBeJudged) {
  ExemptionWorld world;
  EXPECT_EQ(at(gate::test::json_of(world.push(kRegister)), {"verdict"}), "\"valid\"");
  const gate::Value answer = gate::test::json_of(world.push(unjudged()));
  EXPECT_EQ(at(answer, {"result"}), "\"pushed\"");
  EXPECT_EQ(at(answer, {"verdict"}), "\"undecided\"");
  EXPECT_THAT(at(answer, {"reasons"}), HasSubstr("too many patterns"));
}

TEST(Push, RefusesWhatCannotBeRead) {
  struct Row {
    const char* name;
    std::string body;
    int status;
    const char* words;
  };
  const auto with = [](const std::string& text) {
    return gate::to_compact_json(gate::Value::object({{"register", text}}));
  };
  const Row rows[] = {
      {"no TOML", with("version = \n"), 422, R"("pointer":"/register","message":"1:11: )"},
      {"another version", with("version = 2\n"), 422, "/register"},
      {"no version", with(""), 422, "/register"},
      {"a NUL", with(std::string("version = 1\n#\0\n", 15)), 422, "/register"},
      {"deep", with("version = 1\na = " + std::string(100'000, '[')), 422, "/register"},
      {"long dotted keys",
       with("version = 1\n" + std::string(3'000, 'a') + ".b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s = 1\n"), 422,
       "/register"},
      {"too long", with(std::string((1U << 20U) + 1, '#')), 422, "at most 1048576 bytes"},
      {"records that are none", with("version = 1\nexemption = [1]\n"), 422, "expected a table"},
      {"no register", "{}", 422, "/register"},
      {"a number", R"({"register":7})", 422, "must be a string"},
      {"another member", R"({"register":"","regster":""})", 422, "/regster"},
      {"a commit that is none", R"({"register":"version = 1","git_sha":"main"})", 422, "/git_sha"},
      {"a source of two lines", R"({"register":"version = 1","source":"a\nb"})", 422, "/source"},
      {"no JSON", "version = 1", 400, "malformed_json"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ExemptionWorld world;
    world.push(kRegister);
    const http::Response response = world.ask("PUT", "register", row.body);
    EXPECT_EQ(response.status, row.status);
    EXPECT_THAT(response.body, HasSubstr(row.words));
    EXPECT_EQ(at(world.get("health"), {"register", "generation"}), "1");
    EXPECT_THAT(world.audit(), SizeIs(1));
  }
}

TEST(Push, HonoursIfMatch) {
  ExemptionWorld world;
  EXPECT_EQ(world.push(kRegister, {{"if-match", "\"1\""}}).status, 412);
  EXPECT_EQ(world.push(kRegister, {{"if-match", "\"0\""}}).status, 200);
  EXPECT_EQ(world.push("version = 1\n", {{"if-match", "\"0\""}}).status, 412);
  EXPECT_EQ(world.push("version = 1\n", {{"if-match", "\"7\", \"1\""}}).status, 200);
}

TEST(Push, HonoursIfNoneMatch) {
  ExemptionWorld world;
  EXPECT_EQ(world.push(kRegister, {{"if-none-match", "*"}}).status, 200);
  EXPECT_EQ(world.push("version = 1\n", {{"if-none-match", "*"}}).status, 412);
  EXPECT_EQ(world.push(kRegister, {{"if-none-match", "*"}}).status, 412) << "though nothing is new in it";
  EXPECT_EQ(world.push("version = 1\n", {{"if-none-match", "\"1\""}}).status, 412);
  EXPECT_EQ(world.push("version = 1\n", {{"if-none-match", "\"7\""}}).status, 200);
}

TEST(Push, TakesEffectOnceForEachKey) {
  ExemptionWorld world;
  const http::Headers key{{"idempotency-key", "k-1"}};
  const http::Response first = world.push(kRegister, key);
  world.push("version = 1\n");
  const http::Response again = world.push(kRegister, key);
  EXPECT_EQ(again.body, first.body);
  EXPECT_THAT(again.headers, Contains(Pair("idempotency-replayed", "true")));
  EXPECT_EQ(at(world.get("health"), {"register", "generation"}), "2");
  EXPECT_EQ(code_of(world.push("version = 1\n\n", key)), "\"idempotency_key_reused\"");
}

TEST(CleanUp, SaysWhoAcknowledgedWhat) {
  ExemptionWorld world;
  world.push(kRegister);
  const gate::Value first = world.post("cleanup", R"({"reason":"gone with release 3"})");
  EXPECT_EQ(at(first, {"processed"}), R"(["EX-3"])");
  EXPECT_EQ(at(first, {"count"}), "1");
  const gate::Value expired = world.get("expired");
  EXPECT_EQ(at(expired, {"unprocessed"}), "0");
  EXPECT_EQ(
      at(expired, {"expired", "0", "processed"}),
      R"({"by":"adminkey","owner":"alice","at":"2026-11-20T05:00:00.000Z","reason":"gone with release 3"})");
  EXPECT_EQ(at(world.get("health"), {"status"}), "\"ok\"");
  const std::size_t rows = world.audit().size();
  const gate::Value second = world.post("cleanup");
  EXPECT_EQ(at(second, {"processed"}), "[]");
  EXPECT_THAT(world.audit(), SizeIs(rows)) << "nothing was acknowledged";
  world.clock.advance(std::chrono::hours{24});
  EXPECT_EQ(at(world.post("cleanup"), {"processed"}), R"(["EX-2"])");
}

TEST(CleanUp, HoldsForTheSameRecordInANewerRegisterAlone) {
  ExemptionWorld world;
  world.push(kRegister);
  world.post("cleanup");
  world.push(kRegister + "# a remark\n");
  EXPECT_EQ(at(world.get("expired"), {"unprocessed"}), "0");
  world.push("version = 1\n" + record("EX-3", "2026-11-18"));
  EXPECT_EQ(at(world.get("expired"), {"unprocessed"}), "1");
  world.push(kRegister);
  EXPECT_EQ(at(world.get("expired"), {"unprocessed"}), "1");
}

TEST(CleanUp, NamesAHundredAndCountsTheRest) {
  ExemptionWorld world;
  world.push("version = 1\n" + records(250, "2026-11-19"));
  const gate::Value answer = world.post("cleanup");
  EXPECT_EQ(at(answer, {"count"}), "250");
  EXPECT_THAT(*answer.find("processed")->as_array(), SizeIs(100));
  EXPECT_EQ(at(answer, {"processed_omitted"}), "150");
  EXPECT_EQ(at(world.get("expired"), {"unprocessed"}), "0");
}

TEST(CleanUp, NeedsARegister) {
  ExemptionWorld world;
  EXPECT_EQ(code_of(world.ask("POST", "cleanup")), "\"conflict\"");
  EXPECT_EQ(code_of(world.ask("POST", "reset")), "\"conflict\"");
}

TEST(Revalidate, TellsWhatChangedSinceTheLastTime) {
  ExemptionWorld world;
  const gate::Value none = world.post("revalidate");
  EXPECT_EQ(at(none, {"verdict"}), "\"undecided\"");
  EXPECT_EQ(at(none, {"last_validation"}), "null");
  world.push(kRegister);
  const gate::Value first = world.post("revalidate");
  EXPECT_EQ(at(first, {"verdict"}), "\"valid\"");
  EXPECT_EQ(at(first, {"changes", "2"}), R"({"id":"EX-3","from":null,"to":"expired"})");
  EXPECT_EQ(at(world.post("revalidate"), {"changes"}), "[]");
  world.clock.advance(std::chrono::hours{24});
  world.push("version = 1\n" + record("EX-2", "2026-11-20") + record("EX-3", "2026-11-19") +
             record("EX-4", "2026-12-31", "@platform"));
  const gate::Value later = world.post("revalidate");
  EXPECT_EQ(at(later, {"verdict"}), "\"invalid\"");
  EXPECT_EQ(at(later, {"changes"}),
            R"([{"id":"EX-1","from":"in force","to":null},{"id":"EX-2","from":"expiring","to":"expired"},)"
            R"({"id":"EX-4","from":null,"to":"invalid"}])");
  EXPECT_EQ(at(later, {"last_validation", "id"}), "3");
  EXPECT_EQ(at(world.get("health"), {"last_validation", "verdict"}), "\"invalid\"");
}

TEST(Revalidate, NamesAHundredChangesAndCountsTheRest) {
  ExemptionWorld world;
  world.push("version = 1\n" + records(250, "2026-12-31"));
  const gate::Value answer = world.post("revalidate");
  EXPECT_THAT(*answer.find("changes")->as_array(), SizeIs(100));
  EXPECT_EQ(at(answer, {"changes_omitted"}), "150");
}

// Somebody writes into the store behind the server's back, and the server starts anew.
void forge(ExemptionWorld& world, const std::string& generation) {
  ASSERT_TRUE(world.store().write_now([&](store::Transaction& transaction) -> gate::Status {
    const auto done = transaction.execute(
        "UPDATE exemption_register SET register_text = REPLACE(register_text, '2026-11-19', '2026-12-19') "
        "WHERE generation = " +
            generation,
        {});
    return done ? gate::done() : gate::Status{done.error()};
  }));
  world.restart_process();
}

TEST(State, ThatSomebodyElseChangedPutsNothingInForce) {
  ExemptionWorld world;
  world.push(kRegister);
  forge(world, "1");
  const gate::Value health = world.get("health");
  EXPECT_EQ(at(health, {"status"}), "\"failing\"");
  EXPECT_THAT(at(health, {"reasons"}),
              HasSubstr("cannot be relied on: the register in the store was changed outside the server"));
  EXPECT_EQ(at(health, {"counts"}), "null");
  const gate::Value answer = world.post("validate", R"({"files":["data/EX-1.json"]})");
  EXPECT_EQ(at(answer, {"verdict"}), "\"undecided\"");
  EXPECT_EQ(at(answer, {"covering"}), "[]");
  EXPECT_EQ(world.ask("POST", "reset", R"({"to_generation":1})").status, 422);
  EXPECT_EQ(at(gate::test::json_of(world.push(kRegister)), {"result"}), "\"pushed\"");
  EXPECT_EQ(at(world.get("health"), {"status"}), "\"degraded\"") << "one expired record, as before";
}

TEST(State, AResetPassesOverWhatSomebodyElseChanged) {
  ExemptionWorld world;
  world.push("version = 1\n");
  world.push(kRegister);
  world.push("version = 1\n# 3\n");
  forge(world, "2");
  EXPECT_EQ(at(world.post("reset"), {"restored", "generation"}), "1");
}

TEST(State, OutlivesTheProcess) {
  ExemptionWorld world;
  world.push(kRegister);
  world.post("cleanup");
  world.post("revalidate");
  const std::string before = at(world.get("health")) + at(world.get("report")) + at(world.get("expired"));
  world.restart_process();
  EXPECT_EQ(at(world.get("health")) + at(world.get("report")) + at(world.get("expired")), before);
}

}  // namespace
}  // namespace server::exemptions
