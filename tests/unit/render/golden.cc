#include "tests/unit/render/golden.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/test_data.h"

namespace gate::test {

void expect_golden(std::string_view name, const std::string& text) {
  const std::filesystem::path path = source_dir() / "tests/unit/render/golden" / name;
  const char* update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string_view{update} == "1") {
    std::ofstream{path, std::ios::binary} << text;
    return;
  }
  EXPECT_EQ(text, contents_of(path)) << name << ": UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace gate::test
