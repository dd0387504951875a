#include "gate/schema/evaluate.h"

#include <chrono>
#include <string>

#include "tests/unit/schema/compiled.h"

namespace gate::schema {
namespace {

struct Row {
  const char* name;
  std::string schema;
  std::string document;
  Outcome outcome;
};

void hold(const Row& row) {
  SCOPED_TRACE(row.name);
  EXPECT_EQ(Compiled{row.schema}.outcome(row.document), row.outcome);
}

std::string deep_document() {
  std::string text = "1";
  for (int i = 0; i < 60; ++i) text = "{\"a\":" + text + "}";
  return text;
}

// Every object is applied to by so many schemas within each other, and so is its member.
std::string deep_schema(int in_place) {
  std::string schema = R"({"properties": {"a": {"$ref": "#"}}})";
  for (int i = 1; i < in_place; ++i) schema = R"({"allOf": [)" + schema + "]}";
  return schema;
}

TEST(Evaluator, IsExactAboutNumbers) {
  constexpr Outcome kValid = Outcome::valid;
  constexpr Outcome kInvalid = Outcome::invalid;
  const Row rows[] = {
      {"19.99 in hundredths", R"({"multipleOf": 0.01})", "19.99", kValid},
      {"0.3 in tenths", R"({"multipleOf": 0.1})", "0.3", kValid},
      {"19.995 in hundredths", R"({"multipleOf": 0.01})", "19.995", kInvalid},
      {"a fraction of an integer", R"({"multipleOf": 2})", "4.5", kInvalid},
      {"a huge multiple", R"({"multipleOf": 7})", "7e400", kValid},
      {"a huge number that is none", R"({"multipleOf": 7})", "1e400", kInvalid},
      {"a tiny divisor", R"({"multipleOf": 1e-8})", "12391239123", kValid},
      {"uint64 over a maximum", R"({"maximum": 5})", "18446744073709551615", kInvalid},
      {"2^63 over an exclusive maximum", R"({"exclusiveMaximum": 5})", "9223372036854775808", kInvalid},
      {"one more than 2^53", R"({"maximum": 9007199254740992})", "9007199254740993", kInvalid},
      {"the same as a real", R"({"maximum": 9007199254740992.0})", "9007199254740993.0", kInvalid},
      {"one more as a real, in the schema", R"({"maximum": 9007199254740993.0})", "9007199254740993", kValid},
      {"const tells neighbours apart", R"({"const": 9007199254740992})", "9007199254740993", kInvalid},
      {"const sees through writing", R"({"const": 1})", "10e-1", kValid},
      {"const beyond doubles", R"({"const": 1e400})", "10e399", kValid},
      {"const beyond doubles, another", R"({"const": 1e400})", "1e401", kInvalid},
      {"enum of reals", R"({"enum": [0.1, 2.50]})", "25e-1", kValid},
      {"infinity is not the largest double", R"({"maximum": 1.7976931348623157e308})", "1e400", kInvalid},
      {"below the smallest double", R"({"exclusiveMinimum": 0})", "1e-400", kValid},
      {"zero is not below it", R"({"exclusiveMinimum": 0})", "0.0", kInvalid},
      {"1.0 is an integer", R"({"type": "integer"})", "1.0", kValid},
      {"1e400 is an integer", R"({"type": "integer"})", "1e400", kValid},
      {"but not as draft-04 has it",
       R"({"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"})", "1.0", kInvalid},
      {"where an integer is one",
       R"({"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"})", "18446744073709551616",
       kValid},
      {"and 1.0 a number", R"({"$schema": "http://json-schema.org/draft-04/schema#", "type": "number"})",
       "1.0", kValid},
      {"1e-400 is none", R"({"type": "integer"})", "1e-400", kInvalid},
      {"1 and 1.0 are equal items", R"({"uniqueItems": true})", "[1, 1.0]", kInvalid},
      {"neighbours are different items", R"({"uniqueItems": true})", "[9007199254740993, 9007199254740992]",
       kValid},
      {"the same among many", R"({"uniqueItems": true})",
       "[1,2,3,4,5,6,7,9007199254740993,9007199254740993.0]", kInvalid},
      {"1 is not true", R"({"uniqueItems": true})", "[1, true, 0, false]", kValid},
      {"deep equality", R"({"uniqueItems": true})", R"([{"a": [1, {"b": 2.0}]}, {"a": [1.0, {"b": 2}]}])",
       kInvalid},
      {"minLength as a real", R"({"minLength": 2.0})", R"("a")", kInvalid},
      {"lengths are code points", R"({"maxLength": 2})", R"("😀é")", kValid},
      {"a NUL does not end a text", R"({"const": "abc"})", R"("abc\u0000evil")", kInvalid},
      {"nor a pattern's", R"({"pattern": "^abc$"})", R"("abc\u0000evil")", kInvalid},
      {"nor one for PCRE2", R"({"pattern": "^(abc)$"})", R"("abc\u0000evil")", kInvalid},
      {"a final line feed counts", R"({"pattern": "^[a-c]+$"})", R"("abc\n")", kInvalid},
      {"a final line feed counts for PCRE2", R"({"pattern": "^(abc)$"})", R"("abc\n")", kInvalid},
  };
  for (const Row& row : rows) hold(row);
}

TEST(Evaluator, EndsOnWhateverItIsGiven) {
  std::string many = "[";
  for (int i = 0; i < 30'000; ++i) many += "\"text number " + std::to_string(i) + "\",";
  many += "\"\"]";
  std::string keys = "{";
  for (int i = 0; i < 1'000'000; ++i) keys += "\"k" + std::to_string(i) + "\":1,";
  keys += "\"last\":\"text\"}";
  std::string alternatives = R"({"definitions": {"d0": {"type": "null"})";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = R"({"$ref": "#/definitions/d)" + std::to_string(i - 1) + "\"}";
    alternatives += ",\"d" + std::to_string(i) + R"(": {"anyOf": [)" + before + "," + before + "]}";
  }
  alternatives += R"(}, "$ref": "#/definitions/d40"})";
  std::string doubling = R"({"definitions": {"d0": {"type": "object"})";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = R"({"$ref": "#/definitions/d)" + std::to_string(i - 1) + "\"}";
    doubling += ",\"d" + std::to_string(i) + R"(": {"allOf": [)" + before + "," + before + "]}";
  }
  doubling += R"(}, "$ref": "#/definitions/d40"})";
  const Row rows[] = {
      {"30,000 different texts", R"({"uniqueItems": true})", many, Outcome::valid},
      {"a pattern that explodes", R"({"pattern": "^(a+)+$"})", "\"" + std::string(60, 'a') + "!\"",
       Outcome::gave_up},
      {"the same in a name", R"({"patternProperties": {"^(a+)+$": {}}})",
       "{\"" + std::string(60, 'a') + "!\": 1}", Outcome::gave_up},
      {"the same under not", R"({"not": {"pattern": "^(a+)+$"}})", "\"" + std::string(60, 'a') + "!\"",
       Outcome::gave_up},
      {"a long text", R"({"pattern": "^[a-z]*$"})", "\"" + std::string(1'000'000, 'a') + "\"",
       Outcome::valid},
      {"a long text for PCRE2", R"({"pattern": "^([a-z])*$"})", "\"" + std::string(10'000, 'a') + "\"",
       Outcome::valid},
      {"2^40 paths to a leaf", doubling, "{}", Outcome::gave_up},
      {"2^40 ways to fail", alternatives, "{}", Outcome::gave_up},
      {"1,000,001 members, the last one wrong", R"({"additionalProperties": {"type": "integer"}})", keys,
       Outcome::invalid},
      {"as many, all of them evaluated by nothing",
       R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": [{"minProperties": 2}],
           "unevaluatedProperties": {"type": ["integer", "string"]}})",
       keys, Outcome::valid},
      {"900 schemas within each other", deep_schema(15), deep_document(), Outcome::valid},
      {"more of them than are followed", deep_schema(30), deep_document(), Outcome::gave_up},
      {"a deep document under a recursive schema",
       R"({"properties": {"a": {"$ref": "#"}}, "additionalProperties": false})", deep_document(),
       Outcome::valid},
  };
  for (const Row& row : rows) {
    const auto start = std::chrono::steady_clock::now();
    hold(row);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{20}) << row.name;
  }
}

TEST(Evaluator, IsWarmAfterOneDocumentAndForgetsIt) {
  const Compiled schema{R"({"pattern": "^(a+)+$"})"};
  Evaluator evaluator{schema.program()};
  load::JsonInstanceReader bad_reader;
  load::JsonInstanceReader good_reader;
  const std::string bad_text = "\"" + std::string(60, 'a') + "!\"";
  const auto bad = bad_reader.read(bad_text);
  const auto good = good_reader.read("\"aaa\"");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(evaluator.evaluate((*bad)->root()), Outcome::gave_up);
    EXPECT_EQ(evaluator.evaluate((*good)->root()), Outcome::valid);
  }
}

// Beyond the test suite: what dynamic references and `unevaluated…` could do to time and memory.
TEST(Evaluator, IsBoundedWhereEvaluationDependsOnItsWay) {
  const std::string head = R"({"$schema": "https://json-schema.org/draft/2020-12/schema", )";
  std::string members = "{\"m0\":0";
  for (int i = 1; i < 20'000; ++i) members += ",\"m" + std::to_string(i) + "\":0";
  std::string branches = R"("anyOf": [{})";
  for (int i = 0; i < 200; ++i)
    branches += R"(, {"patternProperties": {"^m[0-9]*)" + std::to_string(i) + "$\": {}}}";
  std::string chain = R"("$ref": "#/$defs/d40", "$defs": {"d0": {"properties": {"a": {}}})";
  for (int i = 1; i <= 40; ++i) {
    chain += ", \"d" + std::to_string(i) +
             R"(": {"unevaluatedProperties": false, "anyOf": [{"$ref": "#/$defs/d)" + std::to_string(i - 1) +
             "\"}]}";
  }
  const Row rows[] = {
      {"a dynamic reference that comes back to its value",
       head + R"("$id": "http://a/main", "$ref": "list", "$defs": {
           "back": {"$dynamicAnchor": "item", "$ref": "list"},
           "list": {"$id": "list", "$dynamicRef": "#item", "$defs": {"any": {"$dynamicAnchor": "item"}}}}})",
       "1", Outcome::gave_up},
      {"many members and many branches",
       head + branches + R"(], "unevaluatedProperties": {"type": "integer"}})", members + "}",
       Outcome::valid},
      {"40 that wait for each other", head + chain + "}}", R"({"a": 1})", Outcome::gave_up},
      {"many members",
       head + R"("allOf": [{"patternProperties": {"^m": {}}}], "unevaluatedProperties": false})",
       members + "}", Outcome::valid},
  };
  for (const Row& row : rows) {
    const auto start = std::chrono::steady_clock::now();
    hold(row);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{20}) << row.name;
  }
}

}  // namespace
}  // namespace gate::schema
