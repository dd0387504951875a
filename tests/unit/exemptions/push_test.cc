#include "exemptions/push.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exemptions/run.h"
#include "gate/base/hash.h"
#include "gate/load/json.h"
#include "tests/support/world.h"

namespace exemptions {
namespace {

using gate::test::World;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kKey = "rgk_test_abcdefgh_s3cret";

std::string record(const std::string& id, const std::string& expires,
                   const std::string& approver = "@security") {
  return "[[exemption]]\nid = \"" + id + "\"\nrule = \"schema.required\"\nscope = { paths = [\"data/" + id +
         ".json\"] }\nreason = \"the field arrives with version 3\"\nticket = \"OPS-12\"\nowner = "
         "\"@platform\"\napprover = \"" +
         approver + "\"\ncreated = 2026-11-01\nexpires = " + expires + "\n";
}

const std::string kGood = "version = 1\n" + record("EX-1", "2026-12-31") + record("EX-2", "2026-11-19") +
                          record("EX-3", "2026-12-31");

std::string answer_for(const std::string& text, const std::string& result = "pushed") {
  return R"({"result":")" + result + R"(","generation":7,"sha256":")" + gate::sha256_hex(text) +
         R"(","verdict":"valid","reasons":[],"counts":{"in_force":2,"expiring":0,"expired":1,"invalid":0}})";
}

// A world with a good register, a key, and a server that takes it.
struct PushWorld : World {
  PushWorld() {
    files.add("exemptions.toml", kGood);
    environment.set("X_API_KEY", kKey);
    environment.set("CCT_URL", "https://h");
    http.answer("PUT https://h/api/v1/exemptions/register", answer_for(kGood));
  }

  int push(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), "push");
    return run_exemption_report(arguments, context);
  }

  [[nodiscard]] std::string header(const std::string& name) const {
    const gate::ports::HttpRequest request = http.requests().at(0);
    for (const auto& [known, value] : request.headers) {
      if (known == name) return value;
    }
    return {};
  }
};

TEST(Push, SendsTheRegisterAndSaysWhatItIs) {
  PushWorld world;
  world.files.add(".git/HEAD", std::string(40, 'a') + "\n");
  EXPECT_EQ(world.push(), 0);
  EXPECT_EQ(world.out.str(), "pushed: generation 7, 3 records, 1 expired\n");
  EXPECT_THAT(world.err.str(), IsEmpty());
  ASSERT_EQ(world.http.requests().size(), 1U);
  const auto body = gate::load::parse_json(world.http.requests().at(0).body);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(gate::load::text_at(*body, {"register"}), kGood);
  EXPECT_EQ(gate::load::text_at(*body, {"source"}), "exemptions.toml");
  EXPECT_EQ(gate::load::text_at(*body, {"git_sha"}), std::string(40, 'a'));
  EXPECT_EQ(world.header("X-API-Key"), kKey);
  EXPECT_EQ(world.header("Content-Type"), "application/json");
  EXPECT_THAT(world.header("Idempotency-Key"), Not(IsEmpty()));
  EXPECT_EQ(world.header("If-Match"), "");
}

TEST(Push, TakesWhatItIsTold) {
  PushWorld world;
  world.files.add("ci/waived.toml", "version = 1\n");
  world.files.add("key", std::string{"other\n"});
  world.http.answer("PUT https://other/rg/api/v1/exemptions/register",
                    answer_for("version = 1\n", "unchanged"));
  EXPECT_EQ(world.push({"--url", "https://other/rg", "--key-file", "key", "--if-generation", "6", "--source",
                        "nightly", "ci/waived.toml"}),
            0);
  EXPECT_EQ(world.out.str(), "unchanged: generation 7, 0 records, 1 expired\n");
  EXPECT_EQ(world.header("If-Match"), "\"6\"");
  EXPECT_EQ(world.header("X-API-Key"), "other");
  EXPECT_THAT(world.http.requests().at(0).body, HasSubstr("\"source\":\"nightly\""));
}

TEST(Push, FindsTheRegisterAndItsRulesInThePolicy) {
  PushWorld world;
  world.files.add("gate.toml", "version = 1\n[exemptions]\nregister = \"ci/waived.toml\"\nmax_days = 20\n");
  world.files.add("ci/waived.toml", kGood);
  EXPECT_EQ(world.push(), 1);
  EXPECT_THAT(world.err.str(), HasSubstr("lives 61 days, the policy allows 20"));
  EXPECT_THAT(world.http.requests(), IsEmpty());
}

TEST(Push, SendsNoRegisterThatIsWrong) {
  struct Row {
    const char* name;
    std::string text;
    std::vector<std::string> arguments;
    int exit_code;
    const char* words;
  };
  const std::string faulty = "version = 1\n" + record("EX-1", "2026-12-31", "@platform");
  const Row rows[] = {
      {"no TOML", "version = \n", {}, 2, "exemptions.toml:1:11: "},
      {"too long", std::string((1U << 20U) + 1, '#'), {}, 2, "exemptions.toml: "},
      {"of another version", "version = 2\n", {}, 2, "exemptions.toml:1:"},
      {"not there", kGood, {"gone.toml"}, 2, "gone.toml"},
      {"an invalid record", faulty, {}, 1, "exemptions.toml:9:12: error[exemption.invalid] EX-1: "},
      {"malformed though invalid is allowed", "version = \n", {"--allow-invalid"}, 2, "exemptions.toml:1:11"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PushWorld world;
    world.files.add("exemptions.toml", row.text);
    EXPECT_EQ(world.push(row.arguments), row.exit_code);
    EXPECT_THAT(world.err.str(), HasSubstr(row.words));
    EXPECT_THAT(world.out.str(), IsEmpty());
    EXPECT_THAT(world.http.requests(), IsEmpty());
  }
}

TEST(Push, SendsInvalidRecordsWhereAllowed) {
  PushWorld world;
  const std::string faulty = "version = 1\n" + record("EX-1", "2026-12-31", "@platform");
  world.files.add("exemptions.toml", faulty);
  world.http.answer("PUT", R"({"result":"pushed","generation":8,"sha256":")" + gate::sha256_hex(faulty) +
                               R"(","verdict":"invalid","counts":{"invalid":1}})");
  EXPECT_EQ(world.push({"--allow-invalid"}), 0);
  EXPECT_EQ(world.out.str(), "pushed: generation 8, 1 record, 1 invalid\n");
  EXPECT_THAT(world.err.str(), HasSubstr("exemptions.toml:9:12: error[exemption.invalid]"));
}

// Its records cannot be compared within the bound on steps.
std::string unjudged() {
  std::string glob = "*";
  for (int i = 0; i < 250; ++i) glob += "a*";
  std::string text = "version = 1\n";
  for (int i = 0; i < 40; ++i) {
    std::string one = record("EX-" + std::to_string(i), i % 2 == 0 ? "2026-12-30" : "2026-12-31");
    one.replace(one.find("data/"), 5, glob);
    text += one;
  }
  return text;
}

TEST(Push, SendsNoRegisterThatNobodyCanJudge) {
  PushWorld world;
  world.files.add("exemptions.toml", unjudged());
  EXPECT_EQ(world.push(), 3);
  EXPECT_THAT(world.err.str(),
              AllOf(HasSubstr("too many patterns"), HasSubstr("not pushed: the server could")));
  EXPECT_THAT(world.out.str(), IsEmpty());
  EXPECT_THAT(world.http.requests(), IsEmpty());
}

TEST(Push, IsUndecidedWhereTheServerCannotJudgeIt) {
  struct Row {
    const char* name;
    std::string verdict;
    const char* words;
  };
  const Row rows[] = {
      {"it says so", R"("verdict":"undecided","reasons":["too many patterns"],)",
       "undecided: the server has the register and cannot judge it: too many patterns; POST"},
      {"without a reason", R"("verdict":"undecided","reasons":[],)", "cannot judge it; POST"},
      {"it does not say", "", "cannot judge it; POST"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PushWorld world;
    world.http.answer("PUT", R"({"result":"pushed","generation":7,)" + row.verdict + R"("sha256":")" +
                                 gate::sha256_hex(kGood) + "\"}");
    EXPECT_EQ(world.push(), 3);
    EXPECT_EQ(world.out.str(), "pushed: generation 7, 3 records\n") << "it is in force all the same";
    EXPECT_THAT(world.err.str(), HasSubstr(row.words));
  }
}

TEST(Push, ExitsByWhatTheServerSays) {
  struct Row {
    const char* name;
    int status;
    std::string body;
    int exit_code;
    const char* words;
  };
  const Row rows[] = {
      {"who are you", 401, R"({"code":"unauthenticated","detail":"no such key"})", 4, "401: unauthenticated"},
      {"may not", 403, R"({"code":"forbidden","detail":"scope exempt is needed"})", 4, "scope exempt"},
      {"changed since", 412, R"({"code":"precondition_failed","detail":"the generation is 8"})", 4,
       "the generation is 8"},
      {"a limit", 429, R"({"code":"rate_limited"})", 4,
       "429: rate_limited: too many requests: wait a minute"},
      {"elsewhere", 301, "", 2, "301: the server is elsewhere, and the key is not sent there: name its own"},
      {"a fall", 500, "", 5, "500: the server or a proxy before it failed: try again"},
      {"a fall that may be done", 500, "", 5,
       "; push again: a register that the server has already is no new"},
      {"busy", 503, R"({"code":"overloaded"})", 3, "503: overloaded"},
      {"unknown", 503, R"({"code":"outcome_unknown"})", 5, "503: outcome_unknown"},
      {"another opinion", 422, R"({"errors":[{"pointer":"/register","message":"3:1: no value"}]})", 2,
       "/register: 3:1: no value"},
      {"no server of ours", 404, "<html>", 2, "404"},
      {"an answer to something else", 200, "{}", 5, "does not say what it did"},
      {"another register", 200, answer_for("version = 1\n"), 5, "took another register"},
      {"a page", 200, "<html>", 5, "is that a gate-server?"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PushWorld world;
    world.http.answer("PUT", row.body, row.status);
    EXPECT_EQ(world.push(), row.exit_code);
    EXPECT_THAT(world.err.str(), HasSubstr(row.words));
    EXPECT_THAT(world.err.str(), Not(HasSubstr(kKey)));
    EXPECT_THAT(world.out.str(), IsEmpty());
  }
}

TEST(Push, ExitsByHowItWasNotReached) {
  PushWorld unreachable;
  unreachable.http.answer("PUT", gate::Error{gate::ErrorCode::unavailable, "connection refused"});
  EXPECT_EQ(unreachable.push(), 3);
  EXPECT_EQ(unreachable.http.requests().size(), 3U);
  PushWorld broken;
  broken.http.answer("PUT", gate::Error{gate::ErrorCode::unconfirmed, "no whole reply within 20 s"});
  EXPECT_EQ(broken.push(), 5);
  PushWorld healed;
  healed.http.answer_once("PUT", gate::Error{gate::ErrorCode::unconfirmed, "closed without a reply"});
  EXPECT_EQ(healed.push(), 0);
  EXPECT_THAT(healed.err.str(), IsEmpty());
}

TEST(Push, RefusesCommandLinesThatAreWrong) {
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    const char* words;
  };
  const Row rows[] = {
      {"no time", {"--timeout", "soon"}, "--timeout: "},
      {"http to another machine", {"--url", "http://h"}, "--allow-http"},
      {"a key on the command line", {"--key", kKey}, "unknown option \"--key\""},
      {"a generation that is none", {"--if-generation", "last"}, "--if-generation: "},
      {"two registers", {"a.toml", "b.toml"}, "\"b.toml\" is one operand too many"},
      {"a commit that is none", {"--git-sha", "main"}, "--git-sha: "},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PushWorld world;
    EXPECT_EQ(world.push(row.arguments), 2);
    EXPECT_THAT(world.err.str(), HasSubstr(row.words));
    EXPECT_THAT(world.http.requests(), IsEmpty());
  }
}

TEST(Push, AChangeUnderReviewPutsNothingInForce) {
  PushWorld world;
  world.environment.set("GITHUB_ACTIONS", "true");
  world.environment.set("GITHUB_EVENT_NAME", "pull_request");
  EXPECT_EQ(world.push(), 2);
  EXPECT_THAT(world.err.str(), HasSubstr("push from the branch it is merged into"));
  EXPECT_THAT(world.http.requests(), IsEmpty());
}

TEST(Push, IsACommandAndAFileOfThatNameIsNot) {
  PushWorld world;
  world.files.add("push", kGood);
  EXPECT_EQ(run_exemption_report({"--as-of", "2026-11-20", "./push"}, world.context), 0);
  EXPECT_THAT(world.out.str(), HasSubstr("exemptions: in force 2"));
  EXPECT_THAT(world.http.requests(), IsEmpty());
  World help;
  EXPECT_EQ(run_exemption_report({"--help"}, help.context), 0);
  EXPECT_THAT(help.out.str(), AllOf(HasSubstr("[REGISTER]"), HasSubstr("\ncommands:\n  push ")));
}

}  // namespace
}  // namespace exemptions
