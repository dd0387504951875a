#include "server/observe/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "tests/support/fake_clock.h"
#include "tests/support/programs.h"
#include "tests/support/test_data.h"

namespace server::observe {
namespace {

using gate::test::contents_of;
using gate::test::FakeClock;
using gate::test::ScratchFolder;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const std::string kHead = R"({"time":"2026-11-20T05:00:00.000Z","level":"info","event":"e")";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : gate::split(text, '\n')) lines.emplace_back(line);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

TEST(LogLine, CannotBeBrokenOrForgedByAValue) {
  struct Row {
    const char* name;
    std::string value;
    std::string written;
  };
  const Row rows[] = {
      {"a line feed", "a\nb", R"("a\nb")"},
      {"a forged member", R"(x","level":"error)", R"("x\",\"level\":\"error")"},
      {"carriage return and tab", "\r\t", R"("\r\t")"},
      {"a terminal's escape", "\x1b[2J", R"("\u001b[2J")"},
      {"NUL", std::string("a\0b", 3), R"("a\u0000b")"},
      {"DEL", "\x7f", R"("\u007f")"},
      {"next line, U+0085", "\u0085", R"("\u0085")"},
      {"line separator", "\u2028", R"("\u2028")"},
      {"paragraph separator", "a\u2029b", R"("a\u2029b")"},
      {"a lone continuation byte", "\x80", "\"\uFFFD\""},
      {"half a character", "\xE2\x80", "\"\uFFFD\""},
      {"an overlong slash", "\xC0\xAF", "\"\uFFFD\uFFFD\""},
      {"a surrogate", "\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\""},
      {"what is fine", "naïve 日本", "\"naïve 日本\""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string line = log_line(FakeClock{}.now(), Level::info, "e", {{"v", row.value}});
    EXPECT_EQ(line, kHead + ",\"v\":" + row.written + "}\n");
    EXPECT_TRUE(gate::load::parse_json(line)) << line;
  }
}

TEST(LogLine, CutsLongFields) {
  const std::string line =
      log_line(FakeClock{}.now(), Level::error, "e", {{"long", std::string(100'000, 'x')}, {"after", 7}});
  EXPECT_LT(line.size(), 8'400U);
  EXPECT_THAT(line, HasSubstr("xx…"));
  EXPECT_THAT(line, EndsWith(R"(","after":7})"
                             "\n"));
}

TEST(LogLine, NamesTheLevel) {
  const auto at = FakeClock{}.now();
  EXPECT_THAT(log_line(at, Level::warning, "e", {}), HasSubstr(R"("level":"warning")"));
  EXPECT_THAT(log_line(at, Level::error, "e", {}), HasSubstr(R"("level":"error")"));
}

TEST(Log, AppendsLinesInOrder) {
  const ScratchFolder folder;
  const std::string path = folder.write("log", "before\n");
  const FakeClock clock;
  auto log = Log::open(path, clock);
  ASSERT_TRUE(log) << log.error().message;
  for (int i = 0; i < 100; ++i) (*log)->info("e", {{"i", i}});
  (*log)->flush();
  const auto lines = lines_of(contents_of(path));
  ASSERT_THAT(lines, SizeIs(101));
  EXPECT_EQ(lines[0], "before");
  EXPECT_EQ(lines[100], kHead + R"(,"i":99})");
  EXPECT_EQ((*log)->dropped(), 0U);
}

TEST(Log, KeepsEveryLineOfManyThreadsWhole) {
  const ScratchFolder folder;
  const std::string path = (folder.path() / "log").string();
  const FakeClock clock;
  auto log = Log::open(path, clock);
  ASSERT_TRUE(log);
  const std::string filler(3'000, 'f');
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) (*log)->info("e", {{"f", filler}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  (*log)->flush();
  const auto lines = lines_of(contents_of(path));
  EXPECT_EQ(lines.size() + (*log)->dropped(), 400U);
  for (const std::string& line : lines) ASSERT_TRUE(gate::load::parse_json(line)) << line.substr(0, 200);
}

TEST(Log, FollowsAFileThatWasMovedAway) {
  const ScratchFolder folder;
  const std::string path = (folder.path() / "log").string();
  const FakeClock clock;
  auto log = Log::open(path, clock);
  ASSERT_TRUE(log);
  (*log)->info("first");
  (*log)->flush();
  std::filesystem::rename(path, path + ".1");
  ASSERT_TRUE((*log)->reopen());
  (*log)->info("second");
  (*log)->flush();
  EXPECT_THAT(contents_of(path + ".1"), HasSubstr("first"));
  EXPECT_THAT(contents_of(path), HasSubstr("second"));
  EXPECT_THAT(contents_of(path), Not(HasSubstr("first")));
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(Log, SaysWhichFileCannotBeOpened) {
  const FakeClock clock;
  const auto log = Log::open("/nonexistent/log", clock);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, gate::ErrorCode::io);
  EXPECT_EQ(log.error().message, "/nonexistent/log: No such file or directory");
}

TEST(Log, AFailedReopenKeepsTheOldFile) {
  const ScratchFolder folder;
  const std::filesystem::path inner = folder.path() / "inner";
  std::filesystem::create_directory(inner);
  const FakeClock clock;
  auto log = Log::open((inner / "log").string(), clock);
  ASSERT_TRUE(log);
  std::filesystem::rename(inner, folder.path() / "moved");
  EXPECT_FALSE((*log)->reopen());
  (*log)->info("still");
  (*log)->flush();
  EXPECT_THAT(contents_of(folder.path() / "moved/log"), HasSubstr("still"));
}

TEST(Log, CountsWhatADiskThatIsFullLost) {
  const FakeClock clock;
  auto log = Log::open("/dev/full", clock);
  ASSERT_TRUE(log);
  for (int i = 0; i < 3; ++i) (*log)->info("e");
  (*log)->flush();
  EXPECT_EQ((*log)->dropped(), 3U);
}

// Standard error as a pipe, for as long as it lives.
class PipedStderr {
 public:
  PipedStderr() {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    saved_ = ::dup(STDERR_FILENO);
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  ~PipedStderr() {
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    close_reader();
  }

  void close_reader() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }
  // All that lies in the pipe now.
  [[nodiscard]] std::string read_all() const {
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    std::string all;
    std::array<char, 4096> part{};
    for (ssize_t n = 0; (n = ::read(ends_[0], part.data(), part.size())) > 0;)
      all.append(part.data(), static_cast<std::size_t>(n));
    return all;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  int saved_ = -1;
};

TEST(Log, NeverWaitsForAReaderWhoDoesNotRead) {
  PipedStderr pipe;
  const FakeClock clock;
  const std::string filler(7'000, 'x');
  std::uint64_t dropped = 0;
  const auto start = std::chrono::steady_clock::now();
  {
    auto log = Log::open("", clock);
    ASSERT_TRUE(log);
    for (int i = 0; i < 800; ++i) (*log)->info("e", {{"filler", filler}});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{20});
    dropped = (*log)->dropped();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{40}) << "it waited at its end";
  EXPECT_GT(dropped, 100U);
  EXPECT_THAT(pipe.read_all(), StartsWith(kHead));
}

TEST(Log, GoesOnWhereTheReaderReadsAgain) {
  PipedStderr pipe;
  const FakeClock clock;
  auto log = Log::open("", clock);
  ASSERT_TRUE(log);
  const std::string filler(7'000, 'x');
  for (int i = 0; i < 20; ++i) (*log)->info("e", {{"filler", filler}});
  std::string all;
  for (int i = 0; i < 200 && lines_of(all).size() < 20; ++i) {
    all += pipe.read_all();
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  const auto lines = lines_of(all);
  EXPECT_THAT(lines, SizeIs(20));
  for (const std::string& line : lines) EXPECT_TRUE(gate::load::parse_json(line)) << line.substr(0, 100);
  EXPECT_EQ((*log)->dropped(), 0U);
}

TEST(Log, SurvivesAReaderWhoLeft) {
  PipedStderr pipe;
  pipe.close_reader();
  const FakeClock clock;
  auto log = Log::open("", clock);
  ASSERT_TRUE(log);
  (*log)->info("e");
  (*log)->flush();
  EXPECT_EQ((*log)->dropped(), 1U);
}

}  // namespace
}  // namespace server::observe
