#include "gate/base/result.h"

#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate {
namespace {

Result<std::unique_ptr<int>> half(int number) {
  if (number % 2 != 0) return Error{ErrorCode::malformed, "odd"};
  return std::make_unique<int>(number / 2);
}

TEST(Result, HoldsAValueOrTheError) {
  const auto good = half(4);
  ASSERT_TRUE(good);
  EXPECT_EQ(**good, 2);
  const auto bad = half(3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), (Error{ErrorCode::malformed, "odd"}));
}

TEST(Result, AskedForTheWrongOneIsABug) {
  const auto bad = half(3);
  EXPECT_THAT([&] { (void)bad.value(); },
              testing::ThrowsMessage<std::logic_error>(testing::HasSubstr("value() of an error: odd")));
}

TEST(Result, StatusIsDoneOrNot) {
  EXPECT_TRUE(done());
  const Status failed = Error{ErrorCode::io, "disk full"};
  EXPECT_FALSE(failed);
}

TEST(Error, GetsItsPlaceInFront) {
  const Error error{ErrorCode::io, "permission denied"};
  EXPECT_EQ(error.within("a.json").within("[tests]"),
            (Error{ErrorCode::io, "[tests]: a.json: permission denied"}));
}

TEST(Error, GetsItsFileInFrontOfItsPosition) {
  const auto within = [](const char* message) {
    return Error{ErrorCode::malformed, message}.within("a.json").message;
  };
  EXPECT_EQ(within("3:14: why"), "a.json:3:14: why");
  for (const char* other : {"3: why", "3:14 why", "3:x: why", ":3: why", "3::4: why", "3:14:", "3", ""}) {
    EXPECT_EQ(within(other), std::string{"a.json: "} + other);
  }
}

TEST(ErrorCode, EachHasAName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::unconfirmed); ++code) {
    names.insert(name_of(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), 9U);
  EXPECT_FALSE(names.contains("?"));
}

}  // namespace
}  // namespace gate
