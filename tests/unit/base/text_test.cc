#include "gate/base/text.h"

#include <clocale>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/utf8.h"

namespace gate {
namespace {

using testing::ElementsAre;

TEST(Trim, TakesAsciiSpaceOnly) {
  EXPECT_EQ(trim(" \t\r\n\v\f a b \n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\u00a0a"), "\u00a0a");
  EXPECT_EQ(trim(std::string_view{"\0a", 2}), (std::string_view{"\0a", 2}));
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split(",", ','), ElementsAre("", ""));
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
}

TEST(Join, IsTheInverse) {
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
}

TEST(Lower, LeavesOtherLettersAlone) {
  EXPECT_EQ(lower("AZaz09_ÀÉ"), "azaz09_ÀÉ");
  EXPECT_TRUE(equal_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_FALSE(equal_ignoring_case("É", "é"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

TEST(ReplaceAll, ReplacesWithoutLookingAgain) {
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("aaa", "aa", "b"), "ba");
  EXPECT_EQ(replace_all("abc", "x", "y"), "abc");
  EXPECT_EQ(replace_all("abc", "abc", ""), "");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(FirstLine, SkipsBlankOnes) {
  EXPECT_EQ(first_line("\n \r\n  a b \r\nc"), "a b");
  EXPECT_EQ(first_line("a"), "a");
  EXPECT_EQ(first_line(""), "");
  EXPECT_EQ(first_line("\n\n"), "");
  EXPECT_EQ(first_line(std::string(1'000'000, '\n')), "");
}

TEST(Shortened, NeverExceedsTheLimitNorCutsACharacter) {
  struct Row {
    const char* name;
    std::string text;
    std::size_t limit;
    const char* shortened;
  };
  const Row rows[] = {
      {"no room for the ellipsis", "abc", 2, "ab"},
      {"no room at all", "abc", 0, ""},
      {"no room for a character", "éé", 1, ""},
      {"room for the ellipsis alone", "abcd", 3, "…"},
      {"fits", "abc", 3, "abc"},
      {"fits in bytes", "é", 2, "é"},
      {"cut", "abcdefgh", 6, "abc…"},
      {"cut before a character", "abééé", 6, "ab…"},
      {"only continuation bytes", std::string(10, '\x80'), 5, "…"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(shortened(row.text, row.limit), row.shortened);
  }
  const std::string hostile =
      "a\u0301😀☃é\x80\xff"
      "b" +
      std::string(20, '\xc3');
  for (std::size_t limit = 0; limit <= hostile.size(); ++limit)
    EXPECT_LE(shortened(hostile, limit).size(), limit);
}

TEST(Counted, AgreesWithItsNoun) {
  EXPECT_EQ(counted(0, "finding"), "0 findings");
  EXPECT_EQ(counted(1, "finding"), "1 finding");
  EXPECT_EQ(counted(1'234, "finding"), "1,234 findings");
  EXPECT_EQ(counted(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(counted(2, "entry", "entries"), "2 entries");
}

TEST(Grouped, PutsACommaEveryThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
}

}  // namespace
}  // namespace gate
