#include "gate/base/percent.h"

#include <gtest/gtest.h>

namespace gate {
namespace {

TEST(PercentEncoded, KeepsOnlyWhatNeedsNoEscape) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a b+c&d=\"{}\"/%\xff"), "a%20b%2Bc%26d%3D%22%7B%7D%22%2F%25%FF");
  EXPECT_EQ(percent_encoded(""), "");
}

TEST(PercentDecoded, UndoesEscapesAndRefusesBrokenOnes) {
  EXPECT_EQ(percent_decoded("a%20b%2bc+%C3%A4"), "a b+c+\xc3\xa4");
  EXPECT_EQ(percent_decoded(std::string{"\0%00", 4}), (std::string{"\0\0", 2}));
  for (const char* broken : {"%", "%4", "%4x", "%x4", "a%", "%-1", "%+1", "% 1"})
    EXPECT_EQ(percent_decoded(broken), std::nullopt) << broken;
}

}  // namespace
}  // namespace gate
