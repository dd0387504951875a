#include "gate/schema/output.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/schema/compiled.h"

namespace gate::schema {
namespace {

struct Row {
  const char* name;
  const char* schema;
  const char* document;
  OutputFormat format;
  const char* output;
};

std::string output(const Row& row) {
  const Compiled schema{row.schema};
  load::JsonInstanceReader reader;
  const std::string text = row.document;
  const auto document = reader.read(text);
  return document ? output_of(schema.program(), (*document)->root(), row.format) : "not JSON";
}

TEST(OutputOf, IsWhatTheSpecificationSays) {
  const Row rows[] = {
      {"flag of a valid document", R"({"type": "integer"})", "1", OutputFormat::flag, R"({"valid":true})"},
      {"flag of an invalid one", R"({"type": "integer"})", "1.5", OutputFormat::flag, R"({"valid":false})"},
      {"basic of a valid one", R"({"title": "a \"number\"", "default": 1e400, "type": "number"})", "2",
       OutputFormat::basic,
       R"x({"valid":true,"annotations":[)x"
       R"x({"keywordLocation":"/title","absoluteKeywordLocation":"test:schema#/title",)x"
       R"x("instanceLocation":"","annotation":"a \"number\""},)x"
       R"x({"keywordLocation":"/default","absoluteKeywordLocation":"test:schema#/default",)x"
       R"x("instanceLocation":"","annotation":1e400}]})x"},
      {"basic goes through references",
       R"({"$id": "https://example.com/s", "properties": {"a": {"$ref": "#/definitions/n"}},
           "definitions": {"n": {"minimum": 1}}})",
       R"({"a": 0})", OutputFormat::basic,
       R"x({"valid":false,"errors":[)x"
       R"x({"keywordLocation":"","absoluteKeywordLocation":"https://example.com/s#","instanceLocation":"",)x"
       R"x("error":"a subschema has errors"},)x"
       R"x({"keywordLocation":"/properties/a","absoluteKeywordLocation":"https://example.com/s#/properties/a",)x"
       R"x("instanceLocation":"/a","error":"a subschema has errors"},)x"
       R"x({"keywordLocation":"/properties/a/$ref/minimum",)x"
       R"x("absoluteKeywordLocation":"https://example.com/s#/definitions/n/minimum",)x"
       R"x("instanceLocation":"/a","error":"0 is less than the minimum 1"}]})x"},
      {"what an if or a not rejects is no error",
       R"({"if": {"type": "string"}, "else": {"not": {"type": "null"}}, "anyOf": [{"type": "null"}, true]})",
       "1", OutputFormat::basic, R"({"valid":true})"},
      {"list has a name once", R"({"required": ["a", "b"], "minProperties": 1})", "{}", OutputFormat::list,
       R"x({"valid":false,"details":[)x"
       R"x({"valid":false,"evaluationPath":"","schemaLocation":"test:schema#","instanceLocation":"","errors":{)x"
       R"x("required":"the required property \"a\" is missing; the required property \"b\" is missing",)x"
       R"x("minProperties":"the object has 0 properties, at least 1 is required"}}]})x"},
      {"list has every unit",
       R"({"anyOf": [{"type": "string"}, {"title": "n", "type": "integer"}], "additionalProperties": false})",
       "1", OutputFormat::list,
       R"x({"valid":true,"details":[)x"
       R"x({"valid":true,"evaluationPath":"","schemaLocation":"test:schema#","instanceLocation":""},)x"
       R"x({"valid":false,"evaluationPath":"/anyOf/0","schemaLocation":"test:schema#/anyOf/0",)x"
       R"x("instanceLocation":"","errors":{"type":"1 is not a string"}},)x"
       R"x({"valid":true,"evaluationPath":"/anyOf/1","schemaLocation":"test:schema#/anyOf/1",)x"
       R"x("instanceLocation":"","annotations":{"title":"n"}}]})x"},
      {"hierarchical nests them", R"({"items": {"const": 1}, "additionalProperties": false})", "[1, 2]",
       OutputFormat::hierarchical,
       R"x({"valid":false,"evaluationPath":"","schemaLocation":"test:schema#","instanceLocation":"",)x"
       R"x("details":[{"valid":true,"evaluationPath":"/items","schemaLocation":"test:schema#/items",)x"
       R"x("instanceLocation":"/0"},{"valid":false,"evaluationPath":"/items",)x"
       R"x("schemaLocation":"test:schema#/items","instanceLocation":"/1",)x"
       R"x("errors":{"const":"2 is not 1"}}]})x"},
      {"what nothing allows", R"({"additionalProperties": false})", R"({"x/y": 1})", OutputFormat::basic,
       R"x({"valid":false,"errors":[)x"
       R"x({"keywordLocation":"","absoluteKeywordLocation":"test:schema#","instanceLocation":"",)x"
       R"x("error":"a subschema has errors"},)x"
       R"x({"keywordLocation":"/additionalProperties",)x"
       R"x("absoluteKeywordLocation":"test:schema#/additionalProperties",)x"
       R"x("instanceLocation":"/x~1y","error":"the property \"x/y\" is not allowed"}]})x"},
      {"what may not be quoted", R"({"properties": {"a": {"x-sensitive": true, "const": 1}}})",
       R"({"a": "S3CRET"})", OutputFormat::list,
       R"x({"valid":false,"details":[)x"
       R"x({"valid":false,"evaluationPath":"","schemaLocation":"test:schema#","instanceLocation":""},)x"
       R"x({"valid":false,"evaluationPath":"/properties/a","schemaLocation":"test:schema#/properties/a",)x"
       R"x("instanceLocation":"/a","errors":{"const":"the value is not 1"}}]})x"},
      {"what cannot be decided is not valid", R"({"pattern": "^(a+)+$"})",
       "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", OutputFormat::flag,
       R"({"valid":false})"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(output(row), row.output);
  }
}

TEST(OutputOf, IsBounded) {
  const Compiled schema{R"({"items": {"allOf": [true, {"minimum": 0}]}})"};
  std::string text = "[0";
  for (int i = 0; i < 30'000; ++i) text += ",0";
  text += "]";
  load::JsonInstanceReader reader;
  const auto document = reader.read(text);
  const std::string output = output_of(schema.program(), (*document)->root(), OutputFormat::list);
  EXPECT_TRUE(output.starts_with(R"({"valid":true,)"));
  EXPECT_TRUE(output.ends_with(R"(,"complete":false})"));
}

TEST(OutputOf, KeepsSensitiveValuesToItself) {
  const char* const schema = R"({
    "properties": {
      "token": {"allOf": [{"pattern": "^[a-z]+$"}, {"x-sensitive": true, "maxLength": 3}], "enum": ["abc"]},
      "keys": {"x-sensitive": true, "items": {"type": "string"}},
      "by_ref": {"$ref": "#/definitions/n"}
    },
    "definitions": {"n": {"if": {"const": 1}, "else": {"x-sensitive": true}, "type": "number"}}
  })";
  const char* const document = R"({"token": "S3CRET", "keys": [42424242], "by_ref": "S3CRET"})";
  for (const OutputFormat format : {OutputFormat::basic, OutputFormat::list, OutputFormat::hierarchical}) {
    const std::string text = output({"", schema, document, format, ""});
    EXPECT_EQ(text.find("S3CRET"), std::string::npos) << text;
    EXPECT_EQ(text.find("42424242"), std::string::npos) << text;
    EXPECT_NE(text.find("the value is not a number"), std::string::npos) << text;
  }
}

TEST(OutputOf, IsBoundedWhereNamesAreLong) {
  const std::string name(std::size_t{1} << 20U, 'n');
  std::string text = "{\"" + name + "\": [0";
  for (int i = 0; i < 1'000; ++i) text += ",0";
  text += "]}";
  load::JsonInstanceReader reader;
  const auto document = reader.read(text);
  for (const char* const rules : {"{}", R"({"minimum": 1})", R"({"required": ["a"]})"}) {
    const Compiled schema{fmt::format(R"({{"additionalProperties": {{"items": {}}}}})", rules)};
    for (const OutputFormat format : {OutputFormat::basic, OutputFormat::list, OutputFormat::hierarchical})
      EXPECT_LT(output_of(schema.program(), (*document)->root(), format).size(), std::size_t{12} << 20U);
  }
}

TEST(OutputOf, IsBoundedWhereNothingIsExpected) {
  std::string text = "{\"a\": 1";
  for (int i = 0; i < 30'000; ++i) text += fmt::format(",\"{}\": 1", i);
  text += "}";
  load::JsonInstanceReader reader;
  const auto document = reader.read(text);
  const Compiled schema{R"({"additionalProperties": false})"};
  const std::string output = output_of(schema.program(), (*document)->root(), OutputFormat::list);
  EXPECT_TRUE(output.ends_with(R"(,"complete":false})"));
}

TEST(OutputOf, SaysWhyAMalformedDocumentIsNoDocument) {
  EXPECT_EQ(output_of_malformed("1:2: why", OutputFormat::flag), R"({"valid":false})");
  EXPECT_EQ(output_of_malformed("1:2: why", OutputFormat::list),
            R"x({"valid":false,"details":[{"valid":false,"evaluationPath":"","schemaLocation":"",)x"
            R"x("instanceLocation":"","errors":{"":"1:2: why"}}]})x");
}

}  // namespace
}  // namespace gate::schema
