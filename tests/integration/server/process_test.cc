// The server as a process among others: its signals, its streams, its addresses, its socket.

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/server/changes.h"
#include "tests/integration/server/oracles.h"
#include "tests/support/raw_client.h"

namespace gate::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

// Four senders, each with one change after the other, for as long as it lives.
class Load {
 public:
  // `next` is the number of the next change.
  Load(NumberedChanges& changes, std::atomic<int>& next) : changes_(changes), next_(next) {
    for (int i = 0; i < 4; ++i) {
      senders_.emplace_back([this] {
        // Whom nobody answers gives up, or there would be no end of refused connections.
        while (!stop_ && changes_.send(next_++).status != 0) continue;
      });
    }
  }
  ~Load() { end(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void end() {
    stop_ = true;
    for (std::thread& sender : senders_) sender.join();
    senders_.clear();
  }

 private:
  NumberedChanges& changes_;
  std::atomic<int>& next_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> senders_;
};

TEST(Term, UnderLoadAnswersWhatItTook) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  NumberedChanges changes{server, key};
  std::atomic<int> next{1};
  const int rounds = is_full_run() ? 50 : 3;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    Load load{changes, next};
    const std::size_t before = changes.acknowledged();
    ASSERT_TRUE(eventually([&] { return changes.acknowledged() > before + 20; }));
    const auto start = steady_clock::now();
    EXPECT_EQ(server.end(), 0) << server.said();
    EXPECT_LT(steady_clock::now() - start, seconds{20});
    load.end();
    ASSERT_TRUE(server.start()) << server.said();
    changes.check();
    const auto done = applied(server, key);
    for (const int number : changes.unacknowledged()) {
      EXPECT_FALSE(done.contains(number)) << "done, and nobody was told: " << number;
    }
    for (const int again : changes.unacknowledged()) EXPECT_EQ(changes.send(again).status, 200) << again;
  }
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

// A request whose body is still on its way.
class HalfSent {
 public:
  HalfSent(const RealServer& server, const std::string& key) : client_(server.address()) {
    client_.send(
        fmt::format("POST /api/v1/rate-limit/config HTTP/1.1\r\nHost: x\r\nX-API-Key: {}\r\n"
                    "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    key, kBody.size(), kBody.substr(0, 20)));
  }

  std::optional<RawReply> finish() {
    client_.send(kBody.substr(20));
    return client_.reply();
  }
  RawClient& client() { return client_; }

 private:
  static constexpr std::string_view kBody =
      R"({"endpoint":"canaryManagement","maxRequests":41,"windowMs":60000})";
  RawClient client_;
};

bool is_draining(const RealServer& server) {
  return server.said().find("\"ending\"") != std::string::npos;
}

TEST(Term, WaitsForARequestThatIsOnItsWay) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  HalfSent half{server, key};
  EXPECT_EQ(server.ask("GET", "/health/live", {}, {}, RealServer::kNoKey).status, 200);
  server.process().tell(SIGTERM);
  ASSERT_TRUE(eventually([&] { return is_draining(server); }));
  const auto reply = half.finish();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200) << reply->body;
  EXPECT_TRUE(half.client().is_ended()) << "nobody is to send more there";
  EXPECT_EQ(server.process().wait(), 0);
  ASSERT_TRUE(server.start()) << server.said();
  EXPECT_EQ(applied(server, key), (std::map<std::int64_t, int>{{41, 1}}));
}

// The second one ends it at once, in order.
TEST(Term, TwiceWaitsForNobody) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  NumberedChanges changes{server, key};
  for (int number = 1; number <= 5; ++number) EXPECT_EQ(changes.send(number).status, 200);
  HalfSent half{server, key};
  EXPECT_EQ(server.ask("GET", "/health/live", {}, {}, RealServer::kNoKey).status, 200);
  server.process().tell(SIGTERM);
  ASSERT_TRUE(eventually([&] { return is_draining(server); }));
  const auto start = steady_clock::now();
  server.process().tell(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0) << server.said();
  EXPECT_LT(steady_clock::now() - start, seconds{4});
  ASSERT_TRUE(server.start()) << server.said();
  changes.check();
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

TEST(Stop, ForFiveSecondsUnderLoadLosesNothing) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  NumberedChanges changes{server, unlimited_key(server)};
  std::atomic<int> next{1};
  {
    Load load{changes, next};
    ASSERT_TRUE(eventually([&] { return changes.acknowledged() > 20; }));
    server.process().tell(SIGSTOP);
    std::this_thread::sleep_for(seconds{5});
    server.process().tell(SIGCONT);
    const std::size_t before = changes.acknowledged();
    EXPECT_TRUE(eventually([&] { return changes.acknowledged() > before + 20; }, seconds{5}));
  }
  for (const int again : changes.unacknowledged()) EXPECT_EQ(changes.send(again).status, 200) << again;
  changes.check();
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

TEST(Address, ThatIsTakenIsOneLineAndNoKeyIsLost) {
  RealServer first;
  ASSERT_TRUE(first.start()) << first.said();
  RealServer second;
  const auto refused = second.command({"serve", "--listen", first.address()});
  EXPECT_EQ(refused.code, 2);
  expect_one_line(refused.output, "in use");
  EXPECT_THAT(refused.output, HasSubstr(first.address()));
  ASSERT_TRUE(second.start()) << second.said();
  EXPECT_THAT(second.said(), HasSubstr("rgk_live_")) << "the first key was shown to nobody";
}

struct Streams {
  const char* name;
  const char* redirection;
};

class ClosedStreams : public testing::TestWithParam<Streams> {};

// What is opened in their place must not be written to as if it were they.
TEST_P(ClosedStreams, HoldNothingUp) {
  const ScratchFolder keys;  // a key that cannot be printed would not be made
  RealServer server{{"--first-key-file", (keys.path() / "key").string()}};
  const std::string run = fmt::format("exec \"$@\" {}", GetParam().redirection);
  ASSERT_TRUE(server.start({"/bin/sh", "-c", run, "sh"})) << server.said();
  const std::string key = unlimited_key(server);
  NumberedChanges changes{server, key};
  for (int number = 1; number <= 20; ++number) EXPECT_EQ(changes.send(number).status, 200);
  EXPECT_EQ(server.ask("GET", "/api/v1/keys", {}, {}, RealServer::kNoKey).status, 401);
  std::ifstream lock{server.data() + "/lock"};
  int process = 0;
  std::string more;
  lock >> process >> more;
  EXPECT_EQ(process, server.process().pid());
  EXPECT_EQ(more, "") << "something was written where the lock is";
  server.process().tell(SIGTERM);
  const int code = server.process().wait();
  EXPECT_TRUE(code == 0 || code == 3) << "3: its words on standard output were lost; " << code;
  ASSERT_TRUE(server.start()) << server.said();
  changes.check();
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

constexpr Streams kStreams[] = {
    {"Input", "<&-"},
    {"Errors", "2>&-"},
    {"Output", ">&-"},
    {"InputAndErrors", "<&- 2>&-"},
    {"InputAndOutput", "<&- >&-"},
};

INSTANTIATE_TEST_SUITE_P(Streams, ClosedStreams, testing::ValuesIn(kStreams),
                         [](const auto& row) { return row.param.name; });

TEST(Log, ThatNobodyReadsHoldsNothingUp) {
  RealServer server;
  const std::string pipe = (server.folder().path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int unread = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_TRUE(server.start({"/bin/sh", "-c", "exec \"$@\" 2>" + pipe, "sh"})) << server.said();
  const std::string key = unlimited_key(server);
  RawClient client{server.address()};
  for (int i = 0; i < 3'000; ++i) {
    client.send(get("/api/v1/keys"));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->status, 401);
  }
  NumberedChanges changes{server, key};
  EXPECT_EQ(changes.send(1).status, 200);
  const auto metrics = server.ask("GET", "/metrics", {}, {}, key);
  EXPECT_THAT(metrics.body, testing::ContainsRegex("\nrelease_gate_log_dropped_total [1-9]"));
  const auto start = steady_clock::now();
  EXPECT_EQ(server.end(), 0);
  EXPECT_LT(steady_clock::now() - start, seconds{10});
  ::close(unread);
}

TEST(Log, WhoseReaderLeftHoldsNothingUp) {
  RealServer server;
  const std::string pipe = (server.folder().path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_TRUE(server.start({"/bin/sh", "-c", "exec \"$@\" 2>" + pipe, "sh"})) << server.said();
  ::close(reader);
  NumberedChanges changes{server, unlimited_key(server)};
  for (int number = 1; number <= 20; ++number) EXPECT_EQ(changes.send(number).status, 200);
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

// What a process of that user gets over the socket: an empty answer where it is turned away.
std::string answer_to(uid_t user, const std::string& path) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setresuid(user, user, user) != 0) ::_exit(1);
    std::string answer;
    try {
      RawClient client = RawClient::on_path(path);
      client.send(get("/control/v1/keys"));
      client.end_sending();
      answer = client.rest();
    } catch (const std::exception& refused) {
      answer = refused.what();
    }
    ::_exit(::write(ends[1], answer.data(), answer.size()) < 0 ? 2 : 0);
  }
  ::close(ends[1]);
  std::string answer(65'536, '\0');
  const ssize_t count = ::read(ends[0], answer.data(), answer.size());
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  return answer.substr(0, static_cast<std::size_t>(std::max<ssize_t>(0, count)));
}

TEST(ControlSocket, TurnsOtherUsersAwayWhateverItsMode) {
  constexpr uid_t kNobody = 65'534;
  if (::geteuid() != 0) GTEST_SKIP() << "only root can ask as another user";
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string path = server.data() + "/control.sock";
  EXPECT_THAT(answer_to(0, path), HasSubstr("HTTP/1.1 200"));
  for (const fs::path& folder : {server.folder().path(), fs::path{server.data()}})
    fs::permissions(folder, fs::perms{0755});
  EXPECT_THAT(answer_to(kNobody, path), HasSubstr("cannot connect")) << "its mode keeps others out";
  fs::permissions(path, fs::perms{0666});
  EXPECT_EQ(answer_to(kNobody, path), "") << "and so does who they are";
  EXPECT_EQ(server.command({"keys", "list"}).code, 0);
}

TEST(ControlSocket, OfAServerThatWasKilledIsReplaced) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string path = server.data() + "/control.sock";
  server.kill();
  ASSERT_TRUE(fs::exists(path));
  EXPECT_EQ(server.command({"keys", "list"}).code, 0) << "with none running, the store is opened";
  ASSERT_TRUE(server.start()) << server.said();
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(server.command({"keys", "list"}).code, 0);
  EXPECT_EQ(server.end(), 0);
  EXPECT_FALSE(fs::exists(path));
  std::ofstream{path} << "a file of somebody's";
  ASSERT_FALSE(server.start());
  EXPECT_EQ(server.process().wait(), 2);
  expect_one_line(server.said(), "no socket is in the way");
  EXPECT_TRUE(fs::exists(path));
}

}  // namespace
}  // namespace gate::test
