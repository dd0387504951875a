#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/exemptions/exemption_world.h"

namespace server::exemptions {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(ExemptionHealth, IsNeverOkWithoutARegister) {
  ExemptionWorld world;
  const gate::Value health = world.get("health");
  EXPECT_EQ(at(health, {"status"}), "\"no_register\"");
  EXPECT_THAT(at(health, {"reasons", "0"}), HasSubstr("there is no register"));
  EXPECT_EQ(at(health, {"register"}), "null");
  EXPECT_EQ(at(health, {"counts"}), "null");
}

TEST(ExemptionHealth, SaysWhatIsWrong) {
  struct Row {
    const char* name;
    std::string text;
    const char* status;
    const char* reason;  // the first; empty: none
  };
  const Row rows[] = {
      {"an empty register", "version = 1\n", "\"ok\"", ""},
      {"one in force", "version = 1\n" + record("EX-1", "2026-12-31"), "\"ok\"", ""},
      {"one on its last day", "version = 1\n" + record("EX-1", "2026-11-20"), "\"ok\"", ""},
      {"one that expired yesterday", "version = 1\n" + record("EX-1", "2026-11-19"), "\"degraded\"",
       "1 expired record not processed"},
      {"an invalid one", "version = 1\n" + record("EX-1", "2026-12-31", "@platform"), "\"degraded\"",
       "1 invalid record: each exempts nothing"},
      {"a member nobody knows", "version = 1\nexemptoin = 7\n", "\"degraded\"", "members that are not known"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ExemptionWorld world;
    EXPECT_EQ(world.push(row.text).status, 200);
    const gate::Value health = world.get("health");
    EXPECT_EQ(at(health, {"status"}), row.status);
    EXPECT_THAT(at(health, {"reasons", "0"}), HasSubstr(*row.reason == '\0' ? "(none)" : row.reason));
  }
}

TEST(ExemptionHealth, DescribesTheRegister) {
  ExemptionWorld world;
  world.push(kRegister);
  world.clock.advance(std::chrono::seconds{90});
  const gate::Value health = world.get("health");
  EXPECT_EQ(at(health, {"register", "generation"}), "1");
  EXPECT_EQ(at(health, {"register", "sha256"}), "\"" + gate::sha256_hex(kRegister) + "\"");
  EXPECT_EQ(at(health, {"register", "source"}), "\"ci\"");
  EXPECT_EQ(at(health, {"register", "owner"}), "\"alice\"");
  EXPECT_EQ(at(health, {"register", "age_seconds"}), "90");
  EXPECT_EQ(at(health, {"counts"}),
            R"({"in_force":1,"expiring":1,"expired":1,"expired_unprocessed":1,"invalid":0})");
}

TEST(ExemptionReport, SaysWhatTheToolSays) {
  ExemptionWorld world;
  world.push(kRegister);
  const http::Response response = world.ask("GET", "report");
  const gate::Value report = gate::test::json_of(response);
  EXPECT_EQ(at(report, {"as_of"}), "\"2026-11-20\"");
  EXPECT_EQ(at(report, {"records", "0", "id"}), "\"EX-3\"");
  EXPECT_EQ(at(report, {"records", "0", "days_left"}), "-1");
  EXPECT_EQ(at(report, {"records", "1", "standing"}), "\"expiring\"");
  EXPECT_EQ(at(report, {"by_owner", "0"}),
            R"({"owner":"@platform","in_force":1,"expiring":1,"expired":1,"invalid":0,"exempted":null})");
  EXPECT_EQ(at(report, {"by_rule", "0", "rule"}), "\"schema.required\"");
  ASSERT_THAT(response.headers, testing::SizeIs(1));
  const std::string etag = response.headers.at(0).second;
  EXPECT_EQ(world.ask("GET", "report", {}, {{"if-none-match", etag}}).status, 304);
  world.clock.advance(std::chrono::hours{24});
  EXPECT_EQ(world.ask("GET", "report", {}, {{"if-none-match", etag}}).status, 200);
}

TEST(Expiry, ComesWithTheDayAndNotBefore) {
  ExemptionWorld world;  // 05:00 UTC
  world.push(kRegister);
  EXPECT_EQ(at(world.get("expired"), {"expired", "0", "id"}), "\"EX-3\"");
  EXPECT_EQ(at(world.get("expired"), {"expired", "1"}), "(none)");
  world.clock.advance(std::chrono::hours{18} + std::chrono::minutes{59} + std::chrono::seconds{59});
  EXPECT_EQ(at(world.get("expired"), {"expired", "1"}), "(none)");
  world.clock.advance(std::chrono::seconds{1});
  const gate::Value expired = world.get("expired");
  EXPECT_EQ(at(expired, {"as_of"}), "\"2026-11-21\"");
  EXPECT_EQ(at(expired, {"unprocessed"}), "2");
  EXPECT_EQ(at(expired, {"expired", "0", "id"}), "\"EX-2\"");
  EXPECT_EQ(at(expired, {"expired", "0", "expired_since"}), "\"2026-11-21\"");
  EXPECT_EQ(at(expired, {"expired", "0", "days"}), "1");
}

TEST(Expired, SaysNothingWithoutARegister) {
  ExemptionWorld world;
  const gate::Value expired = world.get("expired");
  EXPECT_EQ(at(expired, {"status"}), "\"no_register\"");
  EXPECT_THAT(at(expired, {"reasons"}), HasSubstr("there is no register"));
  EXPECT_EQ(at(expired, {"unprocessed"}), "null");
  EXPECT_EQ(at(expired, {"expired"}), "null");
  world.push(kRegister);
  EXPECT_EQ(at(world.get("expired"), {"status"}), "\"degraded\"");
  EXPECT_EQ(at(world.get("expired"), {"unprocessed"}), "1");
}

TEST(Metrics, FollowTheDayAndKnowNothingWithoutARegister) {
  ExemptionWorld world;
  EXPECT_THAT(world.metrics->text(), HasSubstr("release_gate_exemptions_expired_unprocessed Nan\n"));
  world.push(kRegister);
  world.clock.advance(std::chrono::hours{24});
  const std::string text = world.metrics->text();
  EXPECT_THAT(text, HasSubstr("release_gate_exemptions_expired_unprocessed 2\n"));
  EXPECT_THAT(text, HasSubstr("release_gate_exemptions{standing=\"expired\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("release_gate_exemptions{standing=\"in_force\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("release_gate_exemption_register_age_seconds 86400\n"));
}

TEST(Validate, SaysWhichRecordsCover) {
  ExemptionWorld world;
  world.push("version = 1\n" + record("ALL", "2026-12-31", "@security", "{ paths = [\"src/**/*.ts\"] }") +
             record("TEST", "2026-12-31", "@security", "{ tests = [\"checkout::*\"] }") +
             record("ELSEWHERE", "2026-12-31") +
             record("OLD", "2026-11-10", "@security", "{ paths = [\"src/a.ts\"] }") +
             record("BAD", "2026-12-31", "@platform", "{ paths = [\"lib/**\"] }"));
  const gate::Value answer = world.post("validate", R"({"files":["src/**/*.ts","lib/x.ts","docs/**"]})");
  EXPECT_EQ(at(answer, {"verdict"}), "\"invalid\"");
  EXPECT_EQ(at(answer, {"covering", "0", "id"}), "\"ALL\"");
  EXPECT_EQ(at(answer, {"covering", "0", "certain"}), "true");
  EXPECT_EQ(at(answer, {"covering", "0", "files"}), R"(["src/**/*.ts"])");
  EXPECT_EQ(at(answer, {"covering", "1", "id"}), "\"TEST\"");
  EXPECT_EQ(at(answer, {"covering", "1", "certain"}), "false");
  EXPECT_EQ(at(answer, {"covering", "2", "id"}), "\"OLD\"");
  EXPECT_EQ(at(answer, {"covering", "2", "exempts"}), "false");
  EXPECT_EQ(at(answer, {"covering", "3", "id"}), "\"BAD\"");
  EXPECT_EQ(at(answer, {"covering", "3", "exempts"}), "false");
  EXPECT_EQ(at(answer, {"covering", "4"}), "(none)");
  EXPECT_EQ(at(answer, {"uncovered"}), R"(["lib/x.ts","docs/**"])");
  EXPECT_EQ(at(answer, {"invalid", "0", "id"}), "\"BAD\"");
  EXPECT_EQ(at(answer, {"invalid", "0", "field"}), "\"approver\"");
  EXPECT_NE(at(answer, {"invalid", "0", "line"}), "0");
}

TEST(Validate, IsCertainOfWhatIsWhollyInScopeAlone) {
  struct Row {
    const char* name;
    const char* asked;
    const char* scope;
    bool certain;
  };
  const Row rows[] = {
      {"the same glob", "src/**/*.ts", "src/**/*.ts", true},
      {"a file", "src/a/b.ts", "src/**/*.ts", true},
      {"all of a folder", "src/**/*.ts", "src/**", true},
      {"one file of many", "src/**/*.ts", "src/a.ts", false},
      {"many files of more", "**", "src/**", false},
      {"another folder that starts alike", "src2/*.ts", "sr*/**", false},
      {"some names of a folder", "src/*", "src/*.ts", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ExemptionWorld world;
    world.push("version = 1\n" +
               record("EX-1", "2026-12-31", "@security", "{ paths = [\"" + std::string{row.scope} + "\"] }"));
    const gate::Value answer = world.post("validate", R"({"files":[")" + std::string{row.asked} + "\"]}");
    const bool shares = at(answer, {"covering"}) != "[]";
    EXPECT_EQ(shares && at(answer, {"covering", "0", "certain"}) == "true", row.certain);
    EXPECT_EQ(at(answer, {"covered"}), row.certain ? "\"all\"" : "\"none\"");
    EXPECT_EQ(at(answer, {"uncovered"}) == "[]", row.certain);
    EXPECT_THAT(at(answer, {"note"}), HasSubstr("verdict is about the register alone"));
  }
}

TEST(Validate, SaysWhatIsOddAboutTheRule) {
  struct Row {
    const char* rule;
    const char* covered;
    const char* words;
  };
  const Row rows[] = {
      {"schema.required", "\"some\"", "exempt on that day\""},
      {"schema.*", "\"none\"", "exempt on that day\""},
      {"schema.requird", "\"none\"", "(did you mean \\\"schema.required\\\"?)"},
      {"shcema.*", "\"none\"", "no built-in rule has the name"},
      {"gate.policy_edited", "\"none\"", "can never be exempted"},
  };
  ExemptionWorld world;
  world.push(kRegister);
  for (const Row& row : rows) {
    SCOPED_TRACE(row.rule);
    const gate::Value answer = world.post(
        "validate", R"({"files":["data/EX-1.json","src/a"],"rule":")" + std::string{row.rule} + "\"}");
    EXPECT_EQ(at(answer, {"covered"}), row.covered);
    EXPECT_EQ(at(answer, {"verdict"}), "\"valid\"") << "of the register";
    EXPECT_THAT(at(answer, {"note"}), HasSubstr(row.words));
  }
}

TEST(Validate, AnswersForARuleAndADay) {
  ExemptionWorld world;
  world.push(kRegister);
  const std::string file = R"({"files":["data/EX-2.json"])";
  EXPECT_EQ(at(world.post("validate", file + "}"), {"covering", "0", "exempts"}), "true");
  const gate::Value later = world.post("validate", file + R"(,"as_of":"2026-11-21"})");
  EXPECT_EQ(at(later, {"as_of"}), "\"2026-11-21\"");
  EXPECT_EQ(at(later, {"covering", "0", "standing"}), "\"expired\"");
  EXPECT_EQ(at(world.post("validate", file + R"(,"rule":"schema.*"})"), {"covering", "0", "id"}), "\"EX-2\"");
  EXPECT_EQ(at(world.post("validate", file + R"(,"rule":"tests.failed"})"), {"covering"}), "[]");
  const gate::Value never = world.post("validate", file + R"(,"rule":"gate.policy_changed"})");
  EXPECT_EQ(at(never, {"exemptable"}), "false");
  EXPECT_EQ(at(never, {"uncovered"}), R"(["data/EX-2.json"])");
}

TEST(Validate, IsUndecidedWhereNobodyKnows) {
  ExemptionWorld world;
  const gate::Value answer = world.post("validate", R"({"files":["src/**/*.ts"]})");
  EXPECT_EQ(at(answer, {"verdict"}), "\"undecided\"");
  EXPECT_EQ(at(answer, {"reasons"}), R"(["there is no register"])");
  EXPECT_EQ(at(answer, {"uncovered"}), R"(["src/**/*.ts"])");
  EXPECT_THAT(world.audit(), IsEmpty());
}

TEST(Validate, ComparesNoHostileQuestionToItsEnd) {
  ExemptionWorld world;
  std::string paths;
  for (int i = 0; i < 100; ++i)
    paths += (i == 0 ? "\"" : ",\n\"") + std::to_string(i) + std::string(250, 'a') + "*" +
             std::string(250, 'b') + "\"";
  std::string text = "version = 1\n";
  for (int i = 0; i < 15; ++i)
    text += record("EX-" + std::to_string(i), "2026-12-31", "@security", "{ paths = [" + paths + "] }");
  ASSERT_EQ(world.push(text).status, 200);
  std::string files;
  for (int i = 0; i < 100; ++i)
    files += (i == 0 ? "\"" : ",\"") + std::string(500, '*') + std::to_string(i) + "\"";
  const gate::Value answer = world.post("validate", R"({"files":[)" + files + "]}");
  EXPECT_EQ(at(answer, {"verdict"}), "\"undecided\"");
  EXPECT_THAT(at(answer, {"reasons"}), HasSubstr("too many patterns"));
}

TEST(Validate, RefusesQuestionsThatAreNone) {
  struct Row {
    const char* name;
    const char* body;
    const char* words;
  };
  const Row rows[] = {
      {"nothing", "", "/files"},
      {"no files", R"({"files":[]})", "must name at least one file"},
      {"an empty file", R"({"files":[""]})", "/files/0"},
      {"out of the repository", R"({"files":["a","b/../../c"]})", "/files/1"},
      {"a control character", R"({"files":["a\u0007b"]})", "/files/0"},
      {"no list", R"({"files":"src"})", "/files"},
      {"another member", R"({"files":["a"],"rules":"x"})", "did you mean \\\"rule\\\"?"},
      {"no day", R"({"files":["a"],"as_of":"tomorrow"})", "/as_of"},
      {"an array", "[]", "must be a JSON object"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ExemptionWorld world;
    const http::Response response = world.ask("POST", "validate", row.body);
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(response.body, HasSubstr(row.words));
  }
}

TEST(Register, GivesEveryVersion) {
  ExemptionWorld world;
  EXPECT_EQ(world.ask("GET", "register").status, 404);
  world.push("version = 1\n");
  world.push(kRegister);
  const http::Response newest = world.ask("GET", "register");
  EXPECT_THAT(newest.headers, testing::Contains(testing::Pair("etag", "\"2\"")));
  EXPECT_EQ(at(gate::test::json_of(newest), {"register"}), gate::to_compact_json(gate::Value{kRegister}));
  EXPECT_EQ(at(world.get("register?generation=1"), {"register"}), "\"version = 1\\n\"");
  EXPECT_EQ(world.ask("GET", "register?generation=3").status, 404);
  EXPECT_EQ(world.ask("GET", "register?generation=0").status, 422);
}

}  // namespace
}  // namespace server::exemptions
