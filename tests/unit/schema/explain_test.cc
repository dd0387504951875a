#include "gate/schema/explain.h"

#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/schema/compiled.h"

namespace gate::schema {
namespace {

using Lines = std::vector<std::string>;

TEST(Explain, SaysWhatIsWrongInOneSentence) {
  struct Row {
    const char* schema;
    const char* document;
    Lines faults;
  };
  const Row rows[] = {
      {R"({"type": "string"})", "7", {"type : 7 is not a string"}},
      {R"({"type": ["string", "null"]})", "[]", {"type : the array is neither null nor a string"}},
      {R"({"type": "integer"})", "1.5", {"type : 1.5 is not an integer"}},
      {R"({"enum": ["buy", "sell"]})",
       R"("sel")",
       {R"(enum : "sel" is not one of "buy", "sell" (did you mean "sell"?))"}},
      {R"({"const": "1.0"})", R"("2.0")", {R"(const : "2.0" is not "1.0")"}},
      {R"({"const": {"a": [1e400]}})", "{}", {R"(const : the object is not {"a":[1e400]})"}},
      {R"({"enum": []})", "1", {"enum : 1 is not allowed: the list of values is empty"}},
      {R"({"minimum": 1})", "0", {"minimum : 0 is less than the minimum 1"}},
      {R"({"maximum": 9007199254740992})",
       "9007199254740993",
       {"maximum : 9007199254740993 is more than the maximum 9007199254740992"}},
      {R"({"exclusiveMinimum": 0, "exclusiveMaximum": 0})",
       "0",
       {"exclusiveMinimum : 0 is not more than 0", "exclusiveMaximum : 0 is not less than 0"}},
      {R"({"multipleOf": 0.01})", "19.995", {"multipleOf : 19.995 is not a multiple of 0.01"}},
      {R"({"minLength": 3})", R"("ab")", {R"(minLength : "ab" has 2 characters, at least 3 are required)"}},
      {R"({"maxLength": 1})", R"("ab")", {R"(maxLength : "ab" has 2 characters, at most 1 is allowed)"}},
      {R"({"pattern": "^a$"})",
       R"("b\u001b[31m")",
       {R"(pattern : "b\u001b[31m" does not match the pattern "^a$")"}},
      {R"({"minItems": 1})", "[]", {"minItems : the array has 0 items, at least 1 is required"}},
      {R"({"minItems": 1e30})",
       "[]",
       {"minItems : the array has 0 items, more than 18,446,744,073,709,551,614 are required"}},
      {R"({"uniqueItems": true})", "[1, 2, 1.0]", {"uniqueItems /2: items 0 and 2 are equal"}},
      {R"({"items": [{}], "additionalItems": false})",
       "[1, 2, 3]",
       {"additionalItems /1: the array has 3 items, at most 1 is allowed"}},
      {R"({"contains": {"const": 5}})",
       "[1]",
       {"contains : the array has no item of the kind that \"contains\" asks for"}},
      {R"({"required": ["a", "b"]})",
       "{}",
       {R"(required : the required property "a" is missing)",
        R"(required : the required property "b" is missing)"}},
      {R"({"properties": {"side": {}, "size": {}}, "additionalProperties": false})",
       R"({"sied": 1, "size": 2})",
       {R"(additionalProperties /sied: the property "sied" is not allowed (did you mean "side"?))"}},
      {R"({"properties": {"a": false}})", R"({"a": 1})", {"false /a: 1 is not allowed here: no value is"}},
      {R"({"propertyNames": {"maxLength": 2}})",
       R"({"abc": 1})",
       {R"(propertyNames /abc: the name of the property "abc" is not allowed: "abc" has 3 characters, at most 2 are allowed)"}},
      {R"({"dependencies": {"a": ["b"]}})",
       R"({"a": 1})",
       {R"(dependencies : the property "a" requires "b", which is missing)"}},
      {R"({"minProperties": 1})",
       "{}",
       {"minProperties : the object has 0 properties, at least 1 is required"}},
      {R"({"not": {"type": "null"}})", "null", {R"(not : null is what "not" excludes)"}},
      {R"({"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "null"}})",
       R"("a")",
       {R"(minLength : "a" has 1 character, at least 2 are required)"}},
      {R"({"anyOf": [{"type": "null"}, {"type": "string"}]})",
       "7",
       {"anyOf : 7 is neither null nor a string"}},
      {R"({"oneOf": [{"type": "null"}, {"type": "string", "maxLength": 1}]})",
       R"("ab")",
       {R"(maxLength : "ab" has 2 characters, at most 1 is allowed)"}},
      {R"({"oneOf": [{"minimum": 1}, {"type": "string"}, {"minimum": 2}]})",
       "3",
       {"oneOf : 3 fits alternatives 1, 3 of 3, but only one may fit"}},
      {R"({"anyOf": [{"required": ["a"]}, {"properties": {"b": {"minimum": 5}}, "required": ["b"]}]})",
       R"({"b": 1})",
       {"minimum /b: 1 is less than the minimum 5 (the closest of 2 alternatives)"}},
      {R"({"oneOf": [
            {"properties": {"kind": {"const": "limit"}, "px": {"type": "number"}}, "required": ["px"]},
            {"properties": {"kind": {"const": "market"}}, "additionalProperties": false}]})",
       R"({"kind": "limit", "px": "1"})",
       {R"(type /px: "1" is not a number)"}},
      {R"({"oneOf": [
            {"properties": {"kind": {"const": "limit"}, "px": {"type": "number"}}, "required": ["px"]},
            {"type": "null"},
            {"properties": {"kind": {"enum": ["market", "stop"]}}, "additionalProperties": false}]})",
       R"({"kind": "limti", "px": "1"})",
       {R"(const /kind: "limti" is not one of "limit", "market", "stop")"}},
      {R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/$defs/base",
           "properties": {"side": true}, "unevaluatedProperties": false,
           "$defs": {"base": {"properties": {"id": {"type": "integer"}}}}})",
       R"({"id": 1, "idd": 2, "sdie": 3})",
       {R"(unevaluatedProperties /idd: the property "idd" is not allowed)",
        R"(unevaluatedProperties /sdie: the property "sdie" is not allowed (did you mean "side"?))"}},
      {R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [{"required": ["a"]}],
           "unevaluatedProperties": false})",
       R"({"b": 1})",
       {R"(required : the required property "a" is missing)",
        R"(unevaluatedProperties /b: the property "b" is not allowed (did you mean "a"?))"}},
      {R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/$defs/base",
           "unevaluatedProperties": false,
           "$defs": {"base": {"properties": {"id": {"type": "integer"}}}}})",
       R"({"id": "1", "total": 2})",
       {"type /id: \"1\" is not an integer",
        R"(unevaluatedProperties /total: the property "total" is not allowed)"}},
      {R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "unevaluatedProperties": false,
           "anyOf": [{"required": ["id"], "properties": {"id": {"type": "integer"}}},
                     {"required": ["name"], "properties": {"name": true}}]})",
       R"({"id": "1"})",
       {"type /id: \"1\" is not an integer (the closest of 2 alternatives)"}},
      {R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "prefixItems": [true],
           "unevaluatedItems": {"type": "string"}})",
       R"([1, "a", 2])",
       {"type /2: 2 is not a string"}},
      {R"({"$schema": "https://json-schema.org/draft/2019-09/schema", "contains": {"type": "string"},
           "minContains": 2, "unevaluatedItems": false})",
       R"(["a", "b"])",
       {"unevaluatedItems /0: item 0 is not allowed", "unevaluatedItems /1: item 1 is not allowed"}},
      {R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/strict",
           "$dynamicAnchor": "node", "$ref": "tree", "unevaluatedProperties": false,
           "$defs": {"tree": {"$id": "tree", "$dynamicAnchor": "node",
             "properties": {"kids": {"items": {"$dynamicRef": "#node"}}}}}})",
       R"({"kids": [{"kdis": []}]})",
       {R"(unevaluatedProperties /kids/0/kdis: the property "kdis" is not allowed (did you mean "kids"?))"}},
  };
  for (const Row& row : rows) EXPECT_EQ(Compiled{row.schema}.faults(row.document), row.faults) << row.schema;
}

TEST(Explain, SaysWhichFormatIsMissed) {
  CompileOptions options;
  options.format_assertion = true;
  const Compiled schema{R"({"properties": {"at": {"format": "date-time"}, "ip": {"format": "ipv4"}}})",
                        options};
  EXPECT_EQ(schema.faults(R"({"at": "2026-11-20 10:00", "ip": "10.0.0.1"})"),
            Lines{R"(format /at: "2026-11-20 10:00" is not a date and time as RFC 3339 writes it)"});
}

TEST(Explain, CutsAndEscapesWhatItQuotes) {
  const Lines faults = Compiled{R"({"maxLength": 1})"}.faults("\"" + std::string(500, 'x') + "\"");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_LT(faults[0].size(), 200U);
  EXPECT_NE(faults[0].find("…"), std::string::npos);
  EXPECT_EQ(Compiled{R"({"type": "null"})"}.faults("\"a\\u202eb\\u0007\""),
            Lines{R"(type : "a\u202eb\u0007" is not null)"});
}

TEST(Explain, KeepsSensitiveValuesToItself) {
  const Compiled schema{R"({
    "properties": {
      "token": {"allOf": [{"pattern": "^[a-z]+$"}, {"x-sensitive": true, "maxLength": 3}], "enum": ["abc"]},
      "keys": {"x-sensitive": true, "items": {"type": "string"}},
      "by_ref": {"$ref": "#/definitions/n", "x-sensitive": true},
      "plain": {"type": "string"}
    },
    "definitions": {"n": {"type": "number"}}
  })"};
  const std::string document = R"({"token": "S3CRET", "keys": [42424242], "by_ref": "S3CRET", "plain": 7})";
  const Lines faults = schema.faults(document);
  EXPECT_EQ(faults, (Lines{
                        R"(enum /token: the value is not one of "abc")",
                        R"(pattern /token: the value does not match the pattern "^[a-z]+$")",
                        "maxLength /token: the value has 6 characters, at most 3 are allowed",
                        "type /keys: the value is not a string",
                        "type /by_ref: the value is not a number",
                        "type /plain: 7 is not a string",
                    }));
  for (const Fault& fault : schema.explanation(document).faults) {
    EXPECT_EQ(fault.value, fault.instance == "/plain" ? "7" : "[redacted]");
  }
}

TEST(Explain, KeepsNamesWithinSensitiveValuesToItself) {
  const Compiled schema{R"({"properties": {"p": {
    "x-sensitive": true, "properties": {"a": {"type": "integer"}}, "propertyNames": {"maxLength": 3},
    "patternProperties": {"^n": {"type": "integer"}}, "additionalProperties": false}}})"};
  const std::string document = R"({"p": {"S3CRET": 1, "a": "S3CRET", "nS3": "S3CRET"}})";
  EXPECT_EQ(
      schema.faults(document),
      (Lines{"propertyNames /p: the name of a property is not allowed: the value has 6 characters, at most "
             "3 are allowed",
             "additionalProperties /p: a property is not allowed", "type /p: the value is not an integer",
             "type /p: the value is not an integer"}));
  EXPECT_EQ(Compiled{R"({"properties": {"p": {"x-sensitive": "true"}}})"}.defects(),
            Lines{"/properties/p/x-sensitive: x-sensitive is neither true nor false"});
}

TEST(Explain, SuggestsWithinBounds) {
  std::string names;
  std::string members;
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = std::string(50, 'k') + std::to_string(10'000 + i);
    names += (i == 0 ? "\"" : ",\"") + name + "\":true";
    members += (i == 0 ? "\"" : ",\"") + name + "x\":1";
  }
  const Compiled schema{"{\"properties\":{" + names + "},\"additionalProperties\":false}"};
  const auto start = std::chrono::steady_clock::now();
  const Explanation why = schema.explanation("{" + members + "}");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
  ASSERT_EQ(why.faults.size(), 2'000U);
  EXPECT_NE(why.faults.front().message.find("did you mean"), std::string::npos);
  EXPECT_EQ(why.faults.back().message.find("did you mean"), std::string::npos);
}

TEST(Explain, CountsWhatItDoesNotKeep) {
  const Compiled schema{R"({"items": {"type": "string"}})"};
  const Explanation some = schema.explanation("[1, 2, 3, 4, 5]", {.max_faults = 2, .limits = {}});
  EXPECT_EQ(some.faults.size(), 2U);
  EXPECT_EQ(some.omitted, 3U);
}

TEST(Explain, KeepsLittleWhereNamesAreLong) {
  const Compiled schema{R"({"additionalProperties": {"items": {"type": "string"}}})"};
  std::string text = "{\"" + std::string(std::size_t{1} << 20U, 'n') + "\": [0";
  for (int i = 1; i < 1'000; ++i) text += ",0";
  const Explanation some = schema.explanation(text + "]}");
  EXPECT_GE(some.faults.size(), 1U);
  EXPECT_LT(some.faults.size(), 40U);
  EXPECT_EQ(some.faults.size() + some.omitted, 1'000U);
}

TEST(Explain, SaysWhenItCouldNotFindOut) {
  const std::string text = "\"" + std::string(60, 'a') + "!\"";
  const Compiled schema{R"({"anyOf": [{"pattern": "^(a+)+$"}, {"type": "null"}]})"};
  const Explanation why = schema.explanation(text);
  ASSERT_EQ(why.faults.size(), 1U);
  EXPECT_TRUE(why.faults[0].undecided);
  EXPECT_TRUE(schema.explanation("null").faults.empty());
}

TEST(Explain, PointsIntoTheSchema) {
  const Compiled schema{
      R"({"properties": {"a/b": {"$ref": "#/definitions/n"}}, "definitions": {"n": {"minimum": 1}}})"};
  const Explanation why = schema.explanation(R"({"x": 1, "a/b": 0})");
  ASSERT_EQ(why.faults.size(), 1U);
  EXPECT_EQ(why.faults[0].instance, "/a~1b");
  EXPECT_EQ(why.faults[0].offset, 16U);
  EXPECT_EQ(why.faults[0].schema, "/definitions/n/minimum");
  EXPECT_EQ(why.faults[0].expected, Lines{"1"});
}

}  // namespace
}  // namespace gate::schema
