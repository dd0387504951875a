#include "gate/load/json_instance.h"

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/schema/equality.h"
#include "tests/support/test_data.h"

namespace gate::load {
namespace {

using schema::Cell;
using schema::Kind;

// The reader of json.h is the judge: the same documents, the same errors, equal values.
void expect_agreement(const std::string& text, const JsonLimits& limits = {}) {
  JsonInstanceReader reader{limits};
  const auto ours = reader.read(text);
  const auto strict = parse_json(text, limits);
  ASSERT_EQ(ours.has_value(), strict.has_value()) << (strict ? "refused" : strict.error().message);
  if (!strict) {
    EXPECT_EQ(ours.error(), strict.error());
    return;
  }
  EXPECT_TRUE(schema::equal((*ours)->root(), schema::instance_of(strict->root, strict->exact).root()));
}

TEST(JsonInstanceReader, DecidesAsTheStrictReader) {
  const std::string rows[] = {
      "",
      " ",
      "nul",
      "nulll",
      "true",
      "truE",
      " false ",
      "\"\"",
      "\"",
      "\"\\",
      "\"\\u",
      "\"\\u12",
      "\"\\u00e9\"",
      "\"\\uD83D\\uDE00\"",
      "\"\\uD83D\\u0041\"",
      "\"\\uD83D\"",
      "\"\\uDE00\"",
      "\"\\x\"",
      "\"a\\u0000b\"",
      std::string{"\"a\0b\"", 5},
      "\"tab\there\"",
      "\"\xc3\"",
      "\"\xff\"",
      "\"fifteen bytes..\xc3\xa9 and a few more\"",
      "\"sixteen bytes...\xc3\"",
      "\"\xed\xa0\x80\"",
      "\"escaped \\n then \xc3\xa9 then \\\" and more of it\"",
      "\"escaped \\n then \xc3\"",
      "[1,]",
      "[,1]",
      "[1 2]",
      "[",
      "]",
      "{",
      "{}",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\":1,}",
      "{a:1}",
      "{\"a\":1 \"b\":2}",
      "{\"a\":1}}",
      "{\"a\":1,\"a\":2}",
      "{\"id\":1,\"\\u0069d\":2}",
      "{\"\":1,\"\":2}",
      "{\"ab\":1,\"ba\":2}",
      " { \"a\" : [ 1 , 2 ] , \"b\" : { } } ",
      "\xef\xbb\xbf{}",
      "-",
      "-0",
      "-0.0",
      "00",
      "01",
      "1.",
      ".5",
      "1e",
      "1e+",
      "1E-7",
      "1e400",
      "-1e-400",
      "1e999999999999",
      "0e999999999999",
      "0e1000000000",
      "0e1000000001",
      "0e-1000000001",
      "0.00e2147483648",
      "123456789012345678",
      "9223372036854775807",
      "9223372036854775808",
      "-9223372036854775808",
      "-9223372036854775809",
      "18446744073709551615",
      "18446744073709551616",
      "9007199254740993.0",
      "0.1000000000000000055511151231257827",
      "0.30000000000000004",
      "123456789.12345678",
      "2.2250738585072014e-308",
      "5e-324",
      "NaN",
      "/**/1",
      "1 //",
      std::string(64, '[') + std::string(64, ']'),
      std::string(65, '[') + std::string(65, ']'),
  };
  for (const std::string& row : rows) {
    SCOPED_TRACE(row);
    expect_agreement(row);
    expect_agreement("[" + row + "]");
    expect_agreement("{\"key\": " + row + ", \"other\": " + row + "}");
  }
}

TEST(JsonInstanceReader, HoldsTheLimitsItIsGiven) {
  expect_agreement("[[1]]", {.bytes = 5, .depth = 2});
  expect_agreement("[[1]] ", {.bytes = 5, .depth = 2});
  expect_agreement("[[1]]", {.bytes = 5, .depth = 1});
  expect_agreement(R"({"a": {"b": 1}})", {.bytes = 50, .depth = 1});
}

TEST(JsonInstanceReader, FindsTwinsAmongFewAndMany) {
  for (const int names : {1, 2, 31, 32, 33, 1'000, 50'000}) {
    SCOPED_TRACE(names);
    std::string text = "{";
    for (int i = 0; i < names; ++i) text += fmt::format("{}\"k{}\":[0,{{}}]", i == 0 ? "" : ",", i);
    expect_agreement(text + "}");
    expect_agreement(text + ",\"k0\":1}");
    expect_agreement(text + fmt::format(",\"k{}\":1}}", names - 1));
  }
}

TEST(JsonInstanceReader, KnowsWhereEveryValueStands) {
  const std::string text = R"( {"a\n" : [true, "é", -1.5e3], "b":null} )";
  JsonInstanceReader reader;
  const auto read = reader.read(text);
  ASSERT_TRUE(read);
  std::string starts;
  for (std::uint32_t i = 0; i < (*read)->size(); ++i) starts += text[(*read)->cell(i).offset];
  EXPECT_EQ(starts, R"({"[t"-"n)");
  EXPECT_EQ((*read)->root().members().find("a\n")->size, 3U);
  EXPECT_EQ((*read)->root().members().find("b")->kind, Kind::null);
  EXPECT_EQ((*read)->root().members().find("c"), nullptr);
}

TEST(JsonInstanceReader, ReadsOneDocumentAfterAnother) {
  JsonInstanceReader reader;
  const std::string large = "[" + std::string(2'000, '[').substr(0, 40) + std::string(40, ']') + "]";
  for (int round = 0; round < 3; ++round) {
    const auto good = reader.read(R"({"a": [1e400, "with \"escapes\" and \u00e9", "more \\ of them"]})");
    ASSERT_TRUE(good);
    const Cell& first = *(*good)->root().members().find("a")->elements().begin();
    ASSERT_EQ(first.kind, Kind::exact);
    EXPECT_EQ(first.exact->to_string(), "1e400");
    ASSERT_TRUE(reader.read(large));
    const auto plain = reader.read("[1]");
    ASSERT_TRUE(plain);
    EXPECT_EQ((*plain)->size(), 2U);
    EXPECT_EQ(reader.read("[1, {\"a\": \"b\"}, ").error().message, "1:17: unexpected end of the document");
    EXPECT_EQ(reader.read(R"([{"a": 1, "a": 1}])").error().message, "1:11: duplicate key \"a\"");
  }
}

TEST(JsonInstanceReader, AgreesWithTheParsingSuite) {
  REQUIRE_TEST_DATA(folder, "json/nst/test_parsing");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    SCOPED_TRACE(entry.path().filename().string());
    expect_agreement(test::contents_of(entry.path()));
    ++files;
  }
  EXPECT_GE(files, 318U);
}

}  // namespace
}  // namespace gate::load
