#include "gate/load/encoding.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

std::string utf16(std::u16string_view text, bool big) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8U);
    const char low = static_cast<char>(unit & 0xFFU);
    bytes += big ? high : low;
    bytes += big ? low : high;
  }
  return bytes;
}

TEST(Encoding, IsDecidedByTheBytesThenTheDeclaration) {
  struct Row {
    const char* name;
    std::string_view head;
    Encoding encoding;
    std::size_t mark;
    bool doubtful;
  };
  using namespace std::string_view_literals;
  const Row rows[] = {
      {"nothing", "", Encoding::utf8, 0, false},
      {"ASCII", "<a/>", Encoding::utf8, 0, false},
      {"UTF-8 mark", "\xEF\xBB\xBF<a/>", Encoding::utf8, 3, false},
      {"UTF-8 mark against a declaration", "\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?>",
       Encoding::utf8, 3, false},
      {"UTF-16LE mark", "\xFF\xFE<\0"sv, Encoding::utf16_little, 2, false},
      {"UTF-16BE mark", "\xFE\xFF\0<"sv, Encoding::utf16_big, 2, false},
      {"UTF-16LE without a mark", "<\0?\0"sv, Encoding::utf16_little, 0, false},
      {"UTF-16BE without a mark", "\0<\0?"sv, Encoding::utf16_big, 0, false},
      {"declared UTF-8", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", Encoding::utf8, 0, false},
      {"declared Latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?>", Encoding::windows_1252, 0, false},
      {"declared windows-1252", "<?xml version='1.0' encoding=\"Windows-1252\" ?>", Encoding::windows_1252, 0,
       false},
      {"wrongly declared UTF-16", "<?xml version='1.0' encoding='utf-16'?>", Encoding::utf8, 0, true},
      {"unknown", "<?xml version='1.0' encoding='EBCDIC-CP-BE'?>", Encoding::utf8, 0, true},
      {"no declaration but an attribute", "<a encoding='latin1'/>", Encoding::utf8, 0, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const EncodingDecision decision = decide_encoding(row.head);
    EXPECT_EQ(name_of(decision.encoding), name_of(row.encoding));
    EXPECT_EQ(decision.mark, row.mark);
    EXPECT_EQ(!decision.doubt.empty(), row.doubtful) << decision.doubt;
  }
}

TEST(Decoder, DecodesUtf16InChunksOfAnySize) {
  const std::u16string text = u"a\u00E4\u4F60\U0001F600z";
  for (const bool big : {false, true}) {
    const std::string bytes = utf16(text, big);
    for (std::size_t chunk = 1; chunk <= bytes.size(); ++chunk) {
      Decoder decoder{big ? Encoding::utf16_big : Encoding::utf16_little};
      std::string got;
      for (std::size_t at = 0; at < bytes.size(); at += chunk)
        got += decoder.decode(std::string_view{bytes}.substr(at, chunk));
      got += decoder.finish();
      EXPECT_EQ(got, "a\xC3\xA4\xE4\xBD\xA0\xF0\x9F\x98\x80z");
      EXPECT_EQ(decoder.replaced(), 0U);
    }
  }
}

TEST(Decoder, ReplacesHalvesOfCharacters) {
  struct Row {
    const char* name;
    std::u16string text;
    bool odd_byte;
    std::string expected;
    std::uint64_t replaced;
  };
  const Row rows[] = {
      {"low surrogate alone",
       {u'a', 0xDC00, u'b'},
       false,
       "a\xEF\xBF\xBD"
       "b",
       1},
      {"high surrogate alone",
       {u'a', 0xD800, u'b'},
       false,
       "a\xEF\xBF\xBD"
       "b",
       1},
      {"two high surrogates", {0xD83D, 0xD83D, 0xDE00}, false, "\xEF\xBF\xBD\xF0\x9F\x98\x80", 1},
      {"high surrogate at the end", {u'a', 0xD800}, false, "a\xEF\xBF\xBD", 1},
      {"half a unit at the end", {u'a'}, true, "a\xEF\xBF\xBD", 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Decoder decoder{Encoding::utf16_little};
    std::string got{decoder.decode(utf16(row.text, false) + (row.odd_byte ? "x" : ""))};
    got += decoder.finish();
    EXPECT_EQ(got, row.expected);
    EXPECT_EQ(decoder.replaced(), row.replaced);
  }
}

TEST(Decoder, ReadsLatin1AsWindows1252) {
  Decoder decoder{Encoding::windows_1252};
  EXPECT_EQ(decoder.decode("caf\xE9 \x80 \x93q\x94"), "caf\xC3\xA9 \xE2\x82\xAC \xE2\x80\x9Cq\xE2\x80\x9D");
}

// The same report in every encoding holds the same test.
TEST(Encoding, OfAReportDoesNotMatter) {
  const std::string body = "<testsuite name='s'><testcase name='caf\xC3\xA9'/></testsuite>";
  const std::u16string wide = u"<testsuite name='s'><testcase name='caf\u00E9'/></testsuite>";
  const std::string latin = "<testsuite name='s'><testcase name='caf\xE9'/></testsuite>";
  struct Row {
    const char* name;
    std::string report;
    bool noted;
  };
  const Row rows[] = {
      {"UTF-8", body, false},
      {"UTF-8 with mark", "\xEF\xBB\xBF" + body, false},
      {"UTF-16LE with mark", "\xFF\xFE" + utf16(wide, false), false},
      {"UTF-16BE with mark", "\xFE\xFF" + utf16(wide, true), false},
      {"UTF-16LE, declared", utf16(u"<?xml version='1.0' encoding='UTF-16'?>" + wide, false), false},
      {"UTF-16BE", utf16(wide, true), false},
      {"Latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?>" + latin, false},
      {"windows-1252", "<?xml version='1.0' encoding='windows-1252'?>" + latin, false},
      {"UTF-8 that says it is UTF-16", "<?xml version='1.0' encoding='UTF-16'?>" + body, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
      gate::testing::TallyLimits limits;
      limits.all_cases = true;
      const ReadReport read = read_report(row.report, chunk, limits);
      EXPECT_FALSE(read.counted.fault) << read.counted.fault->text;
      ASSERT_EQ(read.counted.cases.size(), 1U);
      EXPECT_EQ(read.counted.cases[0].name, "caf\xC3\xA9");
      EXPECT_EQ(remark_of(read, "tests.encoding") != nullptr, row.noted);
      EXPECT_EQ(remark_of(read, "tests.replaced_characters"), nullptr);
    }
  }
}

TEST(Encoding, CountsWhatItReplaced) {
  const ReadReport read = read_report("<testsuite><testcase name='\x1B[1m&#27;\xFF'/></testsuite>");
  EXPECT_FALSE(read.counted.fault);
  ASSERT_NE(remark_of(read, "tests.replaced_characters"), nullptr);
  EXPECT_THAT(remark_of(read, "tests.replaced_characters")->text, ::testing::HasSubstr("3 characters"));
}

}  // namespace
}  // namespace gate::load
