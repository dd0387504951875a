#include "tests/unit/render/golden.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "tests/support/test_data.h"

namespace gate::test {
namespace {

// The first lines that differ, cut to what a reader of a test log bears.
std::pair<std::string, std::string> first_difference(const std::string& a, const std::string& b) {
  constexpr std::size_t kShown = 400;
  const auto lines_a = split(a, '\n');
  const auto lines_b = split(b, '\n');
  std::size_t at = 0;
  while (at < lines_a.size() && at < lines_b.size() && lines_a[at] == lines_b[at]) ++at;
  const auto shown = [at](const std::vector<std::string_view>& lines) {
    return at < lines.size() ? shortened(lines[at], kShown) : std::string{"(ends before)"};
  };
  return {shown(lines_a), shown(lines_b)};
}

}  // namespace

void expect_golden(std::string_view name, const std::string& text) {
  const std::filesystem::path path = source_dir() / "tests/unit/render/golden" / name;
  const char* update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string_view{update} == "1") {
    std::ofstream{path, std::ios::binary} << text;
    return;
  }
  const std::string golden = contents_of(path);
  if (text == golden) return;
  const auto [ours, theirs] = first_difference(text, golden);
  ADD_FAILURE() << name << ": UPDATE_GOLDEN=1 rewrites it. First difference:\n  now:    " << ours
                << "\n  golden: " << theirs;
}

}  // namespace gate::test
