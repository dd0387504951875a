#include "gate/base/uuid.h"

#include <gtest/gtest.h>

namespace gate {
namespace {

constexpr std::array<std::uint8_t, 10> kAllOnes = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                   0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

// RFC 9562, appendix A.6.
TEST(UuidV7, IsTheStandardsExample) {
  const Timestamp moment{std::chrono::milliseconds{0x017F22E279B0}};
  EXPECT_EQ(uuid_v7(moment, {0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F}),
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(UuidV7, KeepsVersionAndVariantWhateverTheBits) {
  EXPECT_EQ(uuid_v7(Timestamp{}, kAllOnes), "00000000-0000-7fff-bfff-ffffffffffff");
  EXPECT_EQ(uuid_v7(Timestamp{}, {}), "00000000-0000-7000-8000-000000000000");
}

TEST(UuidV7, SortsByTime) {
  const Timestamp moment = *parse_timestamp("2026-11-20T05:00:00Z");
  EXPECT_LT(uuid_v7(moment, kAllOnes), uuid_v7(moment + std::chrono::milliseconds{1}, {}));
}

TEST(UuidV7, StaysWellFormedBeforeTheEpoch) {
  EXPECT_TRUE(is_uuid(uuid_v7(Timestamp{std::chrono::milliseconds{-1}}, {})));
}

TEST(IsUuid, TakesTheTextualFormOnly) {
  EXPECT_TRUE(is_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
  EXPECT_TRUE(is_uuid("017F22E2-79B0-4CC3-98C4-DC0C0C07398F"));
  for (const char* text : {"", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                           "017f22e2-79b0-7cc3-98c4-dc0c0c07398fa", "g17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                           "017f22e2-79b0-7cc3-98c4dc0c0c07398f-", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f"}) {
    EXPECT_FALSE(is_uuid(text)) << text;
  }
}

}  // namespace
}  // namespace gate
