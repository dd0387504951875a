#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/store/sqlite_connection.h"
#include "tests/unit/server/store/store_world.h"

namespace server::store::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& found : fs::directory_iterator{folder}) names.push_back(found.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

struct BackupWorld : World {
  std::string backup = (scratch.path() / "backup.db").string();

  // A state with that note, and a backup of it.
  void make(const std::string& note) {
    auto store = open();
    ASSERT_TRUE(store->write_now(adding(note)));
    ASSERT_EQ(message_of(store->backup(backup)), "done");
  }
  gate::Result<std::string> try_restore() { return restore(folder, backup, all_migrations(), clock); }
  std::string restore_refusal() {
    const auto restored = try_restore();
    return restored ? "restored" : restored.error().message;
  }
};

TEST(Backup, IsOneFileThatTheOwnerAloneMayRead) {
  BackupWorld world;
  world.make("a");
  struct stat found {};
  ASSERT_EQ(::stat(world.backup.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  EXPECT_THAT(names_in(world.scratch.path().string()), ElementsAre("backup.db", "data"));
}

TEST(Backup, OverwritesNothing) {
  BackupWorld world;
  world.make("a");
  auto store = world.open();
  EXPECT_EQ(message_of(store->backup(world.backup)), world.backup + ": exists already");
  EXPECT_THAT(message_of(store->backup((world.scratch.path() / "none" / "b").string())),
              HasSubstr("cannot be opened: No such file or directory"));
  EXPECT_TRUE(store->write_now(adding("b"))) << "and the store is well";
}

TEST(Backup, IsConsistentWhileWorkGoesOn) {
  BackupWorld world;
  auto store = world.open();
  // Some megabytes first, so that it takes many pieces.
  ASSERT_TRUE(store->write_now([](Transaction& transaction) -> gate::Status {
    for (int number = 0; number < 300; ++number) {
      const auto added =
          transaction.execute("INSERT INTO note (id, words) VALUES (:id, :words)",
                              {{"id", "big " + std::to_string(number)}, {"words", std::string(20'000, 'x')}});
      if (!added) return added.error();
    }
    return gate::done();
  }));
  std::atomic<bool> stop{false};
  std::atomic<int> written{0};
  // Two rows at a time: no backup may hold one without the other.
  std::thread writer{[&] {
    for (int number = 0; !stop; ++number) {
      const std::string id = std::to_string(number);
      EXPECT_TRUE(store->write_now([&](Transaction& transaction) -> gate::Status {
        if (auto first = add_note(transaction, "left " + id); !first) return first;
        return add_note(transaction, "right " + id);
      }));
      ++written;
    }
  }};
  while (written < 5) std::this_thread::yield();
  const int before = written;
  EXPECT_EQ(message_of(store->backup(world.backup)), "done");
  stop = true;
  writer.join();
  store.reset();
  ASSERT_EQ(world.restore_refusal(), "restored");
  auto restored = world.open();
  int left = 0;
  int right = 0;
  for (const std::string& id : notes_of(*restored)) {
    left += static_cast<int>(id.starts_with("left "));
    right += static_cast<int>(id.starts_with("right "));
  }
  EXPECT_EQ(left, right);
  EXPECT_GE(left, before) << "what was there when it was asked for is in it";
}

TEST(Backup, IsGivenUpWhenTheStoreCloses) {
  BackupWorld world;
  auto store = world.open();
  store->close();
  EXPECT_EQ(message_of(store->backup(world.backup)), "nothing was done: the store is closed");
  EXPECT_FALSE(fs::exists(world.backup + ".tmp"));
}

TEST(Restore, PutsTheBackupInPlaceAndKeepsWhatWasThere) {
  BackupWorld world;
  world.make("old");
  {
    auto store = world.open();
    ASSERT_TRUE(store->write_now(adding("newer")));
  }
  const auto kept = world.try_restore();
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(*kept, world.file("before-restore-2026-11-20T05-00-00.000Z"));
  EXPECT_THAT(names_in(*kept), testing::Contains("release-gate.db"));
  {
    auto store = world.open();
    EXPECT_THAT(notes_of(*store), ElementsAre("old"));
  }
  World before;
  before.folder = *kept;
  auto store = before.open();
  EXPECT_THAT(notes_of(*store), ElementsAre("newer", "old")) << "what was kept opens as it was";
}

TEST(Restore, FillsAnEmptyFolder) {
  BackupWorld world;
  world.make("a");
  fs::remove_all(world.folder);
  const auto kept = world.try_restore();
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(*kept, "");
  auto store = world.open();
  EXPECT_THAT(notes_of(*store), ElementsAre("a"));
}

TEST(Restore, HelpsWhereTheDatabaseIsLostOrDamaged) {
  struct Case {
    const char* name;
    void (*damage)(World&);
  };
  const Case cases[] = {
      {"lost", [](World& world) { fs::remove(world.file("release-gate.db")); }},
      {"damaged", [](World& world) { fs::resize_file(world.file("release-gate.db"), 5000); }},
      {"of another store", [](World& world) { fs::remove(world.file("store.id")); }},
      {"with a log that does not fit",
       [](World& world) { std::ofstream{world.file("release-gate.db-wal")} << std::string(8192, 'x'); }},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    BackupWorld world;
    world.make("a");
    row.damage(world);
    EXPECT_EQ(world.restore_refusal(), "restored");
    auto store = world.open();
    EXPECT_THAT(notes_of(*store), ElementsAre("a"));
  }
}

TEST(Restore, RefusesABackupThatIsNotGood) {
  struct Case {
    const char* name;
    void (*damage)(const std::string&);
    std::string_view message;
  };
  const auto edit = [](const std::string& file, const char* sql) {
    auto connection = SqliteConnection::open(file, Purpose::scratch);
    ASSERT_TRUE((*connection)->transaction().run_once(sql));
  };
  static const auto kEdit = edit;
  const Case cases[] = {
      {"missing", [](const std::string& file) { fs::remove(file); }, ": no such file"},
      {"no database", [](const std::string& file) { std::ofstream{file} << "text"; },
       ": is no whole database"},
      {"empty", [](const std::string& file) { fs::resize_file(file, 0); },
       ": it is no database of this server"},
      {"cut off", [](const std::string& file) { fs::resize_file(file, fs::file_size(file) - 4096); },
       ": is no whole database"},
      {"of a newer version",
       [](const std::string& file) { kEdit(file, "INSERT INTO migration VALUES (5, 'future', 'then')"); },
       "was written by a newer gate-server (migration 5; this one knows 4)"},
      {"with a broken audit log",
       [](const std::string& file) { kEdit(file, "UPDATE audit SET actor = 'x' WHERE sequence = 2"); },
       "its audit log is broken at row 2: its hash does not fit"},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    BackupWorld world;
    {
      auto store = world.open();
      ASSERT_TRUE(store->write_now([&](Transaction& transaction) -> gate::Status {
        for (const char* subject : {"a", "b", "c"}) {
          if (auto row_added = append_audit(transaction, entry(subject), world.clock.now()); !row_added)
            return row_added.error();
        }
        return gate::done();
      }));
    }
    world.make("a");
    row.damage(world.backup);
    EXPECT_THAT(world.restore_refusal(), HasSubstr(std::string{row.message}));
    const auto names = names_in(world.folder);
    EXPECT_THAT(names, testing::Not(testing::Contains(HasSubstr("restore"))))
        << testing::PrintToString(names);
    EXPECT_THAT(names, testing::Not(testing::Contains("incoming.db")));
    auto store = world.open();
    EXPECT_THAT(notes_of(*store), ElementsAre("a")) << "the state is as it was";
  }
}

TEST(Restore, TakesABackupOfAnOlderVersion) {
  BackupWorld world;
  {
    auto store = world.try_open({kCoreMigration, kAuditMigration});
    ASSERT_TRUE(store);
    ASSERT_EQ(message_of((*store)->backup(world.backup)), "done");
  }
  EXPECT_EQ(world.restore_refusal(), "restored");
  auto store = world.open();
  EXPECT_THAT(store->migrations(), SizeIs(4));
}

// After its decision a restore is ended by whoever opens the folder next, at whatever step it was broken off.
TEST(Restore, IsEndedByTheNextWhoOpens) {
  struct Case {
    const char* name;
    std::vector<std::string> moved;  // before it was broken off
  };
  const Case cases[] = {
      {"before anything was moved", {}},
      {"with the database moved", {"release-gate.db"}},
      {"with its log moved, too", {"release-gate.db", "release-gate.db-wal"}},
      {"with all moved", {"release-gate.db", "release-gate.db-wal", "store.id"}},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    BackupWorld world;
    world.make("old");
    {
      auto store = world.open();
      ASSERT_TRUE(store->write_now(adding("newer")));
    }
    const std::string kept = world.file("before-restore-X");
    fs::copy_file(world.backup, world.file("restore-X.ready"));
    if (!row.moved.empty()) fs::create_directory(kept);
    for (const std::string& name : row.moved) fs::rename(world.file(name), kept + "/" + name);
    {
      auto store = world.open();
      EXPECT_THAT(notes_of(*store), ElementsAre("old"));
    }
    EXPECT_FALSE(fs::exists(world.file("restore-X.ready")));
    EXPECT_TRUE(fs::exists(kept + "/release-gate.db"));
    auto store = world.open();
    EXPECT_THAT(notes_of(*store), ElementsAre("old"));
  }
}

}  // namespace
}  // namespace server::store::test
