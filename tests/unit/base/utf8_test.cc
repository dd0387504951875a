#include "gate/base/utf8.h"

#include <gtest/gtest.h>

namespace gate {
namespace {

// The replacement of maximal ill-formed prefixes, as The Unicode Standard 15, table 3-8 and its
// neighbours show it, and as browsers do it.
TEST(WithValidUtf8, ReplacesEachMaximalIllFormedPrefix) {
  struct Row {
    const char* name;
    std::string_view bytes;
    const char* text;
  };
  const Row rows[] = {
      {"well-formed stays", "aé☃😀", "aé☃😀"},
      {"NUL stays", std::string_view{"a\0b", 3}, nullptr},
      {"a lone continuation", "\x80", "�"},
      {"two of them", "\x80\xbf", "��"},
      {"overlong solidus", "\xc0\xaf", "��"},
      {"overlong in three bytes", "\xe0\x80\xaf", "���"},
      {"overlong in four bytes", "\xf0\x80\x80\xaf", "����"},
      {"a surrogate", "\xed\xa0\x80", "���"},
      {"a surrogate pair", "\xed\xa0\xbd\xed\xb8\x80", "������"},
      {"above U+10FFFF", "\xf4\x90\x80\x80", "����"},
      {"F5 is no lead", "\xf5\x80\x80\x80", "����"},
      {"FF", "\xff", "�"},
      {"cut after one byte", "\xe2", "�"},
      {"cut after two of three", "\xe2\x98", "�"},
      {"cut after three of four", "\xf0\x9f\x98", "�"},
      {"cut and then ASCII",
       "\xe2\x98"
       "a",
       "�a"},
      {"cut and then a lead", "\xf0\x9f\x98\xe2\x98\x83", "�☃"},
      {"the standard's example", "\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", "����A"},
      {"the last code point", "\xf4\x8f\xbf\xbf", "\U0010ffff"},
      {"the first of two bytes", "\xc2\x80", "\u0080"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string expected = row.text == nullptr ? std::string{row.bytes} : std::string{row.text};
    EXPECT_EQ(with_valid_utf8(row.bytes), expected);
    EXPECT_EQ(is_utf8(row.bytes), row.bytes == expected);
    EXPECT_TRUE(is_utf8(expected));
  }
}

TEST(DecodeUtf8, InvertsAppendForEveryCodePoint) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    std::string text;
    append_utf8(text, c);
    const CodePoint decoded = decode_utf8(text);
    ASSERT_EQ(decoded.value, surrogate ? kReplacementCharacter : c);
    ASSERT_EQ(decoded.bytes, text.size());
    ASSERT_TRUE(decoded.well_formed);
  }
}

TEST(AppendUtf8, WritesNoIllFormedText) {
  for (const char32_t c : {0xD800U, 0xDFFFU, 0x110000U, 0xFFFFFFFFU}) {
    std::string text;
    append_utf8(text, c);
    EXPECT_EQ(text, "�");
  }
}

TEST(Counts, DifferByUnit) {
  struct Row {
    const char* name;
    std::string_view text;
    std::size_t code_points;
    std::size_t utf16_units;
  };
  const Row rows[] = {
      {"empty", "", 0, 0},
      {"ASCII", "abc", 3, 3},
      {"two bytes", "é", 1, 1},
      {"emoji", "😀", 1, 2},
      {"combining", "e\u0301", 2, 2},
      {"ill-formed",
       "\xff\xe2\x98"
       "a",
       3, 3},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(count_code_points(row.text), row.code_points);
    EXPECT_EQ(count_utf16_units(row.text), row.utf16_units);
  }
}

TEST(IsInvisible, CoversBidiZeroWidthAndTags) {
  for (const char32_t c : {0x061CU, 0x200BU, 0x200EU, 0x200FU, 0x202AU, 0x202EU, 0x2060U, 0x2064U, 0x2066U,
                           0x2069U, 0xFEFFU, 0xE0001U, 0xE007FU}) {
    EXPECT_TRUE(is_invisible(c)) << std::hex << static_cast<unsigned>(c);
  }
  // The joiners stay: emoji and several scripts need them.
  for (const char32_t c : {0x20U, 0x41U, 0x200CU, 0x200DU, 0x2029U, 0x202FU, 0x206AU, 0x1F600U}) {
    EXPECT_FALSE(is_invisible(c)) << std::hex << static_cast<unsigned>(c);
  }
}

TEST(IsControl, LeavesTabAndLineFeed) {
  for (const char32_t c : {0x00U, 0x08U, 0x0BU, 0x0DU, 0x1BU, 0x1FU, 0x7FU, 0x80U, 0x9BU, 0x9FU})
    EXPECT_TRUE(is_control(c)) << static_cast<unsigned>(c);
  for (const char32_t c : {0x09U, 0x0AU, 0x20U, 0x7EU, 0xA0U})
    EXPECT_FALSE(is_control(c)) << static_cast<unsigned>(c);
}

}  // namespace
}  // namespace gate
