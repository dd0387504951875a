#include "tests/support/test_data.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace gate::test {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

}  // namespace

std::optional<std::filesystem::path> test_data(std::string_view relative) {
  const std::string root = environment("RELEASE_GATE_TEST_DATA");
  if (!root.empty()) {
    const std::filesystem::path path = std::filesystem::path{root} / relative;
    if (std::filesystem::exists(path)) return path;
  }
  if (environment("CI") == "true") ADD_FAILURE() << "under CI=true the test data must be there: " << relative;
  return std::nullopt;
}

std::filesystem::path source_dir() {
  return environment("RELEASE_GATE_SOURCE_DIR");
}

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  EXPECT_TRUE(in.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

}  // namespace gate::test
