#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gate::test {

// A file or folder of the test data of others, or nullopt where that data is not on this machine.
// Under CI=true its absence is a failure of the calling test.
std::optional<std::filesystem::path> test_data(std::string_view relative);

// The checkout's root: where fixtures/ and schemas/ are.
std::filesystem::path source_dir();

// The whole file; fails the calling test where it cannot be read.
std::string contents_of(const std::filesystem::path& path);

}  // namespace gate::test

// Skips the calling test, visibly, where the data is absent.
#define REQUIRE_TEST_DATA(variable, relative)                                              \
  const auto variable##_or_none = gate::test::test_data(relative);                         \
  if (!variable##_or_none) GTEST_SKIP() << "RELEASE_GATE_TEST_DATA has no " << (relative); \
  const std::filesystem::path& variable = *variable##_or_none
