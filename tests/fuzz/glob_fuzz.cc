#include <algorithm>
#include <cstddef>
#include <vector>

#include "gate/base/glob.h"
#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using Segments = std::vector<std::string_view>;

// The definition in gate/base/glob.h read aloud, exponential in its stars, for ASCII.
bool segment_matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  const std::string_view rest = pattern.substr(1);
  if (pattern.front() == '*' && segment_matches(rest, name)) return true;
  if (name.empty()) return false;
  if (pattern.front() == '*') return segment_matches(pattern, name.substr(1));
  if (pattern.front() != '?' && pattern.front() != name.front()) return false;
  return segment_matches(rest, name.substr(1));
}

bool matches(const Segments& pattern, std::size_t p, const Segments& path, std::size_t n) {
  if (p == pattern.size()) return n == path.size();
  if (pattern[p] == "**")
    return matches(pattern, p + 1, path, n) || (n < path.size() && matches(pattern, p, path, n + 1));
  return n < path.size() && segment_matches(pattern[p], path[n]) && matches(pattern, p + 1, path, n + 1);
}

bool is_small_ascii(std::string_view text) {
  return text.size() <= 14 && std::none_of(text.begin(), text.end(), [](char c) { return c < 0; });
}

}  // namespace

void fuzz_glob(std::string_view input) {
  const auto [first, rest] = two_texts(input);
  const auto [second, path] = two_texts(rest);
  if (!is_utf8(first) || !is_utf8(second) || !is_utf8(path)) return;
  const bool by_first = glob_matches(first, path);
  const bool by_second = glob_matches(second, path);
  const bool intersect = globs_intersect(first, second);
  require(intersect == globs_intersect(second, first), "that two globs intersect is symmetric");
  require(!(by_first && by_second) || intersect, "globs with a path in common intersect");
  require(first.starts_with(glob_root(first)), "a glob's root is its start");
  require(is_glob(first) || by_first == (first == path), "without a wildcard only itself matches");
  if (is_small_ascii(first) && is_small_ascii(path)) {
    require(by_first == matches(split(first, '/'), 0, split(path, '/'), 0),
            "a glob matches what its definition says");
  }
}

}  // namespace gate::fuzz
