#include "gate/load/gzip.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/gzip.h"

namespace gate::load {
namespace {

using test::gzipped;

// What comes out when the bytes go in, `step` at a time; the error behind an exclamation mark.
std::string undone(std::string_view bytes, std::size_t step) {
  Gunzip gunzip;
  std::string out;
  while (!bytes.empty()) {
    gunzip.feed(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    for (;;) {
      const auto piece = gunzip.next();
      if (!piece) return "!" + piece.error().message;
      if (piece->empty()) break;
      EXPECT_LE(piece->size(), std::size_t{128} * 1024);
      out += *piece;
    }
  }
  const Status finished = gunzip.finish();
  return finished ? out : "!" + finished.error().message;
}

std::string with_byte(std::string text, std::size_t at, char byte) {
  text[at] = byte;
  return text;
}

TEST(Gunzip, RefusesWhatIsNoWholeGzip) {
  const std::string text = "{\"a\": 1}\n{\"a\": 2}\n";
  const std::string gzip = gzipped(text);
  struct Row {
    const char* name;
    std::string bytes;
    const char* why;
  };
  const Row rows[] = {
      {"nothing", "", "!the gzip stream ends early"},
      {"only a first byte", "\x1F", "!the gzip stream ends early"},
      {"text", text, "!not a gzip stream"},
      {"another first byte", "\x1F{\"a\": 1}", "!not a gzip stream"},
      {"zlib without gzip's head", "\x78\x9C\x03\x00\x00\x00\x00\x01", "!not a gzip stream"},
      {"another method", with_byte(gzip, 2, '\x07'), "!the gzip stream is damaged"},
      {"cut in its head", gzip.substr(0, 5), "!the gzip stream ends early"},
      {"cut in its data", gzip.substr(0, gzip.size() - 12), "!the gzip stream ends early"},
      {"cut in its checksum", gzip.substr(0, gzip.size() - 6), "!the gzip stream ends early"},
      {"cut by a byte", gzip.substr(0, gzip.size() - 1), "!the gzip stream ends early"},
      {"another checksum", with_byte(gzip, gzip.size() - 8, static_cast<char>(gzip[gzip.size() - 8] ^ 1)),
       "!the gzip stream is damaged"},
      {"another length", with_byte(gzip, gzip.size() - 4, '\x01'), "!the gzip stream is damaged"},
      {"a second member cut", gzip + gzip.substr(0, 12), "!the gzip stream ends early"},
      {"a byte behind", gzip + "\n", "!bytes that are no gzip follow the gzip stream"},
      {"zeros behind", gzip + std::string(512, '\0'), "!bytes that are no gzip follow the gzip stream"},
      {"half a magic number behind", gzip + "\x1F\x8Cxxxxxxxx",
       "!bytes that are no gzip follow the gzip stream"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{4'096}})
      EXPECT_EQ(undone(row.bytes, step), row.why) << step;
  }
}

TEST(Gunzip, GivesBackWhatWasPacked) {
  std::string lines;
  for (int i = 0; i < 40'000; ++i) lines += "{\"id\": " + std::to_string(i * 7'919 % 40'009) + "}\n";
  const std::string rows[] = {"", "x", lines, std::string(std::size_t{128} * 1024, 'a')};
  for (const std::string& text : rows) {
    SCOPED_TRACE(text.size());
    for (const std::size_t step : {std::size_t{1}, std::size_t{1'000}, std::size_t{1} << 20U}) {
      EXPECT_EQ(undone(gzipped(text), step), text);
      EXPECT_EQ(undone(gzipped(text) + gzipped("") + gzipped(text), step), text + text);
    }
  }
}

TEST(Gunzip, HandsABombOnInPieces) {
  const std::string bomb = gzipped(std::string(std::size_t{64} << 20U, '\0'));
  Gunzip gunzip;
  gunzip.feed(bomb);
  std::size_t bytes = 0;
  for (auto piece = gunzip.next(); piece && !piece->empty(); piece = gunzip.next()) {
    ASSERT_LE(piece->size(), std::size_t{128} * 1024);
    bytes += piece->size();
  }
  EXPECT_EQ(bytes, std::size_t{64} << 20U);
  EXPECT_TRUE(gunzip.finish());
}

TEST(IsGzip, LooksAtTheFirstTwoBytes) {
  EXPECT_TRUE(is_gzip(gzipped("")));
  EXPECT_FALSE(is_gzip("\x1F"));
  EXPECT_FALSE(is_gzip("{}"));
}

}  // namespace
}  // namespace gate::load
