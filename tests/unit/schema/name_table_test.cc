#include "gate/schema/name_table.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace gate::schema {
namespace {

TEST(NameTable, FindsEveryNameAndNoOther) {
  std::vector<std::string> names{
      "", "a", "ab", "id", "abc", "abcd", "abcdefgh", "abcdefghijklmnop", "abcdefghijklmnopq"};
  // These collide in length, first, middle and last byte.
  for (int i = 0; i < 500; ++i)
    names.push_back("x" + std::to_string(1000 + i) + "y" + std::to_string(1000 + i) + "z");
  std::vector<NameEntry> entries;
  for (const std::string& name : names)
    entries.push_back({name, static_cast<NodeIndex>(entries.size()), true, false});
  const NameTable table{entries};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NameEntry* found = table.find(names[i]);
    ASSERT_NE(found, nullptr) << names[i];
    EXPECT_EQ(found->node, i);
  }
  for (const char* name : {"b", "ac", "x1000y1000y", "abcdefghijklmnoq", "abcdefghijklmnopr", "abcdefgx"}) {
    EXPECT_EQ(table.find(name), nullptr) << name;
  }
  EXPECT_EQ(NameTable{}.find("a"), nullptr);
}

TEST(SameText, LooksAtEveryByte) {
  for (std::size_t length = 1; length <= 40; ++length) {
    const std::string text(length, 'a');
    EXPECT_TRUE(same_text(text, std::string(length, 'a')));
    for (std::size_t i = 0; i < length; ++i) {
      std::string other = text;
      other[i] = 'b';
      EXPECT_FALSE(same_text(text, other)) << length << " " << i;
    }
  }
}

}  // namespace
}  // namespace gate::schema
