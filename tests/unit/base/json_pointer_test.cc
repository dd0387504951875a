#include "gate/base/json_pointer.h"

#include <gtest/gtest.h>

namespace gate {
namespace {

TEST(AppendToken, Escapes) {
  std::string pointer;
  append_token(pointer, std::string_view{"a/b~c"});
  append_token(pointer, std::size_t{7});
  append_token(pointer, std::string_view{});
  EXPECT_EQ(pointer, "/a~1b~0c/7/");
  EXPECT_EQ(pointer_depth(pointer), 3U);
}

TEST(ParsePointer, IsTheInverse) {
  using Tokens = std::vector<std::string>;
  EXPECT_EQ(parse_pointer(""), Tokens{});
  EXPECT_EQ(parse_pointer("/"), Tokens{""});
  EXPECT_EQ(parse_pointer("/a~1b~0c//0"), (Tokens{"a/b~c", "", "0"}));
  EXPECT_EQ(parse_pointer("/~01"), Tokens{"~1"});
}

TEST(ParsePointer, RefusesWhatIsNone) {
  for (const char* text : {"a", "/~", "/~2", "/a/~"}) EXPECT_EQ(parse_pointer(text), std::nullopt) << text;
}

TEST(PointerFromFragment, UndoesPercentEncoding) {
  EXPECT_EQ(pointer_from_fragment("/foo%20bar/%C3%A9"), "/foo bar/é");
  for (const char* text : {"%", "%4", "%zz", "/a%2"})
    EXPECT_EQ(pointer_from_fragment(text), std::nullopt) << text;
}

TEST(ArrayIndex, TakesOnlyPlainDigits) {
  EXPECT_EQ(array_index("0"), 0U);
  EXPECT_EQ(array_index("120"), 120U);
  for (const char* text : {"", "-1", "01", "1a", "+1", " 1", "99999999999999999999999"}) {
    EXPECT_EQ(array_index(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gate
