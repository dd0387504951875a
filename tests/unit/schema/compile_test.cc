#include "gate/schema/compile.h"

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/test_data.h"
#include "tests/unit/schema/compiled.h"

namespace gate::schema {
namespace {

using Lines = std::vector<std::string>;

TEST(Compile, RefusesWhatNeverEnds) {
  const char* rows[] = {
      R"({"$ref": "#"})",
      R"({"allOf": [{"$ref": "#"}]})",
      R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "$ref": "#/definitions/a"})",
      R"({"not": {"$ref": "#"}})",
      R"({"if": {"$ref": "#"}, "then": {"type": "null"}})",
      R"({"dependencies": {"a": {"$ref": "#"}}})",
      R"({"oneOf": [{"anyOf": [{"$ref": "#"}]}, true]})",
  };
  for (const char* schema : rows) {
    const Lines defects = Compiled{schema}.defects();
    ASSERT_EQ(defects.size(), 1U) << schema;
    EXPECT_NE(defects[0].find("leads back to itself"), std::string::npos) << defects[0];
  }
}

TEST(Compile, TakesWhatDescends) {
  const char* rows[] = {
      R"({"properties": {"a": {"$ref": "#"}}})",
      R"({"items": {"$ref": "#"}})",
      R"({"propertyNames": {"$ref": "#"}})",
      R"({"additionalProperties": {"allOf": [{"$ref": "#"}]}})",
      R"({"$ref": "http://json-schema.org/draft-07/schema#"})",
  };
  for (const char* schema : rows) EXPECT_EQ(Compiled{schema}.defects(), Lines{}) << schema;
}

TEST(Compile, RefusesChainsThatAreTooLong) {
  std::string schema = R"({"definitions": {"d0": {}})";
  schema.pop_back();
  for (int i = 1; i < 400; ++i) {
    schema += ",\"d" + std::to_string(i) + R"(": {"$ref": "#/definitions/d)" + std::to_string(i - 1) + "\"}";
  }
  const Lines defects = Compiled{schema + R"(}, "$ref": "#/definitions/d399"})"}.defects();
  ASSERT_EQ(defects.size(), 1U);
  EXPECT_NE(defects[0].find("a chain of more than 256 schemas"), std::string::npos) << defects[0];
}

TEST(Compile, RefusesSchemasThatAreTooLarge) {
  std::string schema = R"({"items": [{})";
  for (int i = 0; i < 20'001; ++i) schema += ",{}";
  const Lines defects = Compiled{schema + "]}"}.defects();
  ASSERT_EQ(defects.size(), 1U);
  EXPECT_NE(defects[0].find("more than 20,000 subschemas"), std::string::npos);
}

TEST(Compile, NamesEveryDefect) {
  struct Row {
    const char* schema;
    Lines defects;
  };
  const Row rows[] = {
      {R"({"minimum": "3", "required": "a"})",
       {R"(/minimum: "3" is not a number)", R"(/required: "a" is not an array)"}},
      {R"({"multipleOf": -0.5})", {"/multipleOf: -0.5 is not more than 0"}},
      {R"({"maxLength": 1.5})", {"/maxLength: 1.5 is not an integer"}},
      {R"({"items": {"minimum": null}})", {"/items/minimum: null is not a number"}},
      {R"({"dependencies": {"a": [1]}})", {"/dependencies/a/0: 1 is not a string"}},
      {R"({"dependencies": {"a": {"type": 1}}})",
       {"/dependencies/a/type: 1 is not one of \"array\", \"boolean\", \"integer\", \"null\", \"number\", "
        "\"object\", \"string\""}},
      {R"({"allOf": []})", {"/allOf: the array has 0 items, at least 1 is required"}},
      {"7", {": 7 is neither a boolean nor an object"}},
      {R"({"patternProperties": {"[": {}}})",
       {"/patternProperties/[: the pattern \"[\" cannot be used: at offset 1: a class without its closing "
        "bracket"}},
      {R"({"$ref": "#missing"})", {R"(/$ref: cannot resolve "#missing": no schema has that name)"}},
      {R"({"$ref": "#/a%"})", {R"(/$ref: cannot resolve "#/a%": an ill-formed percent escape)"}},
      {R"({"properties": {"a": {"$ref": "#/examples/0"}}, "examples": [{"type": "strin"}]})",
       {"/examples/0/type: \"strin\" is not one of \"array\", \"boolean\", \"integer\", \"null\", "
        "\"number\", "
        "\"object\", \"string\" (did you mean \"string\"?)"}},
      {R"({"definitions": {"a": {"$id": "x:1"}, "b": {"$id": "x:1"}}})",
       {R"(/definitions/b/$id: another schema already has the identifier "x:1")"}},
  };
  for (const Row& row : rows) EXPECT_EQ(Compiled{row.schema}.defects(), row.defects) << row.schema;
}

TEST(Compile, TellsUnknownKeywordsButNotThoseInData) {
  const Compiled schema{R"({
    "definitions": {"a": {"requierd": []}},
    "const": {"requierd": 1}, "enum": [{"nope": 1}], "default": {"nope": 1}, "examples": [{"nope": 1}],
    "properties": {"nope": {"minimun": 1}},
    "version": "1", "x-owner": "me"
  })"};
  Lines lines;
  for (const Remark& remark : schema.compilation().unknown_keywords) {
    lines.push_back(remark.pointer + ": " + remark.message);
  }
  EXPECT_EQ(lines,
            (Lines{R"(/definitions/a/requierd: unknown keyword "requierd" (did you mean "required"?))",
                   R"(/properties/nope/minimun: unknown keyword "minimun" (did you mean "minimum"?))"}));
}

TEST(Compile, AcceptsItsOwnMetaSchemas) {
  std::size_t documents = 0;
  const auto folder = test::source_dir() / "schemas/meta";
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    ++documents;
    const std::string text = test::contents_of(entry.path());
    const Compiled schema{text};
    EXPECT_EQ(schema.defects(), Lines{}) << entry.path();
    EXPECT_EQ(schema.compilation().unknown_keywords, std::vector<Remark>{}) << entry.path();
    EXPECT_EQ(schema.outcome(text), Outcome::valid) << entry.path();
  }
  EXPECT_EQ(documents, 19U);
}

}  // namespace
}  // namespace gate::schema
