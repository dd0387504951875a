#include "gate/load/json.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/test_data.h"

namespace gate::load {
namespace {

std::string error_of(std::string_view text, const JsonLimits& limits = {}) {
  const auto document = parse_json(text, limits);
  return document ? "accepted" : document.error().message;
}

TEST(ParseJson, RefusesWhatIsNotStrictJson) {
  struct Row {
    const char* name;
    std::string text;
    const char* why;
  };
  const Row rows[] = {
      {"duplicate key", "{\"a\": 1,\n  \"b\": {\"id\": 1, \"id\": 2}}", "2:18: duplicate key \"id\""},
      {"duplicate key, written with an escape", R"({"id": 1, "\u0069d": 2})", "1:11: duplicate key \"id\""},
      {"duplicate empty key", R"({"": 1, "": 2})", "1:9: duplicate key \"\""},
      {"lone high surrogate", R"(["\ud800"])", "1:9: a lone surrogate in an escape"},
      {"lone low surrogate", R"(["\udc00"])", "1:9: a lone surrogate in an escape"},
      {"ill-formed UTF-8", "[\"é\xff\"]", "1:4: ill-formed UTF-8"},
      {"overlong UTF-8", "\"\xc0\xaf\"", "1:2: ill-formed UTF-8"},
      {"NaN", "[NaN]", "1:2: unexpected character 'N'"},
      {"negative infinity", "[-Infinity]", "1:3: unexpected character 'I'"},
      {"comment", "{} // why", "1:4: unexpected bytes after the document"},
      {"comment inside", "[/**/]", "1:2: unexpected character '/'"},
      {"byte order mark", "\xEF\xBB\xBF{}", "1:1: a byte order mark is not allowed"},
      {"trailing bytes", "{}\n{}", "2:1: unexpected bytes after the document"},
      {"trailing comma", "[1,]", "1:4: unexpected character ']'"},
      {"leading zero", "[01]", "1:3: unexpected character '1'"},
      {"control character in a string", "[\"a\nb\"]", "1:4: unexpected character U+000A"},
      {"nothing", "", "1:1: the document is empty"},
      {"only space", " \n ", "1:1: the document is empty"},
      {"cut short", "{\"a\": [1,", "1:10: unexpected end of the document"},
      {"cut inside a string", "[\"abc", "1:6: unexpected end of the document"},
      {"too deep", std::string(65, '[') + std::string(65, ']'), "1:65: nested deeper than 64 levels"},
      {"an absurd exponent", "[1e999999999999]", "1:13: a number's exponent is beyond what can be held"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(error_of(row.text), row.why);
  }
}

TEST(ParseJson, HoldsTheLimitsItIsGiven) {
  EXPECT_EQ(error_of("[[1]]", {.bytes = 5, .depth = 2}), "accepted");
  EXPECT_EQ(error_of("[[1]] ", {.bytes = 5, .depth = 2}), "the document has more than 5 bytes");
  EXPECT_EQ(error_of("[[1]]", {.bytes = 5, .depth = 1}), "1:2: nested deeper than 1 levels");
  EXPECT_EQ(parse_json("[[1]]", {.bytes = 4}).error().code, ErrorCode::budget);
  EXPECT_EQ(error_of(std::string(64, '[') + std::string(64, ']')), "accepted");
}

TEST(ParseJson, TellsKeysOfEqualHashFromEqualKeys) {
  // Every pair of keys in a large object is compared by hash first; none of these are equal.
  std::string text = "{";
  for (int i = 0; i < 5'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(error_of(text + "}"), "accepted");
  EXPECT_EQ(error_of(text + ",\"4321\":1}"),
            "1:" + std::to_string(text.size() + 2) + ": duplicate key \"4321\"");
}

TEST(ParseJson, KeepsEveryNumberExactly) {
  struct Row {
    const char* literal;
    const char* exact;  // nullptr: the value itself says it
  };
  const Row rows[] = {
      {"0.1", nullptr},
      {"19.99", nullptr},
      {"1e23", nullptr},
      {"-0.0", nullptr},
      {"9007199254740993", nullptr},
      {"18446744073709551615", nullptr},
      {"0.30000000000000004", nullptr},
      {"5e-324", nullptr},
      {"18446744073709551616", "18446744073709551616"},
      {"-9223372036854775809", "-9223372036854775809"},
      {"9007199254740993.0", "9007199254740993"},
      {"0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"},
      {"4e-324", "4e-324"},
      {"1e400", "1e400"},
      {"-1e400", "-1e400"},
      {"1e-400", "1e-400"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.literal);
    const auto document = parse_json("{\"x\": [7, " + std::string{row.literal} + "], \"y\": 1}");
    ASSERT_TRUE(document) << document.error().message;
    const auto& number = document->root.at("x").at(1);
    const Decimal* exact = document->exact.find(number);
    EXPECT_EQ(exact == nullptr ? "none" : exact->to_string(), row.exact == nullptr ? "none" : row.exact);
    EXPECT_TRUE(!number.is_double() || std::isfinite(number.get_double()));
    EXPECT_EQ(document->exact.find(document->root.at("y")), nullptr);
  }
}

TEST(ParseJson, RoundsDoublesCorrectly) {
  for (const char* literal :
       {"9.5873624563458e-5", "123456789.12345678", "2.2250738585072014e-308", "0.12345678901234567"}) {
    const auto document = parse_json(literal);
    ASSERT_TRUE(document);
    EXPECT_EQ(document->root.as_double(), std::strtod(literal, nullptr)) << literal;
  }
}

TEST(Document, StaysExactWhenMoved) {
  auto first = parse_json("1e400");
  ASSERT_TRUE(first);
  const Document moved{std::move(*first)};
  ASSERT_NE(moved.exact.find(moved.root), nullptr);
  Document assigned;
  assigned = *parse_json("1e401");
  ASSERT_NE(assigned.exact.find(assigned.root), nullptr);
  EXPECT_EQ(assigned.exact.find(assigned.root)->to_string(), "1e401");
}

TEST(JsonReader, ReadsOneDocumentAfterAnother) {
  JsonReader reader;
  for (int round = 0; round < 3; ++round) {
    auto good = reader.read("{\"a\": [1e400, \"text that does not fit in place, to be sure\"]}");
    ASSERT_TRUE(good);
    EXPECT_EQ((*good)->exact.find((*good)->root.at("a").at(0))->to_string(), "1e400");
    auto plain = reader.read("[1]");
    ASSERT_TRUE(plain);
    EXPECT_TRUE((*plain)->exact.empty());
    EXPECT_EQ(reader.read("[1, {\"a\": \"b\"}, ").error().message, "1:17: unexpected end of the document");
    EXPECT_EQ(reader.read(R"([{"a": 1, "a": 1}])").error().message, "1:11: duplicate key \"a\"");
  }
}

TEST(ParseJson, AgreesWithTheParsingSuite) {
  REQUIRE_TEST_DATA(folder, "json/nst/test_parsing");
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    const auto document = parse_json(test::contents_of(entry.path()));
    const bool must_pass =
        name.starts_with("y_") && !name.starts_with("y_object_duplicated_key");  // refused by design
    EXPECT_TRUE(document || !must_pass) << document.error().message;
    EXPECT_FALSE(document && name.starts_with("n_"));
    ++(document ? accepted : refused);
  }
  EXPECT_GE(accepted, 95U);
  EXPECT_GE(refused, 188U);
}

}  // namespace
}  // namespace gate::load
