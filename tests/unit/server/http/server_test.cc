#include "server/http/server.h"

#include <sys/resource.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/http/malformed_heads.h"
#include "tests/unit/server/http/server_world.h"

namespace server::http {
namespace {

using namespace std::chrono_literals;
using gate::test::get;
using gate::test::RawClient;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kOnceMore = "GET /behind HTTP/1.1\r\nHost: x\r\n\r\n";

template <class Is>
bool becomes_true(Is is) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!is() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(2ms);
  return is();
}

TEST(Server, AnswersOverARealSocket) {
  ServerWorld world;
  world.start();
  RawClient client = world.client();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(get("/a?b=c")));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->body, "GET /a?b=c");
    EXPECT_EQ(reply->headers.at("server"), "gate-server");
    EXPECT_EQ(reply->headers.at("cache-control"), "no-store");
    EXPECT_EQ(reply->headers.at("x-content-type-options"), "nosniff");
    EXPECT_FALSE(reply->headers.contains("connection"));
  }
  EXPECT_EQ(world.application.heads().front().peer.address, "127.0.0.1");
  EXPECT_EQ(world.server->counts().accepted, 1U);
}

TEST(Server, RefusesEveryMalformedHeadAndRunsNothingBehindIt) {
  Limits limits;
  limits.header_deadline = 200ms;
  ServerWorld world{limits};
  world.start();
  for (const MalformedHead& head : malformed_heads()) {
    SCOPED_TRACE(head.name);
    RawClient client = world.client();
    client.send(head.bytes + std::string{kOnceMore});
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, head.status);
    EXPECT_EQ(reply->headers.at("connection"), "close");
    client.end_sending();
    EXPECT_EQ(client.rest(), "");
    EXPECT_TRUE(client.is_ended());
  }
  EXPECT_THAT(world.application.log(), IsEmpty());
  EXPECT_EQ(world.server->counts().malformed, malformed_heads().size());
}

TEST(Server, RunsPipelinedRequestsInOrderWhereverTheBytesAreSplit) {
  const std::string bytes = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst" + get("/b");
  ServerWorld world;
  world.start();
  for (std::size_t split = 1; split < bytes.size(); ++split) {
    SCOPED_TRACE(split);
    RawClient client = world.client();
    client.send(bytes.substr(0, split));
    std::this_thread::sleep_for(1ms);
    client.send(bytes.substr(split));
    const auto first = client.reply();
    const auto second = client.reply();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->body, "POST /a first");
    EXPECT_EQ(second->body, "GET /b");
  }
  EXPECT_EQ(world.application.log().size(), 2 * (bytes.size() - 1));
}

TEST(Server, TakesALongBodyAndGivesALongAnswer) {
  ServerWorld world;
  world.application.body_limit = 8U << 20U;
  world.start();
  const std::string body(5U << 20U, 'b');
  RawClient client = world.client();
  std::thread sender{[&] {
    client.send(fmt::format("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.size()) + body);
  }};
  sender.join();
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body.size(), body.size() + 8);
}

// The refusal must reach a client that is still sending: a reset would take it away.
TEST(Server, TellsAClientThatIsStillSendingWhyItIsRefused) {
  ServerWorld world;
  world.start();
  const std::string body(2U << 20U, 'b');
  RawClient client = world.client();
  client.patience = 3'000ms;
  client.send(fmt::format("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.size()));
  client.send(body);
  const auto reply = client.reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413);
  EXPECT_TRUE(client.is_ended());
  EXPECT_THAT(world.application.log(), IsEmpty());
}

// Both ends of each connection are this process's.
void raise_limit_of_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(Server, IsNotDelayedByMany) {
  raise_limit_of_descriptors();
  const std::size_t many = runs_in_full() ? 1'000 : 200;
  Limits limits;
  limits.connections_per_address = 64;
  ServerWorld world{limits};
  world.start();
  std::vector<RawClient> slow;
  for (std::size_t i = 0; i < many; ++i) {
    slow.emplace_back(world.address(), fmt::format("127.0.1.{}", 1 + i / 60));
    slow.back().send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-Slow: ");
  }
  ASSERT_TRUE(becomes_true([&] { return world.server->counts().open == static_cast<std::int64_t>(many); }));
  std::chrono::nanoseconds longest{0};
  RawClient good = world.client();
  for (int i = 0; i < 200; ++i) {
    for (std::size_t one = static_cast<std::size_t>(i) % 10; one < many; one += 10) slow[one].send("x");
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(good.send(get("/good")));
    ASSERT_TRUE(good.reply());
    longest = std::max(longest, std::chrono::nanoseconds{std::chrono::steady_clock::now() - begun});
  }
  EXPECT_LT(longest, 1s);
  EXPECT_EQ(world.application.log().size(), 200U);
}

TEST(Server, CutsSlowClientsOffAtTheDeadline) {
  Limits limits;
  limits.header_deadline = 100ms;
  limits.request_deadline = 200ms;
  limits.idle = 150ms;
  ServerWorld world{limits};
  world.start();
  RawClient head = world.client();
  RawClient body = world.client();
  RawClient idle = world.client();
  head.send("GET /x HT");
  body.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
  EXPECT_EQ(head.reply().value_or(gate::test::RawReply{}).status, 408);
  EXPECT_EQ(body.reply().value_or(gate::test::RawReply{}).status, 408);
  EXPECT_EQ(idle.rest(), "");
  EXPECT_TRUE(head.is_ended() && body.is_ended() && idle.is_ended());
  EXPECT_TRUE(becomes_true([&] { return world.server->counts().open == 0; }));
  EXPECT_EQ(world.server->counts().timed_out, 2U);
}

TEST(Server, CutsOffAClientThatNeverReads) {
  Limits limits;
  limits.write_deadline = 200ms;
  ServerWorld world{limits};
  world.application.handle = [](const Head&, const std::string&, const Responder& respond) {
    respond({200, std::string(32U << 20U, 'a'), "text/plain", {}, false});
  };
  world.start();
  RawClient client = world.client();
  client.narrow_window();
  client.send(get("/x"));
  EXPECT_TRUE(becomes_true([&] { return world.server->counts().timed_out == 1; }));
  EXPECT_TRUE(becomes_true([&] { return world.server->counts().open == 0; }));
}

TEST(Server, OutlivesClientsThatCrash) {
  ServerWorld world;
  std::mutex guard;
  std::vector<Responder> kept;
  world.application.handle = [&](const Head&, const std::string&, const Responder& respond) {
    const std::lock_guard lock{guard};
    kept.push_back(respond);
  };
  world.start();
  for (const char* sent : {"", "GET /x", "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
                           "GET /x HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    RawClient client = world.client();
    client.send(sent);
    std::this_thread::sleep_for(5ms);
    client.reset();
  }
  ASSERT_TRUE(becomes_true([&] {
    const std::lock_guard lock{guard};
    return kept.size() == 1;
  }));
  const std::lock_guard lock{guard};
  for (const Responder& respond : kept) respond({200, std::string(1U << 20U, 'a'), "text/plain", {}, false});
  EXPECT_TRUE(becomes_true([&] { return world.server->counts().open == 0; }));
}

TEST(Server, TakesAnswersFromAnyThreadAndEvenAfterItsEnd) {
  std::promise<Responder> promised;
  std::vector<std::thread> threads;
  {
    ServerWorld world;
    world.application.handle = [&](const Head& head, const std::string&, const Responder& respond) {
      if (head.path == "/never") return promised.set_value(respond);
      threads.emplace_back([respond] { respond({200, "from elsewhere", "text/plain", {}, false}); });
    };
    world.settings.threads = 1;
    world.start();
    RawClient client = world.client();
    client.send(get("/elsewhere") + get("/elsewhere"));
    EXPECT_EQ(client.reply().value_or(gate::test::RawReply{}).body, "from elsewhere");
    EXPECT_EQ(client.reply().value_or(gate::test::RawReply{}).body, "from elsewhere");
    client.send(get("/never"));
    ASSERT_TRUE(becomes_true([&] { return world.application.log().size() == 3; }));
  }
  promised.get_future().get()({200, "nobody is there", "text/plain", {}, false});
  for (std::thread& thread : threads) thread.join();
}

TEST(Server, TurnsClientsAwayOverItsCaps) {
  Limits limits;
  limits.connections = 3;
  limits.connections_per_address = 2;
  ServerWorld world{limits};
  world.start();
  const auto is_served = [](RawClient& client) {
    client.send(get("/x"));
    return client.reply().value_or(gate::test::RawReply{}).status;
  };
  RawClient first{world.address(), "127.0.0.2"};
  RawClient second{world.address(), "127.0.0.2"};
  EXPECT_EQ(is_served(first), 200);
  EXPECT_EQ(is_served(second), 200);
  RawClient third{world.address(), "127.0.0.2"};
  EXPECT_EQ(is_served(third), 503);
  EXPECT_TRUE(third.is_ended());
  RawClient other{world.address(), "127.0.0.3"};
  EXPECT_EQ(is_served(other), 200);
  RawClient one_more{world.address(), "127.0.0.4"};
  EXPECT_EQ(is_served(one_more), 503);
  { const RawClient leaves = std::move(first); }
  EXPECT_TRUE(becomes_true([&] { return world.server->counts().open == 2; }));
  RawClient again{world.address(), "127.0.0.4"};
  EXPECT_EQ(is_served(again), 200);
  EXPECT_EQ(world.server->counts().refused_connections, 2U);
}

TEST(Server, AnswersAtItsEndWhatItAccepted) {
  ServerWorld world;
  world.application.handle = [](const Head&, const std::string&, const Responder& respond) {
    std::thread{[respond] {
      std::this_thread::sleep_for(100ms);
      respond({200, "in time", "text/plain", {}, false});
    }}.detach();
  };
  world.start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(world.client());
  RawClient idle = world.client();
  for (RawClient& client : clients) client.send(get("/x"));
  ASSERT_TRUE(becomes_true([&] { return world.application.log().size() == clients.size(); }));
  const std::string address = world.address();
  const auto begun = std::chrono::steady_clock::now();
  std::thread stopping{[&] { world.server->stop(10s); }};
  for (RawClient& client : clients) {
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "in time");
    EXPECT_EQ(reply->headers.at("connection"), "close");
  }
  EXPECT_EQ(idle.rest(), "");
  clients.clear();
  stopping.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  EXPECT_THROW(RawClient{address}, std::runtime_error);
}

TEST(Server, EndsInTimeWhoeverHangsOn) {
  ServerWorld world;
  std::promise<Responder> kept;
  world.application.handle = [&](const Head&, const std::string&, const Responder& respond) {
    kept.set_value(respond);
  };
  world.start();
  RawClient client = world.client();
  client.send(get("/x"));
  const Responder never = kept.get_future().get();
  const auto begun = std::chrono::steady_clock::now();
  world.server->stop(100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
  EXPECT_TRUE(client.is_ended());
}

TEST(Server, SaysHowLongWorkWaits) {
  ServerWorld world;
  std::atomic<bool> is_over{false};
  world.application.handle = [](const Head&, const std::string&, const Responder& respond) {
    std::this_thread::sleep_for(60ms);
    respond({200, "slow", "text/plain", {}, false});
  };
  world.settings.threads = 1;
  world.start();
  std::this_thread::sleep_for(100ms);
  EXPECT_LT(world.server->lag(), 30ms);
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      RawClient client = world.client();
      while (!is_over && client.send(get("/x")) && client.reply()) {
      }
    });
  }
  EXPECT_TRUE(becomes_true([&] { return world.server->lag() >= 40ms; }));
  is_over = true;
  for (std::thread& client : clients) client.join();
  EXPECT_TRUE(becomes_true([&] { return world.server->lag() < 30ms; }));
}

TEST(Server, SaysWhyItCannotListen) {
  ServerWorld world;
  world.start();
  const auto fault_of = [&](const std::string& address) {
    const auto opened =
        Server::open({{address}, {}, {}, {}, 1}, world.application, world.clock, world.random);
    return opened ? gate::Error{gate::ErrorCode::io, "it listens"} : opened.error();
  };
  for (const char* address :
       {"", "8080", "localhost:8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80",
        "127.0.0.1:http", "[127.0.0.1]:80", "256.0.0.1:80", "203.0.113.1:0"}) {
    SCOPED_TRACE(address);
    EXPECT_EQ(fault_of(address).code, gate::ErrorCode::usage);
    EXPECT_THAT(fault_of(address).message, HasSubstr(std::string{address} + ": "));
  }
  EXPECT_EQ(fault_of(world.address()).message, world.address() + ": address already in use");
}

TEST(Server, ListensOnIpv6) {
  ServerWorld world;
  world.settings.listen = {"127.0.0.1:0", "[::1]:0"};
  auto opened = Server::open(world.settings, world.application, world.clock, world.random);
  if (!opened) GTEST_SKIP() << "no IPv6 here: " << opened.error().message;
  EXPECT_THAT((*opened)->addresses().at(1), ::testing::StartsWith("[::1]:"));
  EXPECT_THAT((*opened)->addresses().at(1), Not(HasSubstr(":0")));
}

}  // namespace
}  // namespace server::http
