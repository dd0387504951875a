#include "gate/base/glob.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "gate/base/text.h"
#include "gate/base/utf8.h"

namespace gate {
namespace {

// One segment against one name, by the usual greedy loop that backtracks to the last star only.
bool segment_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      n += decode_utf8(name.substr(n)).bytes;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string_view first_segment(std::string_view path) {
  return path.substr(0, path.find('/'));
}

// What follows the first segment; null data when nothing does, which differs from an empty rest.
std::string_view after_segment(std::string_view path) {
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
}

bool has_more(std::string_view path) {
  return path.find('/') != std::string_view::npos;
}

struct Cursor {
  std::string_view rest;
  bool at_end;

  [[nodiscard]] Cursor next() const { return {after_segment(rest), !has_more(rest)}; }
};

// Whether two sequences of tokens, in which a star stands for any run of tokens, can stand for the
// same sequence: walks both at once and marks which pairs of positions can be reached.
template <class Tokens, class IsStar, class Agree>
bool stars_intersect(const Tokens& a, const Tokens& b, IsStar is_star, Agree agree) {
  const std::size_t width = b.size() + 1;
  std::vector<char> reached((a.size() + 1) * width, 0);
  reached[0] = 1;
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (reached[i * width + j] == 0) continue;
      const bool a_left = i < a.size();
      const bool b_left = j < b.size();
      const bool a_star = a_left && is_star(a[i]);
      const bool b_star = b_left && is_star(b[j]);
      // A star stands for nothing more, or takes what the other side has next.
      if (a_star || (a_left && b_star)) reached[(i + 1) * width + j] = 1;
      if (b_star || (b_left && a_star)) reached[i * width + j + 1] = 1;
      if (a_left && b_left && !a_star && !b_star && agree(a[i], b[j])) reached[(i + 1) * width + j + 1] = 1;
    }
  }
  return reached.back() != 0;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  for (; !text.empty(); text.remove_prefix(out.back().size()))
    out.push_back(text.substr(0, decode_utf8(text).bytes));
  return out;
}

bool segments_intersect(std::string_view a, std::string_view b) {
  if (is_ascii(a) && is_ascii(b)) {
    return stars_intersect(
        a, b, [](char c) { return c == '*'; }, [](char x, char y) { return x == y || x == '?' || y == '?'; });
  }
  return stars_intersect(
      characters(a), characters(b), [](std::string_view c) { return c == "*"; },
      [](std::string_view x, std::string_view y) { return x == y || x == "?" || y == "?"; });
}

}  // namespace

bool globs_intersect(std::string_view a, std::string_view b) {
  if (!is_glob(a)) return glob_matches(b, a);
  if (!is_glob(b)) return glob_matches(a, b);
  return stars_intersect(
      split(a, '/'), split(b, '/'), [](std::string_view segment) { return segment == "**"; },
      segments_intersect);
}

bool glob_matches(std::string_view pattern, std::string_view path) {
  Cursor p{pattern, false};
  Cursor n{path, false};
  Cursor after_stars{{}, true};  // where to resume in the pattern, and in the path
  Cursor resume{{}, true};
  bool stars_seen = false;
  while (!n.at_end) {
    if (!p.at_end && first_segment(p.rest) == "**") {
      p = p.next();
      stars_seen = true;
      after_stars = p;
      resume = n;
    } else if (!p.at_end && segment_matches(first_segment(p.rest), first_segment(n.rest))) {
      p = p.next();
      n = n.next();
    } else if (stars_seen) {
      p = after_stars;
      resume = resume.next();
      n = resume;
    } else {
      return false;
    }
  }
  while (!p.at_end && first_segment(p.rest) == "**") p = p.next();
  return p.at_end;
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

std::string_view glob_root(std::string_view pattern) {
  const std::size_t wildcard = pattern.find_first_of("*?");
  const std::size_t slash = pattern.substr(0, wildcard).rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : pattern.substr(0, slash);
}

}  // namespace gate
