// A disk that is full, that takes no writes, or that lost some.

#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/store/sqlite_connection.h"
#include "tests/integration/server/changes.h"
#include "tests/integration/server/oracles.h"
#include "tests/integration/server/small_disk.h"

namespace gate::test {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::Test;

// Reads answer, and liveness; whether it is ready is its own to say.
void expect_reads(const RealServer& server, const std::string& key) {
  EXPECT_EQ(server.ask("GET", "/health/live", {}, {}, RealServer::kNoKey).status, 200);
  for (const char* target : {"/api/v1/keys", "/api/v1/rate-limit/config", "/api/v1/audit", "/metrics"}) {
    const auto reply = server.ask("GET", target, {}, {}, key);
    EXPECT_EQ(reply.status, 200) << target << ": " << reply.body;
  }
}

// Sends changes until one is refused; the number of the last.
int send_until_refused(NumberedChanges& changes, int number) {
  const auto refused = [&] {
    const auto reply = changes.send(++number);
    if (reply.status == 200) return false;
    EXPECT_EQ(reply.status, 503) << reply.body;
    EXPECT_THAT(reply.body, AnyOf(HasSubstr("store_unavailable"), HasSubstr("outcome_unknown")));
    EXPECT_NE(reply.whole.header("retry-after"), "");
    return true;
  };
  EXPECT_TRUE(eventually(refused, std::chrono::seconds{60}));
  return number;
}

TEST(FullDisk, StopsWritesAloneAndLosesNothing) {
  REQUIRE_MOUNTS();
  RealServer server;
  const SmallDisk disk{server.data(), (is_full_run() ? 128U : 8U) << 20U};
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  NumberedChanges changes{server, key};
  const int rounds = is_full_run() ? 20 : 4;
  int number = 0;
  for (int round = 0; round < rounds && !Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    disk.fill(static_cast<std::size_t>(round % 10) * 24 * 1'024);
    number = send_until_refused(changes, number);
    expect_reads(server, key);
    const auto ready = server.ask("GET", "/health/ready", {}, {}, RealServer::kNoKey);
    EXPECT_EQ(ready.status, 503) << ready.body;
    EXPECT_THAT(ready.body, HasSubstr("not_ready"));
    EXPECT_FALSE(server.process().has_ended()) << server.said();
    disk.free();
    const auto sent = [&] { return changes.send(++number).status == 200; };
    EXPECT_TRUE(eventually(sent, std::chrono::seconds{10})) << server.said();
    for (const int again : changes.unacknowledged()) EXPECT_EQ(changes.send(again).status, 200) << again;
  }
  changes.check();
  EXPECT_EQ(server.ask("GET", "/health/ready", {}, {}, RealServer::kNoKey).status, 200);
  EXPECT_EQ(server.end(), 0) << server.said();
  expect_whole(server);
}

TEST(FullDisk, IsSaidAtTheStart) {
  REQUIRE_MOUNTS();
  RealServer server;
  const SmallDisk disk{server.data(), 4U << 20U};
  disk.fill();
  ASSERT_FALSE(server.start());
  EXPECT_EQ(server.process().wait(), 3);
  expect_one_line(server.said(), "No space left");
  disk.free();
  ASSERT_TRUE(server.start()) << "a start that failed left something behind: " << server.said();
  const std::string key = unlimited_key(server);
  NumberedChanges changes{server, key};
  for (int number = 1; number <= 5; ++number) EXPECT_EQ(changes.send(number).status, 200);
  disk.fill();
  send_until_refused(changes, 5);
  EXPECT_EQ(server.end(), 0) << "what it had acknowledged is in its log: " << server.said();
  if (server.start()) {
    expect_reads(server, key);
    server.kill();
  } else {
    EXPECT_EQ(server.process().wait(), 3);
    expect_one_line(server.said(), server.data());
  }
  disk.free();
  ASSERT_TRUE(server.start()) << server.said();
  changes.check();
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

// A backup onto a disk that is full fails, and the server goes on.
TEST(FullDisk, FailsABackupAlone) {
  REQUIRE_MOUNTS();
  RealServer server;
  const std::string target = (server.folder().path() / "elsewhere").string();
  const SmallDisk disk{target, 64U << 10U};
  ASSERT_TRUE(server.start()) << server.said();
  NumberedChanges changes{server, unlimited_key(server)};
  EXPECT_EQ(changes.send(1).status, 200);
  const auto copied = server.command({"backup", target + "/copy.db"});
  EXPECT_EQ(copied.code, 3) << copied.output;
  expect_one_line(copied.output, "copy.db");
  EXPECT_TRUE(fs::is_empty(target)) << "half a backup was left";
  EXPECT_EQ(changes.send(2).status, 200);
  EXPECT_EQ(server.end(), 0);
}

TEST(ReadOnlyDisk, IsRefusedAtTheStart) {
  REQUIRE_MOUNTS();
  RealServer server;
  const SmallDisk disk{server.data(), 8U << 20U};
  disk.make_read_only();
  ASSERT_FALSE(server.start());
  EXPECT_EQ(server.process().wait(), 3);
  expect_one_line(server.said(), "Read-only file system");
  disk.make_writable();
  ASSERT_TRUE(server.start()) << server.said();
  NumberedChanges changes{server, unlimited_key(server)};
  EXPECT_EQ(changes.send(1).status, 200);
  ASSERT_EQ(server.end(), 0);
  disk.make_read_only();
  ASSERT_FALSE(server.start());
  EXPECT_EQ(server.process().wait(), 3);
  expect_one_line(server.said(), "Read-only file system");
  disk.make_writable();
  ASSERT_TRUE(server.start()) << server.said();
  changes.check();
}

struct BrokenDisk {
  const char* name;
  const char* calls;
  const char* error;
};

class BrokenWhileItRuns : public testing::TestWithParam<BrokenDisk> {};

// From one write on the disk takes none: what is said of each change is true, and a server that cannot go on
// ends for whoever starts it anew.
TEST_P(BrokenWhileItRuns, NothingIsAcknowledgedThatIsNotThere) {
  REQUIRE_PROGRAM(strace, "strace", "strace");
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  ASSERT_EQ(server.end(), 0);
  const auto [name, calls, error] = GetParam();
  ASSERT_TRUE(server.start({strace.string(), "-D", "-f", "-qqq", "-o", "/dev/null", "-e",
                            fmt::format("trace={}", calls), "-e",
                            fmt::format("inject={}:error={}:when=40+", calls, error)}))
      << server.said();
  NumberedChanges changes{server, key};
  const int last = send_until_refused(changes, 0);
  EXPECT_GT(last, 2) << "it broke before it had taken anything";
  ASSERT_TRUE(eventually([&] { return server.process().has_ended(); })) << server.said();
  EXPECT_EQ(server.process().wait(), 3);
  const std::string said = server.said();
  EXPECT_THAT(said, HasSubstr("\ngate-server serve: ")) << "the one line that says why";
  EXPECT_THAT(said, HasSubstr("\"ending\""));
  ASSERT_TRUE(server.start()) << server.said();
  for (const int again : changes.unacknowledged()) EXPECT_EQ(changes.send(again).status, 200) << again;
  changes.check();
  EXPECT_EQ(server.end(), 0);
  expect_whole(server);
}

constexpr BrokenDisk kBrokenDisks[] = {
    {"ReadOnly", "pwrite64", "EROFS"},
    {"WriteFails", "pwrite64", "EIO"},
    {"SyncFails", "fdatasync", "EIO"},
    {"SyncSaysFull", "fdatasync", "ENOSPC"},
};

INSTANTIATE_TEST_SUITE_P(Disks, BrokenWhileItRuns, testing::ValuesIn(kBrokenDisks),
                         [](const auto& row) { return row.param.name; });

// The file of a server that has ended, larger than a page of everything.
void make_database(RealServer& server) {
  ASSERT_TRUE(server.start()) << server.said();
  NumberedChanges changes{server, unlimited_key(server)};
  for (int number = 1; number <= 40; ++number) ASSERT_EQ(changes.send(number).status, 200);
  ASSERT_EQ(server.end(), 0);
}

void overwrite(const std::string& path, std::uint64_t at, std::string_view bytes) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
}

void make_newer(const std::string& path) {
  auto opened = server::store::SqliteConnection::open(path, server::store::Purpose::state);
  ASSERT_TRUE(opened);
  const auto added = (*opened)->transaction().execute(
      "INSERT INTO migration (version, name, applied_at) "
      "SELECT MAX(version) + 1, 'of tomorrow', '' FROM migration",
      {});
  ASSERT_TRUE(added) << added.error().message;
  ASSERT_TRUE((*opened)->checkpoint(true));
}

struct Damage {
  const char* name;
  void (*make)(const std::string& database);
  const char* says;
};

class DamagedFile : public testing::TestWithParam<Damage> {};

TEST_P(DamagedFile, IsRefusedAtTheStart) {
  RealServer server;
  make_database(server);
  if (Test::HasFatalFailure()) return;
  const std::string database = server.data() + "/release-gate.db";
  GetParam().make(database);
  ASSERT_FALSE(server.start()) << server.said();
  EXPECT_THAT(server.process().wait(), AnyOf(2, 3));
  expect_one_line(server.said(), GetParam().says);
  EXPECT_THAT(server.said(), HasSubstr(server.data()));
  EXPECT_THAT(server.said(), Not(HasSubstr("rgk_"))) << "it began anew";
  const auto listed = server.command({"keys", "list"});
  EXPECT_THAT(listed.code, AnyOf(2, 3)) << listed.output;
}

const Damage kDamages[] = {
    {"Newer", make_newer, "newer"},
    {"Gone", [](const std::string& file) { fs::remove(file); }, "missing"},
    {"Empty", [](const std::string& file) { fs::resize_file(file, 0); }, "empty"},
    {"OnePage", [](const std::string& file) { fs::resize_file(file, 4'096); }, "damaged"},
    {"Half", [](const std::string& file) { fs::resize_file(file, fs::file_size(file) / 8'192 * 4'096); },
     "damaged"},
    {"NotADatabase", [](const std::string& file) { overwrite(file, 0, "words, words, words"); }, "damaged"},
    {"PageInTheMiddle",
     [](const std::string& file) {
       overwrite(file, fs::file_size(file) / 8'192 * 4'096, std::string(64, '\xa5'));
     },
     "damaged"},
    {"AnotherServers",
     [](const std::string& file) {
       RealServer other;
       make_database(other);
       fs::copy_file(other.data() + "/release-gate.db", file, fs::copy_options::overwrite_existing);
     },
     "names another database"},
};

INSTANTIATE_TEST_SUITE_P(Files, DamagedFile, testing::ValuesIn(kDamages),
                         [](const auto& row) { return row.param.name; });

struct Edit {
  const char* name;
  const char* sql;
  const char* says;
};

class EditedAudit : public testing::TestWithParam<Edit> {};

TEST_P(EditedAudit, IsNamedByItsRow) {
  RealServer server;
  make_database(server);
  if (Test::HasFatalFailure()) return;
  {
    auto opened = server::store::SqliteConnection::open(server.data() + "/release-gate.db",
                                                        server::store::Purpose::state);
    ASSERT_TRUE(opened);
    ASSERT_TRUE((*opened)->transaction().execute(GetParam().sql, {}));
    ASSERT_TRUE((*opened)->checkpoint(true));
  }
  const auto verified = server.command({"audit", "verify"});
  EXPECT_EQ(verified.code, 1) << verified.output;
  EXPECT_THAT(verified.output, HasSubstr(GetParam().says));
  ASSERT_TRUE(server.start()) << "whoever looks into it needs the server: " << server.said();
  EXPECT_THAT(server.command({"audit", "verify"}).output, HasSubstr(GetParam().says));
}

constexpr Edit kEdits[] = {
    {"ARowChanged", "UPDATE audit SET owner = 'nobody' WHERE sequence = 7", "BROKEN at row 7"},
    {"ARowCutOut", "DELETE FROM audit WHERE sequence = 7", "BROKEN at row 7"},
    {"TheEndCutOff", "DELETE FROM audit WHERE sequence > 30", "BROKEN at row 31"},
};

INSTANTIATE_TEST_SUITE_P(Rows, EditedAudit, testing::ValuesIn(kEdits),
                         [](const auto& row) { return row.param.name; });

TEST(MissingLog, OfAServerThatWasKilledIsRefused) {
  RealServer server;
  ASSERT_TRUE(server.start()) << server.said();
  const std::string key = unlimited_key(server);
  NumberedChanges changes{server, key};
  for (int number = 1; number <= 5; ++number) ASSERT_EQ(changes.send(number).status, 200);
  server.kill();
  const std::string log = server.data() + "/release-gate.db-wal";
  ASSERT_TRUE(fs::exists(log));
  fs::rename(log, server.data() + "/aside");
  ASSERT_FALSE(server.start()) << server.said();
  EXPECT_EQ(server.process().wait(), 2);
  expect_one_line(server.said(), "is missing");
  fs::rename(server.data() + "/aside", log);
  ASSERT_TRUE(server.start()) << server.said();
  changes.check();
}

// One bit here, one bit there: the start refuses the file, or the audit log says what was changed, or the bit
// meant nothing. What never happens is a server that begins anew.
TEST(FlippedBits, AreNeverABeginning) {
  RealServer server;
  make_database(server);
  if (Test::HasFatalFailure()) return;
  const std::string database = server.data() + "/release-gate.db";
  const std::string whole = (server.folder().path() / "whole.db").string();
  fs::copy_file(database, whole);
  const std::uint64_t bytes = fs::file_size(whole);
  const std::uint64_t flips = is_full_run() ? 500 : 6;
  for (std::uint64_t flip = 0; flip < flips && !Test::HasFailure(); ++flip) {
    const std::uint64_t at = (flip * 2'654'435'761U + 100) % bytes;
    SCOPED_TRACE(at);
    fs::copy_file(whole, database, fs::copy_options::overwrite_existing);
    std::ifstream file{database, std::ios::binary};
    file.seekg(static_cast<std::streamoff>(at));
    const char flipped = static_cast<char>(file.get() ^ 0x10);
    overwrite(database, at, std::string{flipped});
    const auto listed = server.command({"keys", "list"});
    EXPECT_THAT(listed.code, AnyOf(0, 2, 3)) << listed.output;
    if (listed.code == 0) {
      EXPECT_THAT(listed.output, AnyOf(HasSubstr("soak"), HasSubstr("admin")));
    }
    const auto verified = server.command({"audit", "verify"});
    EXPECT_THAT(verified.code, AnyOf(0, 1, 2, 3)) << verified.output;
    fs::remove(database + "-wal");
    fs::remove(server.data() + "/store.open");
  }
}

}  // namespace
}  // namespace gate::test
