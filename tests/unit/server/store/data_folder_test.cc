#include "server/store/data_folder.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/store/sqlite_connection.h"
#include "tests/unit/server/store/store_world.h"

namespace server::store::test {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

unsigned mode_of(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777U;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

// Many notes, then the end of the server: in peace, or with its files as a crash leaves them.
void fill(World& world, bool crash) {
  const std::string copy = world.folder + ".crashed";
  {
    auto store = world.open();
    ASSERT_TRUE(store->write_now([](Transaction& transaction) -> gate::Status {
      for (int number = 0; number < 400; ++number) {
        if (auto added = add_note(transaction, "note " + std::to_string(number)); !added) return added;
      }
      return gate::done();
    }));
    if (crash) fs::copy(world.folder, copy);
  }
  if (!crash) return;
  fs::remove_all(world.folder);
  fs::rename(copy, world.folder);
}

TEST(DataFolder, IsForItsOwnerAlone) {
  World world;
  world.folder = (world.scratch.path() / "a" / "b").string();
  auto store = world.open();
  EXPECT_EQ(mode_of(world.folder), 0700U);
  for (const char* name : {"release-gate.db", "release-gate.db-wal", "lock", "store.id", "store.open"}) {
    EXPECT_EQ(mode_of(world.file(name)), 0600U) << name;
  }
  EXPECT_FALSE(fs::exists(world.file("release-gate.db-shm"))) << "nobody shares its memory";
}

TEST(DataFolder, MayHaveAnOddName) {
  for (const char* name : {"with space", "a=b", "d=x y", "\xc3\xa9", "it's", "semi;colon"}) {
    SCOPED_TRACE(name);
    World world;
    world.folder = (world.scratch.path() / name).string();
    EXPECT_EQ(world.refusal(), "opened");
    EXPECT_TRUE(fs::exists(world.file("release-gate.db")));
  }
  World world;
  world.folder = (world.scratch.path() / "quo\"te").string();
  EXPECT_THAT(world.refusal(), HasSubstr("a path may not hold a quotation mark"));
}

TEST(DataFolder, ServesOneProcess) {
  World world;
  auto store = world.open();
  const std::string expected =
      world.folder + ": is in use by process " + std::to_string(static_cast<long>(::getpid()));
  EXPECT_EQ(world.refusal(), expected);
  EXPECT_EQ(world.try_open().error().code, gate::ErrorCode::usage);
  const auto restored = restore(world.folder, world.file("x"), all_migrations(), world.clock);
  EXPECT_EQ(restored.error().message, expected);
  store.reset();
  EXPECT_EQ(world.refusal(), "opened");
}

TEST(DataFolder, NamesTheProcessThatHasIt) {
  World world;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = DataFolder::take(world.folder, true);
    if (::write(ready[1], held ? "1" : "0", 1) != 1) ::_exit(1);
    ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, '1');
  EXPECT_EQ(world.refusal(), world.folder + ": is in use by process " + std::to_string(child));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(world.refusal(), "opened") << "a killed process leaves no lock behind";
}

TEST(DataFolder, LetsNoOtherProgramInto) {
  World world;
  auto store = world.open();
  const auto second = SqliteConnection::open(world.file("release-gate.db"), Purpose::state);
  EXPECT_EQ(second.error().message, world.file("release-gate.db") + ": another process has it open");
}

TEST(DataFolder, HandsNothingToChildren) {
  World world;
  auto store = world.open();
  const std::string listing = (world.scratch.path() / "listing").string();
  const std::string command = "ls -l /proc/self/fd > '" + listing + "' 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(bytes_of(listing), testing::Not(HasSubstr(world.folder)));
}

TEST(DataFolder, KnowsNetworkFileSystems) {
  for (const long type :
       {0x6969L, 0xff534d42L, 0xfe534d42L, 0x01021997L, static_cast<long>(INT32_MIN) | 0x7f534d42L})
    EXPECT_TRUE(is_network_file_system(type)) << type;
  for (const long type : {0xef53L, 0x01021994L, 0x794c7630L, 0x9123683eL, 0x65735546L})
    EXPECT_FALSE(is_network_file_system(type)) << type;
}

TEST(DataFolder, RefusesToStartEmptyWhereThereWasADatabase) {
  struct Case {
    const char* name;
    void (*damage)(World&);
    std::string_view message;
  };
  const Case cases[] = {
      {"deleted",
       [](World& world) {
         fs::remove(world.file("release-gate.db"));
         fs::remove(world.file("release-gate.db-wal"));
       },
       "is missing, though this folder had a database"},
      {"emptied", [](World& world) { write_bytes(world.file("release-gate.db"), ""); },
       "is empty, though this folder had a database"},
      {"replaced",
       [](World& world) {
         World other;
         fill(other, false);
         fs::copy_file(other.file("release-gate.db"), world.file("release-gate.db"),
                       fs::copy_options::overwrite_existing);
       },
       "names another database than the one in the folder"},
      {"cut in the middle", [](World& world) { fs::resize_file(world.file("release-gate.db"), 10'000); },
       "is damaged"},
      {"cut by a page",
       [](World& world) {
         const auto size = fs::file_size(world.file("release-gate.db"));
         fs::resize_file(world.file("release-gate.db"), size - 4096);
       },
       "is damaged"},
      {"another kind of file",
       [](World& world) { write_bytes(world.file("release-gate.db"), std::string(20'000, 'x')); },
       "is damaged: file is not a database"},
      {"a page of noise",
       [](World& world) {
         std::string bytes = bytes_of(world.file("release-gate.db"));
         std::fill(bytes.begin() + 8192, bytes.begin() + 12'288, '\xa5');
         write_bytes(world.file("release-gate.db"), bytes);
       },
       "is damaged"},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    World world;
    fill(world, false);
    row.damage(world);
    EXPECT_THAT(world.refusal(), HasSubstr(std::string{row.message}));
    EXPECT_THAT(world.refusal(), HasSubstr(std::string{row.message})) << "and again";
  }
}

TEST(DataFolder, MissesALogThatACrashLeft) {
  World world;
  fill(world, true);
  const std::string log = bytes_of(world.file("release-gate.db-wal"));
  ASSERT_GT(log.size(), 4096U);
  fs::remove(world.file("release-gate.db-wal"));
  EXPECT_THAT(world.refusal(),
              HasSubstr("release-gate.db-wal: is missing, though the last server did not end"));
  write_bytes(world.file("release-gate.db-wal"), log);
  auto store = world.open();
  EXPECT_EQ(notes_of(*store).size(), 400U);
}

// Wherever the log of a young database is cut: what is left of it is opened, or the log is named.
TEST(DataFolder, TellsALogThatWasCutFromAnotherDatabase) {
  World young;
  {
    auto store = young.open();
    fs::copy(young.folder, young.folder + ".crashed");
  }
  const std::string log = bytes_of(young.folder + ".crashed/release-gate.db-wal");
  ASSERT_GT(log.size(), 4096U * 4);
  int damaged = 0;
  for (std::size_t kept = 0; kept < log.size(); kept += 4096) {
    SCOPED_TRACE(kept);
    fs::remove_all(young.folder);
    fs::copy(young.folder + ".crashed", young.folder);
    fs::resize_file(young.file("release-gate.db-wal"), kept);
    const std::string message = young.refusal();
    if (message == "opened") continue;
    ++damaged;
    EXPECT_THAT(message, HasSubstr("release-gate.db-wal: is damaged"));
    EXPECT_EQ(young.refusal(), message) << "and again";
  }
  EXPECT_GT(damaged, 3);
}

TEST(DataFolder, WritesThroughNoLink) {
  for (const char* name : {"lock", "release-gate.db", "release-gate.db-wal", "store.id", "store.open"}) {
    SCOPED_TRACE(name);
    World world;
    fill(world, false);
    const std::string victim = world.scratch.write("victim", "of somebody else");
    fs::remove(world.file(name));
    fs::create_symlink(victim, world.file(name));
    EXPECT_EQ(world.refusal(), world.file(name) + ": is a symbolic link: put the file itself there");
    EXPECT_EQ(bytes_of(victim), "of somebody else");
  }
  World world;
  fill(world, false);
  const std::string victim = world.scratch.write("victim", "of somebody else");
  fs::create_symlink(victim, world.file("store.open.tmp"));
  EXPECT_EQ(world.refusal(),
            world.file("store.open.tmp") + ": is a symbolic link: put the file itself there");
  EXPECT_EQ(bytes_of(victim), "of somebody else");
}

TEST(DataFolder, IsNobodyElses) {
  World world;
  fill(world, false);
  for (const mode_t mode : {0770U, 0702U, 0777U, 01777U}) {
    SCOPED_TRACE(mode);
    ASSERT_EQ(::chmod(world.folder.c_str(), mode), 0);
    EXPECT_THAT(world.refusal(), HasSubstr(world.folder + ": others than its owner may write to it"));
  }
  ASSERT_EQ(::chmod(world.folder.c_str(), 0755), 0);
  EXPECT_EQ(world.refusal(), "opened");
  if (::geteuid() != 0) GTEST_SKIP() << "giving a folder away takes root";
  ASSERT_EQ(::chown(world.folder.c_str(), 65'534, 65'534), 0);
  EXPECT_THAT(world.refusal(), HasSubstr(world.folder + ": belongs to the user 65534, and this runs as 0"));
}

TEST(DataFolder, AfterPeaceTheDatabaseAloneHoldsEverything) {
  World world;
  fill(world, false);
  EXPECT_FALSE(fs::exists(world.file("store.open")));
  fs::remove(world.file("release-gate.db-wal"));
  auto store = world.open();
  EXPECT_EQ(notes_of(*store).size(), 400U);
}

TEST(DataFolder, ADatabaseWhoseMarkerWasNotWrittenYetGetsOne) {
  World world;
  fill(world, true);
  const std::string marker = bytes_of(world.file("store.id"));
  fs::remove(world.file("store.id"));
  EXPECT_EQ(world.refusal(), "opened");
  EXPECT_EQ(bytes_of(world.file("store.id")), marker);
}

// Whatever bit flips: the server refuses to start, or what it shows was written.
TEST(DataFolder, FlippedBitsDoNotCrashIt) {
  World world;
  fill(world, false);
  const std::string whole = bytes_of(world.file("release-gate.db"));
  std::minstd_rand random{7};
  int refused = 0;
  for (int round = 0; round < 150; ++round) {
    std::string bytes = whole;
    const std::size_t at = round < 50 ? static_cast<std::size_t>(round) * 2 : random() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
    write_bytes(world.file("release-gate.db"), bytes);
    auto store = world.try_open();
    if (!store) {
      ++refused;
      continue;
    }
    EXPECT_TRUE((*store)->read_now([](Transaction& transaction) -> gate::Status {
      const auto rows = transaction.query("SELECT id, size, words FROM note", {});
      return rows ? gate::done() : gate::Status{rows.error()};
    }) || !(*store)->failure().empty());
  }
  EXPECT_GT(refused, 10);
}

TEST(DataFolder, SaysWhatItCannotWrite) {
  World world;
  world.folder = "/proc/no-such-folder";
  EXPECT_THAT(world.refusal(), HasSubstr("/proc/no-such-folder: the data folder cannot be made: "));
  World file;
  file.scratch.write("data", "a file");
  EXPECT_THAT(file.refusal(), HasSubstr("the data folder cannot be made: File exists"));
}

TEST(DataFolder, SaysThatItsDiskIsReadOnly) {
  World world;
  fill(world, false);
  const char* folder = world.folder.c_str();
  if (::mount(folder, folder, nullptr, MS_BIND, nullptr) != 0) GTEST_SKIP() << "mounting takes root";
  ASSERT_EQ(::mount(nullptr, folder, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr), 0);
  const std::string message = world.refusal();
  ::umount(folder);
  EXPECT_EQ(message, world.file("lock") + ": cannot be opened: Read-only file system");
}

TEST(DataFolder, KnowsWhenThereIsRoom) {
  World world;
  const auto folder = DataFolder::take(world.folder, false);
  ASSERT_TRUE(folder);
  EXPECT_TRUE(has_room(*folder));
  EXPECT_FALSE(fs::exists(world.file("room.tmp")));
}

}  // namespace
}  // namespace server::store::test
