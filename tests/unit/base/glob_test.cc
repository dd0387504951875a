#include "gate/base/glob.h"

#include <string>

#include <gtest/gtest.h>

namespace gate {
namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(GlobMatches, KeepsToSegments) {
  struct Row {
    const char* pattern;
    const char* path;
    bool matches;
  };
  const Row rows[] = {
      {"", "", true},
      {"", "a", false},
      {"a", "", false},
      {"a.xml", "a.xml", true},
      {"a.xml", "A.xml", false},
      {"a.xml", "b/a.xml", false},
      {"a.xml", "a.xml/b", false},
      {"a.xml", "axxml", false},
      {"*", "a", true},
      {"*", "", true},
      {"*", "a/b", false},
      {"*.xml", "a.xml", true},
      {"*.xml", ".xml", true},
      {"*.xml", "a.xml.bak", false},
      {"*.xml", "d/a.xml", false},
      {"a*c", "abbbc", true},
      {"a*c", "a/c", false},
      {"a*b*c", "axbxbxc", true},
      {"a*b*c", "acb", false},
      {"?", "a", true},
      {"?", "/", false},
      {"?", "", false},
      {"?", "é", true},
      {"?", "ab", false},
      {"a?c", "a☃c", true},
      {"**", "", true},
      {"**", "a", true},
      {"**", "a/b/c", true},
      {"**/c", "c", true},
      {"**/c", "a/b/c", true},
      {"**/c", "a/b/xc", false},
      {"a/**", "a", true},
      {"a/**", "a/b/c", true},
      {"a/**", "ab/c", false},
      {"a/**/c", "a/c", true},
      {"a/**/c", "a/b/b/c", true},
      {"a/**/c", "a/b/cc", false},
      {"a/**/b/**/c", "a/b/x/b/y/c", true},
      {"a/**/b/**/c", "a/x/c", false},
      {"**/a/**", "x/a/y", true},
      {"**/*.xml", "x/y/a.xml", true},
      {"a**c", "abc", true},
      {"a**c", "a/c", false},
      {"[ab]", "a", false},
      {"[ab]", "[ab]", true},
      {"{a,b}", "a", false},
      {"a//b", "a/b", false},
      {"/a", "a", false},
      {"a/", "a", false},
      {"suite::*::works", "suite::Class::works", true},
      {"*", "\xff\xfe", true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(glob_matches(row.pattern, row.path), row.matches) << row.pattern << " against " << row.path;
  }
}

// Each would take exponential time with naive backtracking.
TEST(GlobMatches, TakesBoundedStepsOnHostilePatterns) {
  EXPECT_FALSE(glob_matches(repeated("a*", 2'000) + "b", std::string(4'000, 'a')));
  EXPECT_FALSE(glob_matches(repeated("**/a/", 2'000) + "b", repeated("a/", 4'000) + "c"));
  EXPECT_FALSE(glob_matches(repeated("**/*a*/", 300) + "b", repeated("aaa/", 600) + "c"));
  EXPECT_TRUE(glob_matches(repeated("**/", 5'000) + "x", repeated("a/", 5'000) + "x"));
}

TEST(GlobsIntersect, FindsACommonPath) {
  struct Row {
    const char* a;
    const char* b;
    bool intersect;
  };
  const Row rows[] = {
      {"a/b", "a/b", true},    {"a/b", "a/c", false},     {"a/*", "*/b", true},       {"a/*", "b/*", false},
      {"a/*.x", "a/b*", true}, {"a/*.x", "a/*.y", false}, {"**", "a/b/c", true},      {"a/**", "**/z", true},
      {"a/**/x", "a/x", true}, {"a/**/x", "b/**", false}, {"a/?", "a/b", true},       {"a/?", "a/bb", false},
      {"a*c", "*b*", true},    {"*", "a/b", false},       {"*/*", "**/x/y/z", false}, {"?x", "é?", true},
      {"é*", "*?", true},      {"é?", "?", false},        {"é*", "è*", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(globs_intersect(row.a, row.b), row.intersect) << row.a << " and " << row.b;
    EXPECT_EQ(globs_intersect(row.b, row.a), row.intersect) << row.b << " and " << row.a;
  }
}

TEST(GlobRoot, IsTheFolderToSearch) {
  struct Row {
    const char* pattern;
    const char* root;
  };
  const Row rows[] = {{"", ""},        {"*.xml", ""},        {"a/b/*/c.xml", "a/b"},
                      {"a/b*/c", "a"}, {"a/b/c.xml", "a/b"}, {"**/x", ""},
                      {"/a/*", "/a"},  {"a/b?/c", "a"}};
  for (const Row& row : rows) EXPECT_EQ(glob_root(row.pattern), row.root) << row.pattern;
}

TEST(IsGlob, KnowsTheWildcards) {
  EXPECT_TRUE(is_glob("a/*"));
  EXPECT_TRUE(is_glob("a?"));
  EXPECT_FALSE(is_glob("a/[b]{c}"));
}

}  // namespace
}  // namespace gate
