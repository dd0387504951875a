#include <sys/mount.h>
#include <sys/resource.h>

#include <signal.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/platform/system.h"
#include "server/store/sql_transaction.h"
#include "tests/unit/server/store/store_world.h"

namespace server::store::test {
namespace {

namespace fs = std::filesystem;
using gate::ErrorCode;

// What became of changes, by the word they were answered with.
struct Answers {
  std::set<std::string> done;
  std::set<std::string> undone;
  std::set<std::string> unknown;

  void add(const std::string& id, const gate::Status& status) {
    if (status) {
      done.insert(id);
    } else if (status.error().code == ErrorCode::unconfirmed) {
      unknown.insert(id);
    } else {
      EXPECT_EQ(status.error().code, ErrorCode::unavailable) << status.error().message;
      EXPECT_THAT(status.error().message, testing::HasSubstr("nothing was done"));
      undone.insert(id);
    }
  }
};

gate::Status add_big(Transaction& transaction, const std::string& id) {
  const auto added = transaction.execute("INSERT INTO note (id, words) VALUES (:id, :words)",
                                         {{"id", id}, {"words", std::string(20'000, 'x')}});
  return added ? gate::done() : gate::Status{added.error()};
}

// A store whose disk a test fills and frees.
class DiskFull : public testing::Test {
 protected:
  void open() {
    SqliteSettings settings;
    settings.folder = world_.folder;
    auto store = SqliteStore::open(settings, all_migrations(), clock_);
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
    ASSERT_TRUE(store_->on_open([this](Transaction& transaction) -> gate::Status {
      ++reloads_;
      return transaction.query("SELECT count(*) FROM note", {}) ? gate::done() : gate::Status{gate::Error{}};
    }));
  }

  // Writes until there is no room for more.
  void fill() {
    for (int number = 0; number < 500 && store_->is_writable(); ++number) write();
    ASSERT_FALSE(store_->is_writable());
    EXPECT_EQ(store_->failure(), "");
    write();
    EXPECT_GT(answers_.undone.size() + answers_.unknown.size(), 1U);
    EXPECT_TRUE(answers_.undone.contains(last_)) << "it is said at once, and nothing is tried";
  }

  void write() {
    last_ = "big " + std::to_string(next_++);
    answers_.add(last_,
                 store_->write_now([&](Transaction& transaction) { return add_big(transaction, last_); }));
  }

  void expect_recovery() {
    for (int waited = 0; waited < 400 && !store_->is_writable(); ++waited)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    EXPECT_TRUE(store_->is_writable());
    write();
    EXPECT_TRUE(answers_.done.contains(last_));
  }

  // What is there is what was acknowledged, and perhaps what nobody knew of.
  void expect_truth() {
    const auto ids = notes_of(*store_);
    const std::set<std::string> there{ids.begin(), ids.end()};
    for (const std::string& id : answers_.done) EXPECT_TRUE(there.contains(id)) << id;
    for (const std::string& id : answers_.undone) EXPECT_FALSE(there.contains(id)) << id;
  }

  World world_;
  gate::platform::SystemClock clock_;
  std::unique_ptr<SqliteStore> store_;
  Answers answers_;
  std::string last_;
  int next_ = 0;
  std::atomic<int> reloads_{0};
};

TEST_F(DiskFull, IsSurvivedWithoutARestart) {
  fs::create_directory(world_.folder);
  if (::mount("tmpfs", world_.folder.c_str(), "tmpfs", 0, "size=2m,mode=0700") != 0)
    GTEST_SKIP() << "mounting takes root";
  const std::string ballast = world_.file("ballast");
  std::ofstream{ballast} << std::string(1'000'000, 'x');
  open();
  for (int round = 0; round < 2; ++round) {
    fill();
    EXPECT_FALSE(notes_of(*store_).empty()) << "reads go on";
    expect_truth();
    if (round == 0) {
      fs::remove(ballast);
      expect_recovery();
    }
  }
  EXPECT_TRUE(answers_.unknown.empty() || reloads_ > 1) << "what services hold in memory was read again";
  expect_truth();
  store_.reset();
  ::mount("tmpfs", world_.folder.c_str(), "tmpfs", MS_REMOUNT, "size=20m");
  open();
  expect_truth();
  expect_recovery();
  store_.reset();
  ::umount(world_.folder.c_str());
}

// The same where nobody may mount: no file may grow beyond a limit.
TEST_F(DiskFull, AFileThatMayNotGrowIsAFullDisk) {
  open();
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 600'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  for (int number = 0; number < 100 && store_->is_writable(); ++number) write();
  EXPECT_FALSE(answers_.unknown.empty()) << "the commit itself found no room";
  EXPECT_EQ(store_->failure(), "");
  expect_truth();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  expect_recovery();
  EXPECT_GT(reloads_, 1);
  expect_truth();
}

TEST_F(DiskFull, KnowsAFullDiskFromABrokenOne) {
  struct Case {
    const char* name;
    int code;
    int system;
    Fault fault;
  };
  const Case cases[] = {
      {"full", 13, 0, Fault::disk_full},
      {"a write without room", 10 | (3 << 8), ENOSPC, Fault::disk_full},
      {"a write over a quota", 10 | (3 << 8), EDQUOT, Fault::disk_full},
      {"a write over a limit", 10 | (3 << 8), EFBIG, Fault::disk_full},
      {"a write that failed", 10 | (3 << 8), EIO, Fault::broken},
      {"a sync without room", 10 | (4 << 8), ENOSPC, Fault::broken},
      {"a read that failed", 10 | (1 << 8), EIO, Fault::broken},
      {"damage", 11, 0, Fault::broken},
      {"no memory", 7, 0, Fault::broken},
      {"a constraint", 19 | (6 << 8), 0, Fault::statement},
      {"wrong SQL", 1, 0, Fault::statement},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(sqlite_fault(row.code, row.system), row.fault);
  }
}

// Changes as fast as they come, of 100 KB each: the log is brought into the file between them.
TEST(Log, StaysBounded) {
  World world;
  auto store = world.open();
  std::uintmax_t longest = 0;
  std::atomic<int> waiting{0};
  for (int number = 0; number < 1000; ++number) {
    while (waiting > 100) std::this_thread::yield();
    ++waiting;
    store->write(
        [number](Transaction& transaction) -> gate::Status {
          const auto added =
              transaction.execute("INSERT INTO note (id, words) VALUES (:id, :words)",
                                  {{"id", std::to_string(number)}, {"words", std::string(100'000, 'x')}});
          return added ? gate::done() : gate::Status{added.error()};
        },
        [&](const gate::Status& status) {
          EXPECT_TRUE(status);
          --waiting;
        });
    if (number % 20 == 0) longest = std::max(longest, fs::file_size(world.file("release-gate.db-wal")));
  }
  store->close();
  EXPECT_GT(longest, 1U << 20U);
  EXPECT_LE(longest, std::uintmax_t{64} << 20U);
  EXPECT_GT(fs::file_size(world.file("release-gate.db")), std::uintmax_t{90} << 20U);
  EXPECT_EQ(fs::file_size(world.file("release-gate.db-wal")), 0U) << "and is empty when the server has ended";
}

}  // namespace
}  // namespace server::store::test
