// What a server that is killed has acknowledged is there, once, and its audit log is whole.

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "tests/integration/server/real_server.h"

namespace gate::test {
namespace {

using testing::HasSubstr;

bool full() {
  return std::getenv("RELEASE_GATE_FULL") != nullptr;
}

// The limits of one endpoint, set again and again: each change is one audit row whose `after` has the number
// that was sent, so the log tells which were applied, and how often.
std::string limit_of(int number) {
  return fmt::format(R"({{"endpoint":"canaryManagement","maxRequests":{},"windowMs":60000}})", number);
}

// How often each number was applied, by the audit log.
std::map<std::int64_t, int> applied(const RealServer& server, const std::string& key) {
  std::map<std::int64_t, int> times;
  std::string before;
  while (true) {
    const auto reply = server.ask("GET", "/api/v1/audit?limit=1000" + before, {}, {}, key);
    EXPECT_EQ(reply.status, 200) << reply.body;
    const auto document = load::parse_json(reply.body);
    if (!document) return times;
    const Value body = load::to_value(document->root);
    const Value::Array& rows = *body.find("rows")->as_array();
    if (rows.empty()) return times;
    for (const Value& row : rows) {
      if (*row.find("action")->as_string() != "rate_limit.configured") continue;
      const Value* requests = row.find("after")->find("requests");
      EXPECT_NE(requests, nullptr) << reply.body.substr(0, 500);
      if (requests != nullptr) ++times[*requests->as_integer()];
    }
    before = fmt::format("&before={}", *rows.back().find("sequence")->as_integer());
  }
}

// Sends numbered changes, each with a key of its own, and writes down which were acknowledged.
class Sender {
 public:
  explicit Sender(RealServer& server, std::string key) : server_(server), key_(std::move(key)) {}

  // One change; true where it was acknowledged.
  bool send(int number) {
    const auto reply =
        server_.ask("POST", "/api/v1/rate-limit/config", limit_of(number), fmt::format("n-{}", number), key_);
    const std::lock_guard lock{mutex_};
    sent_.insert(number);
    if (reply.status == 200) acknowledged_.insert(number);
    if (reply.status != 200 && reply.status != 0 && reply.status != 503)
      others_ += fmt::format("{} {}\n", reply.status, reply.body);
    return reply.status == 200;
  }

  void check() const {
    const auto times = applied(server_, key_);
    for (const int number : acknowledged_) {
      EXPECT_EQ(times.contains(number) ? times.at(number) : 0, 1) << "acknowledged: " << number;
    }
    for (const auto& [number, count] : times) {
      EXPECT_EQ(count, 1) << "applied more than once: " << number;
      EXPECT_TRUE(sent_.contains(static_cast<int>(number))) << "never sent: " << number;
    }
    EXPECT_EQ(others_, "");
  }

  [[nodiscard]] std::set<int> unacknowledged() const {
    std::set<int> left;
    std::set_difference(sent_.begin(), sent_.end(), acknowledged_.begin(), acknowledged_.end(),
                        std::inserter(left, left.end()));
    return left;
  }
  [[nodiscard]] std::size_t acknowledged() const { return acknowledged_.size(); }

 private:
  RealServer& server_;
  std::string key_;
  std::mutex mutex_;
  std::set<int> sent_;
  std::set<int> acknowledged_;
  std::string others_;
};

std::string unlimited_key(const RealServer& server) {
  const auto made = server.command({"keys", "create", "--owner", "soak", "--role", "admin", "--rate",
                                    "admin=100000/1s", "--rate", "write=100000/1s"});
  EXPECT_EQ(made.code, 0) << made.output;
  const std::size_t at = made.output.find("rgk_");
  return made.output.substr(at, made.output.find('\n', at) - at);
}

void expect_whole(const RealServer& server) {
  const auto verified = server.command({"audit", "verify"});
  EXPECT_EQ(verified.code, 0) << verified.output;
  EXPECT_THAT(verified.output, HasSubstr("whole:"));
}

TEST(Soak, KillNineUnderLoadLosesAndRepeatsNothing) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  Sender sender{server, key};
  std::mt19937 random{20261120};
  const int rounds = full() ? 1'000 : 15;
  int number = 0;
  for (int round = 0; round < rounds; ++round) {
    std::atomic<int> next{number + 1};
    std::atomic<bool> stop{false};
    std::vector<std::thread> senders;
    for (int i = 0; i < 4; ++i) {
      senders.emplace_back([&] {
        while (!stop) sender.send(next++);
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10 + random() % 90});
    server.kill();
    stop = true;
    for (std::thread& thread : senders) thread.join();
    number = next;
    ASSERT_TRUE(server.start()) << "round " << round << ": " << server.said();
    // Whoever got no answer sends again, with the same key.
    for (const int again : sender.unacknowledged()) EXPECT_TRUE(sender.send(again)) << again;
    if (round % 5 != 4) continue;  // the whole log takes its time
    sender.check();
    expect_whole(server);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GE(sender.acknowledged(), static_cast<std::size_t>(rounds)) << "there was no load";
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

// One start, one change sent twice with one key, and the end, with the process killed at its n-th system call
// that writes. False where it came to its end.
bool killed_at(RealServer& server, const std::filesystem::path& strace, int point, Sender& sender) {
  const std::string writes =
      "pwrite64,fdatasync,fsync,ftruncate,rename,renameat2,linkat,unlink,unlinkat,mkdir";
  const bool started =
      server.start({strace.string(), "-D", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=" + writes, "-e",
                    fmt::format("inject={}:signal=KILL:when={}", writes, point)});
  if (!started) return true;
  const bool first = sender.send(point);
  const bool second = first && sender.send(point);
  if (!second) return true;
  server.process().tell(SIGTERM);
  return server.process().wait() != 0;
}

TEST(EveryWrite, KilledThereLosesAndRepeatsNothing) {
  REQUIRE_PROGRAM(strace, "strace", "strace");
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  ASSERT_EQ(server.end(), 0);
  Sender sender{server, key};
  const int step = full() ? 1 : 3;
  int point = 1;
  while (point < 2'000 && killed_at(server, strace, point, sender)) {
    server.kill();
    ASSERT_TRUE(server.start()) << "killed at write " << point << ": " << server.said();
    for (const int again : sender.unacknowledged()) EXPECT_TRUE(sender.send(again)) << again;
    sender.check();
    ASSERT_EQ(server.end(), 0);
    expect_whole(server);
    if (testing::Test::HasFailure()) FAIL() << "killed at write " << point;
    point += step;
  }
  EXPECT_GT(point, 5) << "nothing was written";
  EXPECT_LT(point, 2'000);
}

}  // namespace
}  // namespace gate::test
