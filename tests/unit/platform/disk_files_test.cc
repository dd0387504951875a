#include "gate/platform/disk_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::platform {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

// A folder of its own for each test, removed after it.
class DiskFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "disk_files_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string at(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
  DiskFiles files_;
};

TEST_F(DiskFilesTest, ReadsBackWhatItWrote) {
  const std::string content = std::string("a\0b\n", 4) + std::string(300'000, 'x');
  ASSERT_TRUE(files_.write(at("deep/er/file"), content));
  EXPECT_EQ(*files_.read(at("deep/er/file"), 1'000'000), content);
  auto stream = files_.open(at("deep/er/file"));
  ASSERT_TRUE(stream);
  std::string streamed;
  for (auto chunk = (*stream)->next(); !chunk->empty(); chunk = (*stream)->next()) streamed += *chunk;
  EXPECT_EQ(streamed, content);
}

TEST_F(DiskFilesTest, LeavesNothingButTheFile) {
  ASSERT_TRUE(files_.write(at("report.json"), "{}"));
  ASSERT_TRUE(files_.write(at("report.json"), "{\"a\":1}"));
  EXPECT_THAT(*files_.list(folder_), ElementsAre(Field(&ports::FolderEntry::name, "report.json")));
}

TEST_F(DiskFilesTest, KeepsTheOldContentWhereTheNewCannotBeWritten) {
  ASSERT_TRUE(files_.write(at("report.json"), "old"));
  const Status written = files_.write(at("report.json") + "/below", "new");
  ASSERT_FALSE(written);
  EXPECT_EQ(*files_.read(at("report.json"), 10), "old");
  EXPECT_FALSE(files_.write(folder_, "a folder is not a file"));
}

TEST_F(DiskFilesTest, WritesThroughALinkAndKeepsPermissions) {
  ASSERT_TRUE(files_.write(at("real"), "old"));
  ASSERT_EQ(::chmod(at("real").c_str(), 0640), 0);
  fs::create_symlink("real", at("link"));
  ASSERT_TRUE(files_.write(at("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(*files_.read(at("real"), 10), "new");
  struct stat facts {};
  ASSERT_EQ(::stat(at("real").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0640U);
}

TEST_F(DiskFilesTest, TellsMissingFromUnreadable) {
  struct Row {
    const char* name;
    std::string path;
    ErrorCode code;
  };
  const Row rows[] = {
      {"a missing file", at("nothing"), ErrorCode::not_found},
      {"below a file", at("file/below"), ErrorCode::not_found},
      {"an empty path", "", ErrorCode::not_found},
      {"a NUL in the path", std::string("a\0b", 3), ErrorCode::not_found},
      {"a folder", folder_, ErrorCode::io},
      {"a link to itself", at("loop"), ErrorCode::not_found},
  };
  ASSERT_TRUE(files_.write(at("file"), ""));
  fs::create_symlink("loop", at("loop"));
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto text = files_.read(row.path, 10);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, row.code) << text.error().message;
    EXPECT_FALSE(files_.open(row.path));
  }
}

TEST_F(DiskFilesTest, ReadsNoMoreThanTheLimit) {
  ASSERT_TRUE(files_.write(at("eleven"), "12345678901"));
  EXPECT_TRUE(files_.read(at("eleven"), 11));
  const auto text = files_.read(at("eleven"), 10);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::budget);
  EXPECT_EQ(files_.read("/dev/zero", 100'000).error().code, ErrorCode::budget);
}

TEST_F(DiskFilesTest, SaysThatADeviceIsFull) {
  const Status written = files_.write("/dev/full", "lost");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::io);
  EXPECT_THAT(written.error().message, HasSubstr("/dev/full"));
  EXPECT_TRUE(files_.write("/dev/null", "anything"));
}

TEST_F(DiskFilesTest, IsHeldUpByNoPipe) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_EQ(files_.read(at("pipe"), 10).error().code, ErrorCode::timeout);
  EXPECT_EQ(files_.write(at("pipe"), "nobody reads").error().code, ErrorCode::io);

  std::thread writer{[&] {
    std::ofstream pipe{at("pipe")};
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    pipe << "late";
  }};
  EXPECT_EQ(*files_.read(at("pipe"), 10), "late");
  writer.join();
}

TEST_F(DiskFilesTest, AppendsToWhatIsThere) {
  ASSERT_TRUE(files_.append(at("summary"), "one\n"));
  ASSERT_TRUE(files_.append(at("summary"), "two\n"));
  EXPECT_EQ(*files_.read(at("summary"), 100), "one\ntwo\n");
}

TEST_F(DiskFilesTest, KeepsASecretForItsOwner) {
  const std::string file = at("key");
  ASSERT_TRUE(files_.write_secret(file, "rgk"));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto again = files_.write_secret(file, "another");
  ASSERT_FALSE(again) << "a secret that is there was written over";
  EXPECT_EQ(again.error().code, ErrorCode::io);
  EXPECT_EQ(*files_.read(file, 100), "rgk");
}

TEST_F(DiskFilesTest, FollowsNoLinkThatLeadsAround) {
  fs::create_directories(at("a/b"));
  fs::create_directories(at("c"));
  fs::create_symlink(".", at("a/self"));
  fs::create_symlink("../..", at("a/b/up"));
  fs::create_symlink("/", at("a/root"));
  fs::create_symlink("../../c", at("a/b/c"));
  fs::create_symlink("../a", at("c/a"));
  EXPECT_THAT(*files_.list(at("a")), ElementsAre(Field(&ports::FolderEntry::name, "b")));
  EXPECT_THAT(*files_.list(at("a/b")), ElementsAre(Field(&ports::FolderEntry::name, "c")));
  EXPECT_THAT(*files_.list(at("c")), ElementsAre(Field(&ports::FolderEntry::name, "a")));
  EXPECT_TRUE(files_.list(at("a/b/c"))->empty());
}

TEST_F(DiskFilesTest, ListsByNameAndFollowsLinks) {
  fs::create_directory(at("folder"));
  ASSERT_TRUE(files_.write(at("b"), ""));
  fs::create_symlink("folder", at("a-link"));
  fs::create_symlink("nowhere", at("z-broken"));
  const auto entries = files_.list(folder_);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 4U);
  EXPECT_EQ((*entries)[0].kind, ports::FileKind::folder);
  EXPECT_EQ((*entries)[1].name, "b");
  EXPECT_EQ((*entries)[2].name, "folder");
  EXPECT_EQ((*entries)[3].kind, ports::FileKind::missing);
}

}  // namespace
}  // namespace gate::platform
