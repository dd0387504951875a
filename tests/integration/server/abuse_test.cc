// Clients that send too much, too slowly, too many at once, or what nobody should.

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/server/changes.h"
#include "tests/integration/server/oracles.h"
#include "tests/support/raw_client.h"
#include "tests/unit/server/http/malformed_heads.h"

namespace gate::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::Not;

// The n-th of 16 million addresses of this machine.
std::string own_address(int number) {
  return fmt::format("127.{}.{}.{}", 1 + number / 62'500, number / 250 % 250, 1 + number % 250);
}

std::string with_key(const std::string& key) {
  return fmt::format("X-API-Key: {}\r\n", key);
}

milliseconds time_of(const std::function<void()>& work) {
  const auto start = steady_clock::now();
  work();
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

TEST(Framing, IsRefusedByTheRealServerWithoutAWordOfTheKey) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string secret = server.key().substr(18);
  for (const server::http::MalformedHead& head : server::http::malformed_heads()) {
    SCOPED_TRACE(head.name);
    std::string bytes = head.bytes;
    if (const std::size_t at = bytes.find("Host: x\r\n"); at != std::string::npos && at > 0)
      bytes.insert(at, "Authorization: Bearer " + server.key() + "\r\n");
    RawClient client{server.address()};
    client.send(bytes);
    client.end_sending();
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, head.status) << reply->body;
    EXPECT_THAT(reply->body, HasSubstr("\"code\":"));
    EXPECT_THAT(reply->body, Not(HasSubstr(secret)));
    EXPECT_THAT(client.rest(), Not(HasSubstr("HTTP/1.1"))) << "a second request was seen in it";
  }
  EXPECT_EQ(server.ask("GET", "/api/v1/keys").status, 200);
  EXPECT_EQ(server.end(), 0);
  const std::string said = server.said();
  EXPECT_EQ(said.find(secret), said.rfind(secret)) << "beside the one line that shows it";
}

TEST(Secrets, AreNotEchoedFromWhereTheyDoNotBelong) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = server.key();
  const std::string secret = key.substr(18);
  const auto made = server.command({"keys", "create", "--owner", "eyes", "--role", "viewer"});
  const std::string viewer = made.output.substr(0, made.output.find('\n'));
  const std::string json = "Content-Type: application/json\r\n";
  const auto post = [&](const std::string& headers, const std::string& body) {
    return fmt::format("POST /api/v1/rate-limit/config HTTP/1.1\r\nHost: x\r\n{}Content-Length: {}\r\n\r\n{}",
                       with_key(key) + headers, body.size(), body);
  };
  const std::pair<const char*, std::string> rows[] = {
      {"the path", get("/api/v1/" + key)},
      {"the path of a route",
       "DELETE /api/v1/keys/" + key + " HTTP/1.1\r\nHost: x\r\n" + with_key(viewer) + "\r\n"},
      {"the query", get("/api/v1/keys?" + key + "=" + key, with_key(key))},
      {"another header", get("/api/v1/keys", "Cookie: " + key + "\r\n")},
      {"a correlation id", get("/api/v1/nothing", "X-Correlation-Id: " + key + "\r\n")},
      {"a body that is no JSON", post(json, key)},
      {"a member's name", post(json, fmt::format(R"({{"{}":1}})", key))},
      {"a member's value", post(json, fmt::format(R"({{"endpoint":"{}"}})", key))},
      {"the media type", post("Content-Type: " + key + "\r\n", "{}")},
      {"the idempotency key", post(json + "Idempotency-Key: " + key + "\r\n", "{}")},
      {"half of it is right", get("/api/v1/keys", with_key(key.substr(0, key.size() - 1) + "!"))},
  };
  for (const auto& [name, bytes] : rows) {
    SCOPED_TRACE(name);
    RawClient client{server.address()};
    client.send(bytes);
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_GE(reply->status, 400) << reply->body;
    EXPECT_THAT(reply->body, Not(HasSubstr(secret)));
  }
  EXPECT_EQ(server.end(), 0);
  const std::string said = server.said();
  EXPECT_EQ(said.find(secret), said.rfind(secret)) << said;
}

TEST(SlowClients, DelayNobodyElse) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  const int count = is_full_run() ? 1'000 : 200;
  std::deque<RawClient> slow;
  for (int i = 0; i < count; ++i) slow.emplace_back(server.address(), own_address(i));
  std::atomic<bool> stop{false};
  std::thread trickle{[&] {
    const std::string head = get("/api/v1/keys", "X: " + std::string(400, 'x') + "\r\n");
    for (std::size_t at = 0; !stop; at = (at + 1) % head.size()) {
      for (RawClient& client : slow) client.send(head.substr(at, 1));
      std::this_thread::sleep_for(milliseconds{10});
    }
  }};
  RawClient good{server.address()};
  std::vector<milliseconds> times;
  const auto end = steady_clock::now() + milliseconds{1'500};
  while (times.size() < 300 || steady_clock::now() < end) {
    times.push_back(time_of([&] {
      good.send(get("/api/v1/canary/status", with_key(key)));
      const auto reply = good.reply();
      EXPECT_TRUE(reply && reply->status == 200);
    }));
  }
  stop = true;
  trickle.join();
  std::sort(times.begin(), times.end());
  EXPECT_LT(times[times.size() * 99 / 100], milliseconds{250});
}

TEST(Descriptors, ThatAreUsedUpPauseAcceptingAlone) {
  REQUIRE_PROGRAM(prlimit, "prlimit", "util-linux");
  RealServer server;
  ASSERT_TRUE(server.start({prlimit.string(), "--nofile=64"})) << server.said();
  const std::string key = unlimited_key(server);
  RawClient early{server.address()};
  const auto answers = [&] {
    early.send(get("/api/v1/audit", with_key(key)));
    const auto reply = early.reply();
    return reply && reply->status == 200;
  };
  EXPECT_TRUE(answers());
  {
    std::deque<RawClient> crowd;
    for (int i = 0; i < 120; ++i) crowd.emplace_back(server.address(), own_address(i));
    const double before = seconds_of_processor(server);
    EXPECT_TRUE(answers()) << "who is connected is served all the same";
    std::this_thread::sleep_for(milliseconds{1'000});
    EXPECT_LT(seconds_of_processor(server) - before, 0.5) << "it spins";
    RawClient late{server.address()};
    late.patience = milliseconds{200};
    late.send(get("/health/live"));
    EXPECT_FALSE(late.reply()) << "there was a descriptor left";
  }
  EXPECT_TRUE(eventually(
      [&] { return server.ask("GET", "/health/live", {}, {}, RealServer::kNoKey).status == 200; }));
  EXPECT_EQ(server.command({"keys", "list"}).code, 0);
  NumberedChanges changes{server, key};
  EXPECT_EQ(changes.send(1).status, 200);
  EXPECT_EQ(server.end(), 0);
}

// As many senders at once, one change each.
void send_at_once(NumberedChanges& changes, int first, int count) {
  std::vector<std::thread> senders;
  for (int i = 0; i < count; ++i) senders.emplace_back([&changes, first, i] { changes.send(first + i); });
  for (std::thread& sender : senders) sender.join();
}

// The disk comes to take a third of a second for each commit, so that more is brought than the queue may
// hold.
TEST(Overload, ShedsWritesAndRecoversAtOnce) {
  REQUIRE_PROGRAM(strace, "strace", "strace");
  const ScratchFolder settings;
  RealServer server{
      {"--config", settings.write("server.toml", "version = 1\n[http]\nconnections_per_address = 2000\n")}};
  ASSERT_TRUE(server.start({strace.string(), "-D", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=fdatasync",
                            "-e", "inject=fdatasync:delay_enter=300000:when=60+"}))
      << server.said();
  NumberedChanges changes{server, unlimited_key(server)};
  int number = 0;
  const auto is_slow = [&] {
    return time_of([&] { EXPECT_EQ(changes.send(++number).status, 200); }) > milliseconds{250};
  };
  ASSERT_TRUE(eventually(is_slow));
  constexpr std::size_t kSenders = 500;
  std::thread load{[&] { send_at_once(changes, number + 1, static_cast<int>(kSenders)); }};
  std::atomic<bool> stop{false};
  milliseconds longest{0};
  std::thread look{[&] {
    while (!stop) {
      longest = std::max(longest, time_of([&] {
                           const auto live = server.ask("GET", "/health/live", {}, {}, RealServer::kNoKey);
                           EXPECT_EQ(live.status, 200) << live.body;
                         }));
    }
  }};
  load.join();
  stop = true;
  look.join();
  EXPECT_LT(longest, milliseconds{2'000}) << "liveness waited for the disk";
  const std::size_t shed = changes.unacknowledged().size();
  EXPECT_GT(shed, 0U) << "there was no overload";
  EXPECT_LT(shed, kSenders) << "nobody was served";
  const auto sent = [&] { return changes.send(number + static_cast<int>(kSenders) + 1).status == 200; };
  EXPECT_TRUE(eventually(sent, std::chrono::seconds{3}));
  changes.check();
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

TEST(OneIntent, SentFiftyTimesAtOnceIsDoneOnce) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  const std::string body = R"({"endpoint":"canaryManagement","maxRequests":77,"windowMs":60000})";
  std::vector<RealServer::Reply> replies(50);
  std::vector<std::thread> senders;
  for (RealServer::Reply& reply : replies) {
    senders.emplace_back(
        [&] { reply = server.ask("POST", "/api/v1/rate-limit/config", body, "one-intent", key); });
  }
  for (std::thread& sender : senders) sender.join();
  for (const RealServer::Reply& reply : replies) {
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.body, replies.front().body);
  }
  EXPECT_EQ(applied(server, key), (std::map<std::int64_t, int>{{77, 1}}));
  EXPECT_EQ(server.ask("POST", "/api/v1/rate-limit/clear", {}, "one-intent", key).status, 200)
      << "the key of one route is not another's";
  EXPECT_EQ(server.ask("POST", "/api/v1/rate-limit/config", R"({"endpoint":"x"})", "one-intent", key).status,
            422);
}

// Each with an address, a key and an idempotency key that were never seen before.
TEST(Strangers, TakeNoMemoryThatIsNotGivenBack) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const int count = is_full_run() ? 100'000 : 4'000;
  int limited = 0;
  const auto come = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      RawClient client{server.address(), own_address(i)};
      client.send(get(fmt::format("/api/v1/keys?hours={}", i),
                      fmt::format("X-API-Key: rgk_live_{:08}_{:037}\r\nIdempotency-Key: {}\r\n", i, i, i)));
      const auto reply = client.reply();
      ASSERT_TRUE(reply);
      ASSERT_TRUE(reply->status == 401 || reply->status == 429) << reply->body;
      limited += reply->status == 429 ? 1 : 0;
    }
  };
  come(0, count / 4);
  const std::size_t before = resident_bytes(server);
  come(count / 4, count);
  EXPECT_LT(resident_bytes(server), before + (24U << 20U));
  EXPECT_LT(resident_bytes(server), 96U << 20U);
  EXPECT_EQ(limited, 0) << "one stranger paid for another";
  EXPECT_EQ(server.ask("GET", "/api/v1/keys").status, 200);
}

// Who guesses is held up; who has a key at the same address is not.
TEST(Strangers, WhoGuessFromOneAddressAreHeldUpAlone) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  const auto guess = [&](int number) {
    return server.ask("GET", "/api/v1/keys", {}, {}, fmt::format("rgk_live_{:08}_{:037}", number, number));
  };
  int number = 0;
  EXPECT_TRUE(eventually([&] { return guess(++number).status == 429; }));
  EXPECT_GE(number, 20);
  EXPECT_EQ(server.ask("GET", "/api/v1/keys", {}, {}, key).status, 200);
}

}  // namespace
}  // namespace gate::test
