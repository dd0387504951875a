#include "gate/schema/compile.h"

#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/test_data.h"
#include "tests/unit/schema/compiled.h"

namespace gate::schema {
namespace {

using Lines = std::vector<std::string>;

std::string in_draft(const char* uri, const std::string& members) {
  return std::string{R"({"$schema": ")"} + uri + "\", " + members + "}";
}
std::string in_draft_04(const std::string& members) {
  return in_draft("http://json-schema.org/draft-04/schema#", members);
}
std::string in_2019(const std::string& members) {
  return in_draft("https://json-schema.org/draft/2019-09/schema", members);
}
std::string in_2020(const std::string& members) {
  return in_draft("https://json-schema.org/draft/2020-12/schema", members);
}

// Serves documents by their URI; copies of one text are documents of their own.
class Shelf {
 public:
  explicit Shelf(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}

  CompileOptions options() {
    return {{}, [this](const std::string& uri) { return find(uri); }};
  }

 private:
  Result<Source> find(const std::string& uri) {
    const auto text = texts_.find(uri);
    if (text == texts_.end()) return Error{ErrorCode::not_found, "not on the shelf"};
    auto document = load::parse_json(text->second);
    if (!document) return document.error();
    documents_.push_back(std::move(*document));
    return Source{&documents_.back().root, &documents_.back().exact, uri, uri};
  }

  std::map<std::string, std::string> texts_;
  std::deque<load::Document> documents_;
};

TEST(Compile, RefusesWhatNeverEnds) {
  const std::string rows[] = {
      R"({"$ref": "#"})",
      R"({"allOf": [{"$ref": "#"}]})",
      R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "$ref": "#/definitions/a"})",
      R"({"not": {"$ref": "#"}})",
      R"({"if": {"$ref": "#"}, "then": {"type": "null"}})",
      R"({"dependencies": {"a": {"$ref": "#"}}})",
      R"({"oneOf": [{"anyOf": [{"$ref": "#"}]}, true]})",
      in_2019(R"("$recursiveRef": "#")"),
      in_2019(R"("dependentSchemas": {"a": {"$recursiveRef": "#"}})"),
      in_2020(R"("$dynamicAnchor": "a", "$dynamicRef": "#a")"),
      in_2020(R"("$id": "http://a/b", "$defs": {"c": {"$id": "http://a/c", "$ref": "b"}}, "$ref": "c")"),
  };
  for (const std::string& schema : rows) {
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

TEST(Compile, NamesWhatEachDialectForbids) {
  struct Row {
    std::string schema;
    Lines defects;
  };
  const Row rows[] = {
      {in_draft_04(R"("exclusiveMinimum": 3, "minimum": 1)"), {"/exclusiveMinimum: 3 is not a boolean"}},
      {in_draft_04(R"("exclusiveMaximum": true)"),
       {R"(: the property "exclusiveMaximum" requires "maximum", which is missing)"}},
      {in_draft_04(R"("required": [])"), {"/required: the array has 0 items, at least 1 is required"}},
      {in_draft_04(R"("not": true)"), {"/not: true is not an object"}},
      {in_2019(R"("$recursiveRef": "#a")"), {R"(/$recursiveRef: "#a" is not "#")"}},
      {in_2019(R"("$anchor": "1")"),
       {R"(/$anchor: "1" does not match the pattern "^[A-Za-z][-A-Za-z0-9.:_]*$")"}},
      {in_2020(R"("items": [{}])"), {"/items: the array is neither a boolean nor an object"}},
      {in_2020(R"("$id": "a#b")"), {R"(/$id: "a#b" does not match the pattern "^[^#]*#?$")"}},
      {in_2020(R"("minContains": -1)"), {"/minContains: -1 is less than the minimum 0"}},
      {in_2020(R"("$defs": {"a": {"type": 1}})"),
       {R"(/$defs/a/type: 1 is not one of "array", "boolean", "integer", "null", "number", "object", "string")"}},
      {in_2020(R"("dependentRequired": {"a": [1]})"), {"/dependentRequired/a/0: 1 is not a string"}},
      {in_2020(R"("$dynamicRef": "#a")"), {R"(/$dynamicRef: cannot resolve "#a": no schema has that name)"}},
  };
  for (const Row& row : rows) EXPECT_EQ(Compiled{row.schema}.defects(), row.defects) << row.schema;
}

TEST(Compile, RefusesIdentifiersThatCannotBe) {
  struct Row {
    std::string schema;
    Lines defects;
  };
  const Row rows[] = {
      {R"({"$id": "http://a b/"})", {R"(/$id: "http://a b/" is no URI: a space)"}},
      {R"({"$id": "http://a/%4"})", {R"(/$id: "http://a/%4" is no URI: an ill-formed percent escape)"}},
      {R"({"$id": "a\u0001"})", {R"(/$id: "a\u0001" is no URI: a control character)"}},
      {in_2020(R"("$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}})"),
       {R"(/$defs/b/$anchor: another schema already has the identifier "x")"}},
      {in_2020(R"("$defs": {"a": {"$anchor": "x"}, "b": {"$dynamicAnchor": "x"}})"),
       {R"(/$defs/b/$dynamicAnchor: another schema already has the identifier "x")"}},
      {in_draft_04(R"("id": "x:1", "definitions": {"a": {"id": "x:1"}})"),
       {R"(/definitions/a/id: another schema already has the identifier "x:1")"}},
      {in_2020(R"("$id": "a", "$defs": {"b": {"$id": "c", "$ref": "#/$defs/d"}}, "$ref": "c")"),
       {R"(/$defs/b/$ref: cannot resolve "#/$defs/d": there is nothing at "#/$defs/d")"}},
      {in_2020(R"("$id": "", "$defs": {"b": {"$id": "relative/without/base"}})"), {}},
      {in_2020(R"("enum": [{"$id": "a"}, {"$id": "a"}], "const": {"$anchor": "1"}, "x-a": {"$id": " "})"),
       {}},
      {R"({"$ref": "#/definitions/a", "$id": " ", "definitions": {"a": {}}})", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(Compiled{row.schema}.defects(), row.defects) << row.schema;
}

TEST(Compile, ReadsEachResourceInItsOwnDialect) {
  const Compiled schema{in_2020(R"("$id": "http://a/main", "$ref": "seven", "prefixItems": [true], "$defs": {
      "7": {"$id": "seven", "$schema": "http://json-schema.org/draft-07/schema#",
            "items": [{"$ref": "four"}], "prefixItems": [false]},
      "4": {"id": "http://a/four", "$schema": "http://json-schema.org/draft-04/schema#",
            "minimum": 3, "exclusiveMinimum": true}})")};
  EXPECT_EQ(schema.defects(), Lines{});
  EXPECT_EQ(schema.remarks(), Lines{R"(/$defs/7/prefixItems: unknown keyword "prefixItems")"});
  EXPECT_EQ(schema.outcome("[4]"), Outcome::valid);
  EXPECT_EQ(schema.outcome("[3]"), Outcome::invalid);
}

TEST(Compile, HoldsEachResourceAgainstItsOwnMetaSchema) {
  const Compiled schema{in_2020(R"("$id": "http://a/main", "allOf": [
      {"$id": "seven", "$schema": "http://json-schema.org/draft-07/schema#", "items": [{"minimum": "1"}]},
      {"$id": "none", "$schema": "http://a/none", "minimum": "1"}])")};
  EXPECT_EQ(
      schema.defects(),
      (Lines{"/allOf/1/$schema: the dialect \"http://a/none\" is not supported; supported: draft-04, "
             "draft-06, draft-07, 2019-09, 2020-12; its meta-schema: nothing is ever fetched",
             "/allOf/0/items/0/minimum: \"1\" is not a number", "/allOf/1/minimum: \"1\" is not a number"}));
}

TEST(Compile, TellsADialectThatCountsForNothing) {
  const Compiled schema{
      R"({"definitions": {"a": {"$schema": "http://json-schema.org/draft-04/schema#", "const": 1},
                          "b": {"$schema": "http://json-schema.org/draft-07/schema#"}}})"};
  EXPECT_EQ(schema.defects(), Lines{});
  EXPECT_EQ(schema.remarks(),
            Lines{"/definitions/a/$schema: \"$schema\" counts only at the root of a document or beside an "
                  "identifier"});
}

TEST(Compile, LetsAMetaSchemaChooseVocabularies) {
  const std::string meta = R"("$id": "http://m/own", "$dynamicAnchor": "meta", "$vocabulary": {
      "https://json-schema.org/draft/2020-12/vocab/core": true,
      "https://json-schema.org/draft/2020-12/vocab/applicator": true, "http://m/more": )";
  const std::string own = R"(}, "allOf": [{"$ref": "https://json-schema.org/draft/2020-12/meta/core"},
      {"$ref": "https://json-schema.org/draft/2020-12/meta/applicator"}], "required": ["title"])";
  Shelf shelf{{{"http://m/own", in_2020(meta + "false" + own)},
               {"http://m/required", in_2020(meta + "true" + own)},
               {"http://m/broken", in_2020(R"("type": 1)")},
               {"http://m/circle", in_draft("http://m/circle", R"("type": "object")")},
               {"http://m/nameless", "{}"},
               {"http://m/odd", in_2020(R"("$vocabulary": [])")}}};
  const Compiled chosen{R"({"$schema": "http://m/own", "title": "t", "minimum": 3, "not": false})",
                        shelf.options()};
  EXPECT_EQ(chosen.defects(), Lines{});
  EXPECT_EQ(chosen.remarks(), (Lines{"/title: \"title\" is in no vocabulary that the meta-schema chooses",
                                     "/minimum: \"minimum\" is in no vocabulary that the meta-schema "
                                     "chooses"}));
  EXPECT_EQ(chosen.outcome("1"), Outcome::valid);

  struct Row {
    const char* meta;
    Lines defects;
  };
  const Row rows[] = {
      {"http://m/own", {": the required property \"title\" is missing"}},
      {"http://m/required",
       {"/$schema: the meta-schema \"http://m/required\" cannot be used: it requires the vocabulary "
        "\"http://m/more\", which is not supported"}},
      {"http://m/broken",
       {": its meta-schema is no schema: http://m/broken: /type: 1 is not one of \"array\", \"boolean\", "
        "\"integer\", \"null\", \"number\", \"object\", \"string\""}},
      {"http://m/circle",
       {"/$schema: the meta-schema \"http://m/circle\" cannot be used: the meta-schema \"http://m/circle\" "
        "is "
        "its own dialect, which says nothing"}},
      {"http://m/nameless",
       {"/$schema: the meta-schema \"http://m/nameless\" cannot be used: it has no $schema of its own"}},
      {"http://m/odd",
       {"/$schema: the meta-schema \"http://m/odd\" cannot be used: its $vocabulary is not an object"}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ((Compiled{in_draft(row.meta, R"("not": false)"), shelf.options()}.defects()), row.defects);
  }
}

TEST(Compile, TakesOneDocumentUnderTwoUrisForOne) {
  const std::string part = in_2020(R"("$id": "http://a/part", "type": "string")");
  Shelf shelf{{{"http://a/part", part},
               {"http://a/part.json", part},
               {"http://a/other.json", in_2020(R"("$id": "http://a/part", "type": "null")")}}};
  const std::string refs = in_2020(R"("allOf": [{"$ref": "http://a/part"}, {"$ref": "http://a/part.json"}])");
  EXPECT_EQ((Compiled{refs, shelf.options()}.defects()), Lines{});
  const std::string clash =
      in_2020(R"("allOf": [{"$ref": "http://a/other.json"}, {"$ref": "http://a/part"}])");
  EXPECT_EQ((Compiled{clash, shelf.options()}.defects()),
            Lines{"/$id: another schema already has the identifier \"http://a/part\""});
}

TEST(Compile, ReadsASchemaWithoutDialectAsItIsTold) {
  const CompileOptions draft_4{{}, {}, find_dialect_named("draft4")};
  EXPECT_EQ((Compiled{R"({"not": true})", draft_4}.defects()), Lines{"/not: true is not an object"});
  EXPECT_EQ(find_dialect_named("draft-04"), nullptr);
  for (const Dialect& dialect : dialects()) {
    EXPECT_EQ(find_dialect_named(dialect.option), &dialect);
    EXPECT_EQ(find_dialect(std::string{dialect.uri} + "#"), &dialect);
  }
}

TEST(Compile, AssertsFormatsWhereItIsTold) {
  CompileOptions asserting;
  asserting.format_assertion = true;
  const std::string schema = R"({"format": "date", "items": {"format": "of-our-own"}})";
  EXPECT_EQ(Compiled{schema}.outcome("\"x\""), Outcome::valid);
  const Compiled told{schema, asserting};
  EXPECT_EQ(told.outcome("\"x\""), Outcome::invalid);
  EXPECT_EQ(told.outcome("\"2020-02-29\""), Outcome::valid);
  EXPECT_EQ(told.remarks(), Lines{"/items/format: there is no format \"of-our-own\""});

  Shelf shelf{{{"http://m/assert", in_2020(R"("$vocabulary": {
      "https://json-schema.org/draft/2020-12/vocab/core": true,
      "https://json-schema.org/draft/2020-12/vocab/format-assertion": true})")}}};
  const Compiled by_vocabulary{in_draft("http://m/assert", R"("format": "date")"), shelf.options()};
  EXPECT_EQ(by_vocabulary.outcome("\"x\""), Outcome::invalid);
  EXPECT_EQ((Compiled{in_draft("http://m/assert", R"("format": "of-our-own")"), shelf.options()}.defects()),
            Lines{"/format: there is no format \"of-our-own\""});
}

TEST(Compile, TellsUnknownKeywordsButNotThoseInData) {
  const Compiled schema{R"({
    "definitions": {"a": {"requierd": []}},
    "const": {"requierd": 1}, "enum": [{"nope": 1}], "default": {"nope": 1}, "examples": [{"nope": 1}],
    "properties": {"nope": {"minimun": 1}},
    "version": "1", "x-owner": "me"
  })"};
  EXPECT_EQ(schema.remarks(),
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

TEST(Compile, RefusesToTakeADialectsPlace) {
  EXPECT_EQ(
      Compiled(R"({"definitions": {"x": {"$id": "http://json-schema.org/draft-07/schema#"}}})").defects(),
      (std::vector<std::string>{
          R"(/definitions/x/$id: the identifier "http://json-schema.org/draft-07/schema" is that of a dialect)"}));
}

TEST(Compile, RefusesWhatNoPatternMayBe) {
  std::string alternatives = "^(?:";
  while (alternatives.size() < 100'000) alternatives += "[a-f]{2}|";
  const auto defects = Compiled{R"({"pattern": ")" + alternatives + "x)+$\"}"}.defects();
  ASSERT_EQ(defects.size(), 1U);
  EXPECT_TRUE(defects[0].ends_with("cannot be used: regular expression is too large")) << defects[0];
  EXPECT_LT(defects[0].size(), 400U);
  const Compiled text{R"({"pattern": "^)" + std::string(100'000, 'a') + "$\"}"};
  EXPECT_EQ(text.outcome("\"" + std::string(100'000, 'a') + "\""), Outcome::valid);
  EXPECT_EQ(text.outcome("\"" + std::string(100'001, 'a') + "\""), Outcome::invalid);
}

}  // namespace
}  // namespace gate::schema
