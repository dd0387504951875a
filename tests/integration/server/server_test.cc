// The binary as its owner and its clients meet it.

#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "tests/integration/server/real_server.h"
#include "tests/support/test_data.h"

namespace gate::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

Value json(const std::string& text) {
  const auto document = load::parse_json(text);
  EXPECT_TRUE(document) << text;
  return document ? load::to_value(document->root) : Value{};
}

// The key in what `keys create` printed.
std::string key_in(const std::string& text) {
  const std::size_t at = text.find("rgk_");
  return at == std::string::npos ? std::string{} : text.substr(at, text.find('\n', at) - at);
}

TEST(Start, ShowsTheFirstKeyOnce) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  EXPECT_THAT(server.said(), HasSubstr("rgk_live_"));
  EXPECT_EQ(server.ask("GET", "/api/v1/keys").status, 200);
  EXPECT_EQ(server.end(), 0);
  ASSERT_TRUE(server.start()) << server.said();
  EXPECT_THAT(server.said(), Not(HasSubstr("rgk_")));
  EXPECT_EQ(server.ask("GET", "/api/v1/keys").status, 200) << "the key must outlive a restart";
  EXPECT_EQ(fs::status(server.data()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(server.data() + "/control.sock").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Start, WritesTheFirstKeyForItsOwnerAlone) {
  const ScratchFolder folder;
  const std::string file = (folder.path() / "key").string();
  RealServer server{{"--first-key-file", file}};
  ASSERT_TRUE(server.start()) << server.said();
  EXPECT_THAT(server.said(), Not(HasSubstr("rgk_")));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Start, MakesNoFirstKeyThatCannotBeHandedOver) {
  RealServer server;
  const std::string file = (server.folder().path() / "key").string();
  server.folder().write("key", "something else");
  const auto refused = server.command({"serve", "--listen", "127.0.0.1:0", "--first-key-file", file});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.output,
              HasSubstr(file + ": exists already: remove it or name another; no key was made"));
  const auto unwritable =
      server.command({"serve", "--listen", "127.0.0.1:0", "--first-key-file", "/proc/key"});
  EXPECT_EQ(unwritable.code, 2);
  EXPECT_THAT(unwritable.output, HasSubstr("no key was made"));
  EXPECT_FALSE(server.start({"/bin/sh", "-c", "exec \"$@\" >/dev/full", "sh"}));
  ASSERT_TRUE(server.start()) << server.said();
  EXPECT_THAT(server.said(), HasSubstr("rgk_live_"));
}

TEST(Start, RefusesASecondServerOfAFolder) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const auto second = server.command({"serve", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(second.code, 2);
  EXPECT_THAT(second.output, HasSubstr("in use by process"));
  EXPECT_EQ(server.ask("GET", "/health/ready").status, 200);
}

TEST(Start, RefusesWhatWouldNotBeSafe) {
  struct Row {
    const char* name;
    std::vector<std::string> words;
    const char* says;
  };
  const Row rows[] = {
      {"a public address without TLS", {"serve", "--listen", "0.0.0.0:0"}, "no TLS"},
      {"an address that is none", {"serve", "--listen", "localhost"}, "localhost"},
      {"an unknown key",
       {"serve", "--config", "CONFIG:version = 1\nlisten_adress = 1\n"},
       "server.toml:2:1: unknown key"},
      {"no version", {"serve", "--config", "CONFIG:threads = 2\n"}, "version"},
      {"a service twice",
       {"serve", "--config",
        "CONFIG:version = 1\n[[service]]\nname = \"a\"\nstable = \"http://127.0.0.1:1\"\n[[service]]\nname = "
        "\"a\"\nstable = "
        "\"http://127.0.0.1:1\"\n"},
       "another service's already"},
      {"a register that is not there",
       {"serve", "--config", "CONFIG:version = 1\n[slo]\nobjectives = \"none.toml\"\n"},
       "none.toml"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    RealServer server;
    std::vector<std::string> words = row.words;
    for (std::string& word : words) {
      if (word.starts_with("CONFIG:")) word = server.folder().write("server.toml", word.substr(7));
    }
    const auto ran = server.command(words);
    EXPECT_EQ(ran.code, 2) << ran.output;
    EXPECT_THAT(ran.output, HasSubstr(row.says));
  }
}

TEST(Commands, WorkWhileItRunsAndWhileItDoesNot) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  for (const bool running : {true, false}) {
    SCOPED_TRACE(running);
    if (!running) {
      EXPECT_EQ(server.end(), 0);
    }
    const std::string owner = running ? "ci" : "night";
    const auto made = server.command({"keys", "create", "--owner", owner, "--role", "viewer"});
    EXPECT_EQ(made.code, 0) << made.output;
    EXPECT_THAT(made.output, HasSubstr("rgk_live_"));
    const auto listed = server.command({"keys", "list"});
    EXPECT_EQ(listed.code, 0) << listed.output;
    EXPECT_THAT(listed.output, HasSubstr(owner));
    EXPECT_THAT(listed.output, Not(HasSubstr("rgk_")));
    EXPECT_EQ(server.command({"audit", "verify"}).code, 0);
    EXPECT_THAT(server.command({"migrations", "list"}).output, HasSubstr("audit"));
    const std::string copy = (server.folder().path() / (owner + ".db")).string();
    const auto copied = server.command({"backup", copy});
    EXPECT_EQ(copied.code, 0) << copied.output;
    EXPECT_NE(server.command({"backup", copy}).code, 0) << "a backup was written over";
    EXPECT_EQ(fs::status(copy).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
}

TEST(Commands, RestoreWhatWasBackedUp) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string copy = (server.folder().path() / "copy.db").string();
  ASSERT_EQ(server.command({"backup", copy}).code, 0);
  ASSERT_EQ(server.command({"keys", "create", "--owner", "later", "--role", "viewer"}).code, 0);
  EXPECT_EQ(server.command({"restore", copy}).code, 2) << "under a running server";
  ASSERT_EQ(server.end(), 0);
  const auto restored = server.command({"restore", copy});
  EXPECT_EQ(restored.code, 0) << restored.output;
  EXPECT_THAT(server.command({"keys", "list"}).output, Not(HasSubstr("later")));
  ASSERT_TRUE(server.start()) << server.said();
  EXPECT_EQ(server.ask("GET", "/api/v1/keys").status, 200);
}

TEST(Keys, EndAtOnce) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const auto made = server.command({"keys", "create", "--owner", "ci", "--role", "viewer"});
  const std::string key = key_in(made.output);
  ASSERT_EQ(server.ask("GET", "/api/v1/canary/status", {}, {}, key).status, 200) << made.output;
  ASSERT_EQ(server.command({"keys", "revoke", key.substr(9, 8)}).code, 0);
  EXPECT_EQ(server.ask("GET", "/api/v1/canary/status", {}, {}, key).status, 401);
  EXPECT_NE(server.command({"keys", "revoke", server.key().substr(9, 8)}).code, 0) << "the last admin";
}

// Every operation of the document, with no key, with a viewer's, and by another method.
TEST(Routes, DefendThemselvesAsTheDocumentSays) {
  RealServer server{{"--demo"}};
  ASSERT_TRUE(server.start()) << server.said();
  const auto made = server.command({"keys", "create", "--owner", "eyes", "--role", "viewer", "--rate",
                                    "read=10000/1s", "--rate", "data=10000/1s"});
  const std::string viewer = key_in(made.output);
  const Value document = json(server.ask("GET", "/openapi.json").body);
  const std::string page = contents_of(source_dir() / "docs" / "gate-server.md");
  std::size_t operations = 0;
  for (const Value::Member& path : *document.find("paths")->as_object()) {
    std::string target = path.name;
    if (const std::size_t at = target.find('{'); at != std::string::npos)
      target.replace(at, std::string::npos, "x");
    for (const Value::Member& operation : *path.value.as_object()) {
      const Value* scope = operation.value.find("x-scope");
      if (scope == nullptr || scope->as_string() == nullptr) continue;
      SCOPED_TRACE(operation.name + " " + target);
      std::string method = operation.name;
      for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
      ++operations;
      EXPECT_EQ(server.ask(method, target, {}, {}, RealServer::kNoKey).status, 401);
      const int seen = server.ask(method, target, {}, {}, viewer).status;
      EXPECT_EQ(seen == 403, *scope->as_string() != "read") << seen;
    }
    EXPECT_EQ(server.ask("OPTIONS", target).status, 405) << target;
    EXPECT_THAT(page, HasSubstr(path.name)) << "is not on docs/gate-server.md";
  }
  EXPECT_GE(operations, 25U);
}

TEST(Load, RollbackAsideALoopOfSixtyIsLimited) {
  RealServer server{{"--demo"}};
  ASSERT_TRUE(server.start()) << server.said();
  int limited = 0;
  for (int i = 0; i < 60; ++i) {
    const auto reply = server.ask("GET", "/api/v1/canary/status");
    if (reply.status != 429) continue;
    ++limited;
    EXPECT_NE(reply.whole.header("retry-after"), "");
    EXPECT_THAT(std::string{reply.whole.header("ratelimit-policy")}, HasSubstr("q=30"));
    EXPECT_NE(reply.whole.header("ratelimit"), "");
    EXPECT_EQ(reply.whole.header("ratelimit-remaining"), "0");
  }
  EXPECT_GE(limited, 20);
  EXPECT_LE(limited, 30);
}

TEST(Signals, HangupReadsFilesAnewAndTermDrains) {
  RealServer server{{"--demo"}};
  ASSERT_TRUE(server.start()) << server.said();
  server.process().tell(SIGHUP);
  std::this_thread::sleep_for(std::chrono::milliseconds{700});
  EXPECT_EQ(server.ask("GET", "/health/ready").status, 200);
  EXPECT_THAT(server.said(), HasSubstr("\"reloaded\""));
  EXPECT_EQ(server.end(), 0);
}

TEST(Secrets, StandNowhere) {
  RealServer server{{"--demo"}};
  ASSERT_TRUE(server.start()) << server.said();
  const std::string secret = server.key().substr(18);
  for (const char* target :
       {"/api/v1/keys", "/api/v1/audit", "/api/v1/rate-limit/status", "/metrics", "/openapi.json"}) {
    const auto reply = server.ask("GET", target);
    EXPECT_EQ(reply.status, 200) << target;
    EXPECT_THAT(reply.body, Not(HasSubstr(secret))) << target;
  }
  EXPECT_EQ(server.ask("GET", "/api/v1/nothing?" + server.key()).status, 404);
  const std::string said = server.said();
  EXPECT_EQ(server.end(), 0);
  EXPECT_EQ(said.find(secret), said.rfind(secret)) << "beside the one line that shows it";
  for (const auto& file : fs::recursive_directory_iterator{server.data()}) {
    if (!file.is_regular_file()) continue;
    std::ifstream stream{file.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
    EXPECT_EQ(bytes.find(secret), std::string::npos) << file.path();
  }
}

}  // namespace
}  // namespace gate::test
