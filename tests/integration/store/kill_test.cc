#include <signal.h>

#include <chrono>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/platform/system.h"
#include "server/store/sqlite_store.h"
#include "tests/integration/store/ledger.h"
#include "tests/integration/store/ledger_world.h"

namespace server::store::test {
namespace {

namespace fs = std::filesystem;
using gate::test::ChildProcess;
using testing::AnyOf;
using testing::HasSubstr;

constexpr const char* kWritingCalls[] = {"pwrite64", "fdatasync", "fsync",    "ftruncate", "write",
                                         "openat",   "unlink",    "unlinkat", "rename"};
// A change is some twelve writes; more points than this would be a loop without end.
constexpr int kMostPoints = 400;

// A folder with a store in it that ended in peace; what a run begins with.
void prepare(const LedgerWorld& world) {
  ChildProcess first{world.run(0, 1, 1), world.scratch.path() / "first"};
  ASSERT_EQ(first.wait(), 0);
}

void start_anew(LedgerWorld& world) {
  fs::remove_all(world.folder);
  fs::copy(world.scratch.path() / "prepared", world.folder);
}

void keep_prepared(LedgerWorld& world) {
  prepare(world);
  fs::copy(world.folder, world.scratch.path() / "prepared");
}

// The thread with the database is killed before its first call of a kind, before its second, and so on until
// it ends by itself: through changes, the checkpoint and the end.
TEST(Kill, AtEveryWritingCallOfTheWriter) {
  REQUIRE_PROGRAM(strace, "strace", "strace");
  LedgerWorld world;
  keep_prepared(world);
  int points = 0;
  for (const char* call : kWritingCalls) {
    for (int at = 1; at < kMostPoints; ++at) {
      SCOPED_TRACE(fmt::format("{} {}", call, at));
      start_anew(world);
      const int code =
          world.run_injected(strace.string(), rounds(4, 12), call, fmt::format("signal=KILL:when={}", at));
      const Said said = read_said(world.output);
      check_promises(said, look_into(world.folder));
      if (testing::Test::HasFailure()) return;
      if (code == 0) break;
      ASSERT_EQ(code, -1);
      ++points;
    }
  }
  RecordProperty("points", points);
  EXPECT_GT(points, 40);
}

// The same for the main thread while it makes the folder, applies the migrations and opens the store. What
// was broken off is gone on with.
TEST(Kill, AtEveryWritingCallOfTheStart) {
  REQUIRE_PROGRAM(strace, "strace", "strace");
  int points = 0;
  for (const char* call : kWritingCalls) {
    for (int at = 1; at < kMostPoints; ++at) {
      SCOPED_TRACE(fmt::format("{} {}", call, at));
      LedgerWorld world;
      auto words = injecting(strace.string(), call, fmt::format("signal=KILL:when={}", at));
      for (const std::string& word : world.run(0, 1, 1)) words.push_back(word);
      const int code = ChildProcess{words, world.output}.wait();
      const Found found = look_into(world.folder);
      check_promises(read_said(world.output), found);
      EXPECT_EQ(look_into(world.folder).refusal, "");
      if (testing::Test::HasFailure()) return;
      if (code == 0) break;
      ++points;
    }
  }
  RecordProperty("points", points);
  EXPECT_GT(points, 100);
}

// A restore that is killed leaves what was there, or the backup; never a mixture, and nothing that does not
// open.
TEST(Kill, AtEveryWritingCallOfARestore) {
  REQUIRE_PROGRAM(strace, "strace", "strace");
  const gate::platform::SystemClock clock;
  LedgerWorld world;
  prepare(world);
  const std::string backup = (world.scratch.path() / "backup.db").string();
  {
    SqliteSettings settings;
    settings.folder = world.folder;
    auto store = SqliteStore::open(settings, ledger_migrations(), clock);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->backup(backup));
  }
  ASSERT_EQ((ChildProcess{world.run(0, 5, 1), world.output}.wait()), 0);
  fs::copy(world.folder, world.scratch.path() / "prepared");
  int old = 0;
  int fresh = 0;
  for (const char* call : kWritingCalls) {
    for (int at = 1; at < kMostPoints; ++at) {
      SCOPED_TRACE(fmt::format("{} {}", call, at));
      start_anew(world);
      auto words = injecting(strace.string(), call, fmt::format("signal=KILL:when={}", at));
      words.insert(words.end(), {ledger_program(), world.folder, "restore", backup});
      const int code = ChildProcess{words, world.output}.wait();
      const Found found = look_into(world.folder);
      check_promises({}, found);
      EXPECT_THAT(found.applied.size(), AnyOf(1U, 5U));
      (found.applied.size() == 5 ? old : fresh) += 1;
      if (testing::Test::HasFailure()) return;
      if (code == 0) break;
    }
  }
  EXPECT_GT(old, 5);
  EXPECT_GT(fresh, 5);
}

struct Injection {
  const char* call;
  const char* error;
  bool for_good;  // from there on, instead of once
};

// An error instead of a kill: nobody is told "not done" of what is there, or "done" of what is not.
TEST(BrokenDisk, IsNeverAReasonToLie) {
  REQUIRE_PROGRAM(strace, "strace", "strace");
  const Injection injections[] = {{"fdatasync", "EIO", false},  {"pwrite64", "EIO", false},
                                  {"pwrite64", "EIO", true},    {"fsync", "EIO", false},
                                  {"ftruncate", "EIO", false},  {"pwrite64", "ENOSPC", false},
                                  {"pwrite64", "ENOSPC", true}, {"fdatasync", "ENOSPC", false}};
  LedgerWorld world;
  keep_prepared(world);
  int unknown = 0;
  int failed = 0;
  for (const Injection& injection : injections) {
    for (int at = 1; at < kMostPoints; ++at) {
      SCOPED_TRACE(
          fmt::format("{} {} {}{}", injection.call, injection.error, at, injection.for_good ? "+" : ""));
      start_anew(world);
      const std::string how =
          fmt::format("error={}:when={}{}", injection.error, at, injection.for_good ? "+" : "");
      const int code = world.run_injected(strace.string(), rounds(4, 12), injection.call, how);
      const Said said = read_said(world.output);
      EXPECT_THAT(code, AnyOf(0, 3)) << "it ends by itself, and says so";
      check_promises(said, look_into(world.folder));
      if (testing::Test::HasFailure()) return;
      unknown += static_cast<int>(said.unknown.size());
      failed += static_cast<int>(!said.failure.empty());
      if (code == 0 && said.unknown.empty() && said.undone.empty()) break;
    }
  }
  EXPECT_GT(unknown, 5);
  EXPECT_GT(failed, 5);
}

// Under load, at any moment, again and again on the same folder; what was not acknowledged is sent again.
TEST(Kill, AtRandomUnderLoad) {
  LedgerWorld world;
  std::mt19937 random{20261120};
  Said all;
  int next = 0;
  for (int round = 0; round < rounds(20, 1000); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    fs::remove(world.output);
    ChildProcess ledger{world.run(next, 10'000'000, 64), world.output};
    ASSERT_TRUE(await([&] { return read_said(world.output).opened; }));
    std::this_thread::sleep_for(std::chrono::milliseconds{random() % 60});
    ledger.kill();
    const Said said = read_said(world.output);
    all.done.insert(said.done.begin(), said.done.end());
    next += static_cast<int>(said.done.size());
    if (round % 10 == 9) check_promises(all, look_into(world.folder));
    if (testing::Test::HasFailure()) return;
  }
  check_promises(all, look_into(world.folder));
  EXPECT_GT(all.done.size(), 100U);
}

void copy_files(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::create_directory(to);
  for (const char* name : {"release-gate.db", "release-gate.db-wal", "store.id", "store.open"}) {
    if (fs::exists(fs::path{from} / name)) fs::copy_file(fs::path{from} / name, fs::path{to} / name);
  }
}

// The files as they are at one moment: what a disk holds when the power goes.
TEST(PowerCut, LosesNothingThatWasAcknowledged) {
  LedgerWorld world;
  std::mt19937 random{7};
  const std::string copy = (world.scratch.path() / "copy").string();
  ChildProcess ledger{world.run(0, 10'000'000, 2), world.output};
  ASSERT_TRUE(await([&] { return !read_said(world.output).done.empty(); }));
  for (int round = 0; round < rounds(10, 100); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    std::this_thread::sleep_for(std::chrono::milliseconds{random() % 30});
    ledger.tell(SIGSTOP);
    const Said said = read_said(world.output);
    copy_files(world.folder, copy);
    ledger.tell(SIGCONT);
    check_promises(said, look_into(copy));
    if (testing::Test::HasFailure()) return;
  }
}

// A log that the disk has only a part of holds whole changes alone, the first ones.
TEST(PowerCut, LeavesNoHalfChange) {
  LedgerWorld world;
  prepare(world);
  auto words = world.run(1, 60, 4);
  words.at(2) = "hold";
  ChildProcess ledger{words, world.output};
  ASSERT_TRUE(await([&] { return read_said(world.output).applied; }));
  ledger.tell(SIGSTOP);
  const std::string copy = (world.scratch.path() / "copy").string();
  std::mt19937 random{7};
  std::set<std::size_t> sizes;
  for (int round = 0; round < rounds(30, 300); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    copy_files(world.folder, copy);
    const fs::path log = fs::path{copy} / "release-gate.db-wal";
    fs::resize_file(log, random() % (fs::file_size(log) + 1));
    const Found found = look_into(copy);
    check_promises({}, found);
    for (std::size_t number = 0; number < found.applied.size(); ++number)
      EXPECT_TRUE(found.applied.contains(fmt::format("c{}", number)));
    if (testing::Test::HasFailure()) return;
    sizes.insert(found.applied.size());
  }
  EXPECT_GT(sizes.size(), 5U);
}

}  // namespace
}  // namespace server::store::test
