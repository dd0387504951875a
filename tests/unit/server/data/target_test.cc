#include "server/data/target.h"

#include <string>

#include <gtest/gtest.h>

namespace server::data {
namespace {

TEST(ForwardedTarget, RefusesWhatTwoServersReadInTwoWays) {
  struct Row {
    const char* name;
    std::string rest;
    const char* message;
  };
  const Row rows[] = {
      {"nothing", "", "segment 1 of the forwarded path is empty"},
      {"an empty segment", "a//b", "segment 2 of the forwarded path is empty"},
      {"a slash at the end", "a/", "segment 2 of the forwarded path is empty"},
      {"the parent", "a/../b", "segment 2 of the forwarded path leads elsewhere"},
      {"itself", "./a", "segment 1 of the forwarded path leads elsewhere"},
      {"an encoded parent", "a/%2e%2E", "segment 2 of the forwarded path leads elsewhere"},
      {"a half encoded parent", ".%2e/a", "segment 1 of the forwarded path leads elsewhere"},
      {"a parent with parameters", "..;x=1/a", "segment 1 of the forwarded path leads elsewhere"},
      {"a parent with an encoded semicolon", "%2e.%3b/a", "segment 1 of the forwarded path leads elsewhere"},
      {"an encoded slash", "a%2fb",
       "segment 1 of the forwarded path holds a slash, a backslash or a control character"},
      {"an encoded backslash", "a%5Cb",
       "segment 1 of the forwarded path holds a slash, a backslash or a control character"},
      {"a backslash", "a\\b",
       "segment 1 of the forwarded path holds a slash, a backslash or a control character"},
      {"an encoded NUL", "a%00",
       "segment 1 of the forwarded path holds a slash, a backslash or a control character"},
      {"an encoded line feed", "a%0d%0ab",
       "segment 1 of the forwarded path holds a slash, a backslash or a control character"},
      {"DEL", "a%7f", "segment 1 of the forwarded path holds a slash, a backslash or a control character"},
      {"a lone percent", "100%", "segment 1 of the forwarded path has a % without two hexadecimal digits"},
      {"one digit", "a%2", "segment 1 of the forwarded path has a % without two hexadecimal digits"},
      {"no digits", "a%zz", "segment 1 of the forwarded path has a % without two hexadecimal digits"},
      {"a sign for a digit", "a%-1",
       "segment 1 of the forwarded path has a % without two hexadecimal digits"},
      {"a blank for a digit", "a% 1",
       "segment 1 of the forwarded path has a % without two hexadecimal digits"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto target = forwarded_target(row.rest, "/api/v1/data/" + row.rest);
    ASSERT_FALSE(target) << *target;
    EXPECT_EQ(target.error().message, row.message);
  }
}

TEST(ForwardedTarget, KeepsPathAndQueryAsTheyWereSent) {
  struct Row {
    const char* name;
    std::string rest;
    std::string query;
  };
  const Row rows[] = {
      {"a word", "symbols", ""},
      {"a query", "symbols", "?limit=3&q=a%20b+c&&x"},
      {"an empty query", "symbols", "?"},
      {"anything in the query", "symbols", "?to=../..%2f%00?"},
      {"segments", "a/b/c.json", ""},
      {"dots that lead nowhere", ".../..a/a..", ""},
      {"encoded characters", "na%C3%AFve%20x", ""},
      {"encoded twice", "%252e%252e", ""},
      {"parameters", "a;v=1", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto target = forwarded_target(row.rest, "/api/v1/data/" + row.rest + row.query);
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(*target, "/" + row.rest + row.query);
  }
}

}  // namespace
}  // namespace server::data
