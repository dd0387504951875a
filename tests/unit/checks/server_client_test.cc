#include "gate/checks/server_client.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/uuid.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_environment.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_random.h"

namespace gate::checks {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "rgk_test_abcdefgh_s3cret";

TEST(ServerAccess, SendsNoKeyInTheClear) {
  struct Row {
    const char* name;
    const char* url;
    bool allow_http;
    bool taken;
  };
  const Row rows[] = {
      {"https", "https://gate.example.com", false, true},
      {"https with a path", "https://gate.example.com/rg/", false, true},
      {"http to another machine", "http://gate.example.com", false, false},
      {"http, allowed", "http://gate.example.com", true, true},
      {"loopback by name", "http://localhost:8080", false, true},
      {"loopback by address", "http://127.0.0.1:8080/", false, true},
      {"all of loopback", "http://127.8.9.10", false, true},
      {"loopback of IPv6", "http://[::1]:8080", false, true},
      {"another address of IPv6", "http://[::2]:8080", false, false},
      {"a name that begins like loopback", "http://127.0.0.1.example.com", false, false},
      {"a name that begins like localhost", "http://localhost.example.com", false, false},
      {"a byte too large", "http://127.0.0.256", false, false},
      {"a number for an address", "http://2130706433", false, false},
      {"a port that is none", "http://127.0.0.1:80x", false, false},
      {"a backslash", "http://localhost\\.example.com", false, false},
      {"a user", "http://localhost@gate.example.com", true, false},
      {"a query", "https://gate.example.com/?x", false, false},
      {"no scheme", "gate.example.com", false, false},
      {"a file", "file:///etc/passwd", true, false},
      {"nothing", "", false, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const test::FakeEnvironment environment{{"X_API_KEY", kKey}};
    const ServerOptions options{row.url, std::nullopt, row.allow_http};
    const auto access = server_access(options, environment, test::FakeFiles{});
    EXPECT_EQ(access.has_value(), row.taken);
    if (!access) {
      EXPECT_EQ(access.error().code, ErrorCode::usage);
    }
  }
}

TEST(ServerAccess, TakesTheKeyFromFileOrEnvironment) {
  test::FakeFiles files;
  files.add("good", std::string{"  "} + kKey + "\n");
  files.add("empty", "\n");
  files.add("two", "one\ntwo\n");
  files.add("long", std::string(5'000, 'x'));
  struct Row {
    const char* name;
    const char* variable;
    std::optional<std::string> file;
    const char* message;  // empty: taken
  };
  const Row rows[] = {
      {"a variable", kKey, {}, ""},
      {"a file", "", "good", ""},
      {"a file before the variable", "other", "good", ""},
      {"neither", "", {}, "which key? the variable X_API_KEY, or --key-file FILE"},
      {"no such file", kKey, "gone", "--key-file: gone"},
      {"an empty file", kKey, "empty", "empty: it holds no key"},
      {"two lines", kKey, "two", "two: it holds no key"},
      {"a long file", kKey, "long", "--key-file: long"},
      {"a line break", "a\r\nX: b", {}, "X_API_KEY: it holds no key"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const test::FakeEnvironment environment{{"X_API_KEY", row.variable}, {"CCT_URL", "https://h"}};
    const auto access = server_access({{}, row.file, false}, environment, files);
    if (*row.message == '\0') {
      ASSERT_TRUE(access.has_value());
      EXPECT_EQ(access->url, "https://h");
      EXPECT_EQ(access->headers.at(0), (std::pair<std::string, std::string>{"X-API-Key", kKey}));
    } else {
      ASSERT_FALSE(access.has_value());
      EXPECT_THAT(access.error().message, HasSubstr(row.message));
    }
  }
}

ports::HttpReply reply(int status, const std::string& body, const std::string& retry_after = {}) {
  ports::HttpReply made;
  made.status = status;
  made.body = body;
  if (!retry_after.empty()) made.headers.emplace_back("retry-after", retry_after);
  return made;
}

// A server that says these things in turn, and what came of one request.
struct Conversation {
  explicit Conversation(const std::vector<test::FakeHttp::Reply>& replies, const std::string& method = "PUT",
                        milliseconds deadline = milliseconds{20'000}) {
    for (const auto& one : replies) http.answer_once("", one);
    const ServerClient client{{"https://h", {{"X-API-Key", kKey}}, "", {kKey}}, deadline, world};
    ServerRequest request;
    request.method = method;
    request.path = "/api/v1/x";
    if (method != "GET") request.body = "{}";
    result.emplace(client.send(request));
  }

  [[nodiscard]] std::vector<std::string> keys() const {
    std::vector<std::string> found;
    for (const ports::HttpRequest& request : http.requests()) {
      for (const auto& [name, value] : request.headers) {
        if (name == "Idempotency-Key") found.push_back(value);
      }
    }
    return found;
  }

  test::FakeHttp http;
  test::FakeClock clock;
  test::FakeRandom random;
  ServerWorld world{http, clock, random};
  std::optional<Result<ServerReply>> result;
};

const Error kNoConnection{ErrorCode::unavailable, "https://h/api/v1/x: connection refused"};
const Error kBroken{ErrorCode::unconfirmed, "https://h/api/v1/x: the connection was closed without a reply"};
const Error kTooLate{ErrorCode::timeout, "https://h/api/v1/x: no whole reply within 20 s"};

std::string problem(int status, const std::string& code) {
  return R"({"status":)" + std::to_string(status) + R"(,"code":")" + code +
         R"(","detail":"the generation is 8","correlation_id":"c-1"})";
}

TEST(ServerClient, SaysWhatCameOfIt) {
  struct Row {
    const char* name;
    std::vector<test::FakeHttp::Reply> replies;
    std::optional<ErrorCode> error;  // none: an answer
    std::size_t tries;
  };
  const auto refused = reply(409, problem(409, "conflict"));
  const auto busy = reply(503, problem(503, "overloaded"));
  const auto unknown = reply(503, problem(503, "outcome_unknown"));
  const auto limited = reply(429, problem(429, "rate_limited"));
  const auto good = reply(200, R"({"generation":7})");
  const Row rows[] = {
      {"done", {good}, {}, 1},
      {"done at the third try", {kNoConnection, busy, good}, {}, 3},
      {"nobody there", {kNoConnection, kNoConnection, kNoConnection}, ErrorCode::unavailable, 3},
      {"busy", {busy, busy, busy, good}, ErrorCode::unavailable, 3},
      {"a limit", {limited, limited, limited}, ErrorCode::refused, 3},
      {"broken off, then done", {kBroken, good}, {}, 2},
      {"broken off, then nobody there", {kBroken, kNoConnection, kNoConnection}, ErrorCode::unconfirmed, 3},
      {"broken off, then a limit", {kBroken, limited, limited}, ErrorCode::unconfirmed, 3},
      {"broken off, then refused", {kBroken, refused}, ErrorCode::refused, 2},
      {"unknown, then done", {unknown, good}, {}, 2},
      {"unknown to the end", {unknown, unknown, unknown}, ErrorCode::unconfirmed, 3},
      {"no time", {kTooLate}, ErrorCode::timeout, 1},
      {"who are you", {reply(401, problem(401, "unauthenticated"))}, ErrorCode::refused, 1},
      {"you may not", {reply(403, problem(403, "forbidden"))}, ErrorCode::refused, 1},
      {"changed", {reply(412, problem(412, "precondition_failed"))}, ErrorCode::refused, 1},
      {"no such thing", {reply(404, problem(404, "not_found"))}, ErrorCode::not_found, 1},
      {"not so", {reply(422, problem(422, "invalid_request"))}, ErrorCode::malformed, 1},
      {"elsewhere", {reply(302, "")}, ErrorCode::malformed, 1},
      {"a bug", {reply(500, problem(500, "internal"))}, ErrorCode::unconfirmed, 1},
      {"a gateway", {reply(504, "<html>")}, ErrorCode::unconfirmed, 1},
      {"somebody else", {reply(200, "<html>")}, ErrorCode::unconfirmed, 1},
      {"an array", {reply(200, "[]")}, ErrorCode::unconfirmed, 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Conversation talk{row.replies};
    EXPECT_EQ(talk.http.requests().size(), row.tries);
    EXPECT_EQ(talk.result->has_value(), !row.error.has_value());
    if (row.error && !*talk.result) {
      EXPECT_EQ(talk.result->error().code, *row.error);
    }
  }
}

TEST(ServerClient, ASafeRequestIsNeverUnconfirmed) {
  for (const int status : {500, 502, 503, 504}) {
    const auto answer = reply(status, problem(status, "outcome_unknown"));
    const Conversation talk{{answer, answer, answer}, "GET"};
    ASSERT_FALSE(talk.result->has_value());
    EXPECT_EQ(talk.result->error().code, ErrorCode::unavailable) << status;
    EXPECT_THAT(talk.keys(), testing::IsEmpty());
    EXPECT_FALSE(talk.http.requests().at(0).changes);
  }
}

TEST(ServerClient, HasOneKeyForAllTriesAndAnotherForTheNextIntent) {
  const Conversation talk{{kNoConnection, kBroken, reply(200, "{}")}};
  ASSERT_EQ(talk.keys().size(), 3U);
  EXPECT_TRUE(is_uuid(talk.keys().front()));
  EXPECT_THAT(talk.keys(), Each(talk.keys().front()));
  EXPECT_NE(new_idempotency_key(talk.world), talk.keys().front());
}

TEST(ServerClient, WaitsAsLongAsItIsTold) {
  const auto busy = reply(503, "{}", "2");
  const Conversation talk{{busy, busy, reply(200, "{}")}};
  EXPECT_TRUE(talk.result->has_value());
  EXPECT_GE(talk.clock.elapsed(), milliseconds{4'000});
  EXPECT_LE(talk.clock.elapsed(), milliseconds{4'300});
}

TEST(ServerClient, DoesNotWaitBeyondItsDeadline) {
  const Conversation late{{reply(429, problem(429, "rate_limited"), "3600"), reply(200, "{}")}};
  EXPECT_EQ(late.http.requests().size(), 1U);
  EXPECT_EQ(late.clock.elapsed(), milliseconds{0});
  ASSERT_FALSE(late.result->has_value());
  EXPECT_EQ(late.result->error().code, ErrorCode::refused);
  const Conversation nonsense{{reply(429, "{}", "soon"), reply(200, "{}", "-1")}};
  EXPECT_TRUE(nonsense.result->has_value());
}

TEST(ServerClient, GivesEachTryTheTimeThatIsLeft) {
  const Conversation talk{{reply(503, "{}", "5"), reply(200, "{}")}, "PUT", milliseconds{8'000}};
  ASSERT_EQ(talk.http.requests().size(), 2U);
  EXPECT_EQ(talk.http.requests().at(0).timeout, milliseconds{8'000});
  EXPECT_LE(talk.http.requests().at(1).timeout, milliseconds{3'000});
}

TEST(ServerClient, TellsWhatTheServerSaidAndNoSecret) {
  const std::string body =
      R"({"code":"invalid_request","detail":"no key like )" + std::string{kKey} +
      R"( here","errors":[{"pointer":"/register","message":"3:1: no value"},{"pointer":"/a","message":"1"},)"
      R"({"pointer":"/b","message":"2"},{"pointer":"/c","message":"3"},{"pointer":"/d","message":"4"},)"
      R"({"pointer":"/e","message":"5"},7],"correlation_id":"c-1"})";
  const Conversation talk{{reply(422, body)}};
  ASSERT_FALSE(talk.result->has_value());
  EXPECT_EQ(talk.result->error().message,
            "PUT https://h/api/v1/x: 422: invalid_request: no key like *** here: /register: 3:1: no value; "
            "/a: 1; /b: 2; /c: 3; /d: 4; 2 more (correlation id c-1)");
}

TEST(ServerClient, IsNotToldStories) {
  const Conversation talk{{reply(409, R"({"code":7,"detail":")" + std::string(100'000, 'x') + R"("})")}};
  ASSERT_FALSE(talk.result->has_value());
  EXPECT_THAT(talk.result->error().message, AllOf(HasSubstr("409: xxx"), Not(HasSubstr("code"))));
  EXPECT_LT(talk.result->error().message.size(), 700U);
}

}  // namespace
}  // namespace gate::checks
