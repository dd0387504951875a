// What a server that is killed has acknowledged is there, once, and its audit log is whole.

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/server/changes.h"
#include "tests/integration/server/oracles.h"

namespace gate::test {
namespace {

TEST(Soak, KillNineUnderLoadLosesAndRepeatsNothing) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  NumberedChanges sender{server, key};
  std::mt19937 random{20261120};
  const int rounds = is_full_run() ? 1'000 : 15;
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
    for (const int again : sender.unacknowledged()) EXPECT_EQ(sender.send(again).status, 200) << again;
    if ((round + 1) % (is_full_run() ? 50 : 5) != 0) continue;  // the whole log takes its time
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
bool killed_at(RealServer& server, const std::filesystem::path& strace, int point, NumberedChanges& sender) {
  const std::string writes =
      "pwrite64,fdatasync,fsync,ftruncate,rename,renameat2,linkat,unlink,unlinkat,mkdir";
  const bool started =
      server.start({strace.string(), "-D", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=" + writes, "-e",
                    fmt::format("inject={}:signal=KILL:when={}", writes, point)});
  if (!started) return true;
  const bool first = sender.send(point).status == 200;
  const bool second = first && sender.send(point).status == 200;
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
  NumberedChanges sender{server, key};
  const int step = is_full_run() ? 1 : 3;
  int point = 1;
  while (point < 2'000 && killed_at(server, strace, point, sender)) {
    server.kill();
    ASSERT_TRUE(server.start()) << "killed at write " << point << ": " << server.said();
    for (const int again : sender.unacknowledged()) EXPECT_EQ(sender.send(again).status, 200) << again;
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
