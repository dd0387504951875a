#include "gate/checks/schema.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "tests/support/fake_files.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::Finding;
using policy::SchemaSettings;

// place rule pointer: message
std::vector<std::string> lines_of(const Evidence& evidence) {
  std::vector<std::string> lines;
  for (const Finding& finding : evidence.findings) {
    lines.push_back(fmt::format("{}:{}:{} {} {}: {}", finding.subject, finding.location.line,
                                finding.location.column, finding.rule, finding.location.pointer,
                                finding.message));
  }
  return lines;
}

SchemaSettings settings_for(std::string schema, std::vector<std::string> documents) {
  SchemaSettings settings;
  settings.schema = std::move(schema);
  settings.documents = std::move(documents);
  return settings;
}

Evidence checked(const test::FakeFiles& files, const SchemaSettings& settings, std::size_t jobs = 2) {
  const auto evidence = check_schema(settings, files, jobs);
  EXPECT_TRUE(evidence) << evidence.error().message;
  return evidence ? *evidence : Evidence{};
}

std::string error_of(const test::FakeFiles& files, const SchemaSettings& settings) {
  const auto evidence = check_schema(settings, files, 1);
  return evidence ? "no error"
                  : fmt::format("{}: {}", name_of(evidence.error().code), evidence.error().message);
}

constexpr std::string_view kSignal = R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "required": ["id"],
  "additionalProperties": false,
  "properties": {
    "id": {"type": "string", "pattern": "^sig-[0-9]+$"},
    "side": {"enum": ["buy", "sell"]},
    "qty": {"type": "integer", "minimum": 1},
    "leg": {
      "oneOf": [
        {"type": "object", "required": ["px"], "properties": {"kind": {"const": "limit"}, "px": {"type": "number"}}},
        {"type": "object", "properties": {"kind": {"const": "market"}}}
      ]
    }
  }
})";

test::FakeFiles signal_files() {
  return {{"signal.json", std::string{kSignal}}};
}

TEST(CheckSchema, TellsEveryFaultOfADocumentAtItsPlace) {
  test::FakeFiles files = signal_files();
  files.add("i.json", R"({
  "id": "foo",
  "side": "hold",
  "qty": 0,
  "leg": {"kind": "limit"},
  "extra": true
})");
  const Evidence evidence = checked(files, settings_for("signal.json", {"i.json"}));
  EXPECT_EQ(lines_of(evidence),
            (std::vector<std::string>{
                R"(i.json:2:9 schema.pattern /id: "foo" does not match the pattern "^sig-[0-9]+$")",
                R"(i.json:3:11 schema.enum /side: "hold" is not one of "buy", "sell")",
                R"(i.json:4:10 schema.minimum /qty: 0 is less than the minimum 1)",
                R"(i.json:5:10 schema.required /leg: the required property "px" is missing)",
                R"(i.json:6:3 schema.additionalProperties /extra: the property "extra" is not allowed)",
            }));
  EXPECT_EQ(evidence.findings[2].key, "signal.json#/properties/qty/minimum /qty");
  EXPECT_EQ(evidence.examined, (std::vector<policy::Examined>{{"documents", 1}}));
  ASSERT_EQ(evidence.inputs.size(), 2U);
  EXPECT_EQ(evidence.inputs[0].path, "signal.json");
  EXPECT_EQ(evidence.inputs[1].sha256, sha256_hex(files.content("i.json")));
}

TEST(CheckSchema, PassesAValidDocument) {
  test::FakeFiles files = signal_files();
  files.add("good.json", R"({"id": "sig-1"})");
  const Evidence evidence = checked(files, settings_for("signal.json", {"good.json"}));
  EXPECT_TRUE(evidence.findings.empty());
  EXPECT_EQ(
      to_compact_json(evidence.results),
      R"({"validation_results":{"schema":"signal.json","documents":1,"valid":1,"invalid":0,"undecided":0,)"
      R"("faults":0,"files":[{"document":"good.json","valid":true,"faults":0}]}})");
}

TEST(CheckSchema, NeverPassesWhatIsNoDocument) {
  struct Row {
    const char* name;
    std::string text;
    const char* finding;
  };
  const Row rows[] = {
      {"nothing", "", "d.json:1:1 schema.malformed_document : the document is empty"},
      {"cut short", "{\"id\":", "d.json:1:7 schema.malformed_document : unexpected end of the document"},
      {"two", "{\"id\": \"sig-1\"}\n{}",
       "d.json:2:1 schema.malformed_document : unexpected bytes after the document"},
      {"a key twice", "{\"id\": 1,\n\"id\": \"sig-1\"}",
       "d.json:2:1 schema.malformed_document : duplicate key \"id\""},
      {"too deep", std::string(70, '['),
       "d.json:1:65 schema.malformed_document : nested deeper than 64 levels"},
      {"too long", std::string((std::size_t{16} << 20U) + 1, ' '),
       "d.json:0:0 schema.malformed_document : the document has more than 16 MiB"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::FakeFiles files = signal_files();
    files.add("d.json", row.text);
    const Evidence evidence = checked(files, settings_for("signal.json", {"d.json"}));
    EXPECT_EQ(lines_of(evidence), std::vector<std::string>{row.finding});
    EXPECT_EQ(policy::total_examined(evidence), 1U);
  }
}

TEST(CheckSchema, GoesThroughJsonLinesInOrder) {
  for (const std::size_t jobs : {1U, 3U}) {
    for (const std::size_t chunk : {7U, 65'536U}) {
      test::FakeFiles files = signal_files();
      files.set_chunk(chunk);
      files.add("s.jsonl",
                "{\"id\": \"sig-1\"}\n\n{\"id\": \"x\"}\r\n{\"id\"\n{\"id\": \"sig-2\", \"qty\": 0}");
      const Evidence evidence = checked(files, settings_for("signal.json", {"s.jsonl"}), jobs);
      EXPECT_EQ(lines_of(evidence),
                (std::vector<std::string>{
                    R"(s.jsonl:3:8 schema.pattern /id: "x" does not match the pattern "^sig-[0-9]+$")",
                    R"(s.jsonl:4:6 schema.malformed_document : unexpected end of the document)",
                    R"(s.jsonl:5:24 schema.minimum /qty: 0 is less than the minimum 1)",
                }));
      EXPECT_EQ(
          to_compact_json(*evidence.results.find("validation_results")->find("files")),
          R"([{"document":"s.jsonl","valid":false,"lines":{"documents":4,"valid":1,"invalid":3,"undecided":0,)"
          R"("faults":3}}])");
      EXPECT_EQ(evidence.inputs.back().sha256, sha256_hex(files.content("s.jsonl")));
    }
  }
}

TEST(CheckSchema, KeepsLinesApartOverManyBlocks) {
  test::FakeFiles files = signal_files();
  std::string text;
  constexpr std::size_t kLines = 60'000;
  for (std::size_t i = 1; i <= kLines; ++i) {
    text += i % 10'000 == 0 ? "{\"id\": \"bad\"}\n" : "{\"id\": \"sig-" + std::string(60, '7') + "\"}\n";
  }
  files.add("s.ndjson", text);
  const Evidence evidence = checked(files, settings_for("signal.json", {"s.ndjson"}));
  EXPECT_EQ(policy::total_examined(evidence), kLines);
  ASSERT_EQ(evidence.findings.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(evidence.findings[i].location.line, (i + 1) * 10'000);
  EXPECT_EQ(evidence.inputs.back().sha256, sha256_hex(text));
}

TEST(CheckSchema, PassesOverALineThatIsTooLong) {
  test::FakeFiles files = signal_files();
  const std::string text = "{\"id\": \"sig-1\"}\n\"" +
                           std::string((std::size_t{4} << 20U) + (1U << 20U), 'x') +
                           "\"\n{\"id\": \"bad\"}\n";
  files.add("s.jsonl", text);
  const Evidence evidence = checked(files, settings_for("signal.json", {"s.jsonl"}));
  ASSERT_EQ(evidence.findings.size(), 2U);
  EXPECT_EQ(lines_of(evidence)[0],
            "s.jsonl:2:1 schema.malformed_document : the document has more than 4194304 bytes");
  EXPECT_EQ(evidence.findings[1].location.line, 3U);
  EXPECT_EQ(evidence.inputs.back().sha256, sha256_hex(text));
}

TEST(CheckSchema, FindsNothingInAnEmptyJsonLinesFile) {
  test::FakeFiles files = signal_files();
  files.add("s.jsonl", "\n \n");
  const Evidence evidence = checked(files, settings_for("signal.json", {"s.jsonl"}));
  EXPECT_EQ(lines_of(evidence),
            std::vector<std::string>{"s.jsonl:0:0 schema.malformed_document : the file holds no document"});
}

TEST(CheckSchema, ReadsStandardInputAsOneDocumentOrAsLines) {
  test::FakeFiles files = signal_files();
  files.add("-", "{\n\"id\": \"sig-1\"}");
  EXPECT_EQ(policy::total_examined(checked(files, settings_for("signal.json", {"-"}))), 1U);
  files.add("-", "{\"id\": \"sig-1\"}\n{\"id\": \"sig-2\"}\n");
  EXPECT_EQ(policy::total_examined(checked(files, settings_for("signal.json", {"-"}))), 2U);
}

TEST(CheckSchema, BoundsTheFindingsOfADocumentAndCountsTheRest) {
  test::FakeFiles files{{"s.json", R"({"items": {"type": "string"}})"}, {"d.json", "[1, 2, \"a\", 3, 4, 5]"}};
  SchemaSettings settings = settings_for("s.json", {"d.json"});
  settings.max_errors = 2;
  const Evidence evidence = checked(files, settings);
  EXPECT_EQ(lines_of(evidence), (std::vector<std::string>{
                                    "d.json:1:2 schema.type /0: 1 is not a string",
                                    "d.json:1:5 schema.type /1: 2 is not a string",
                                }));
  EXPECT_EQ(evidence.omitted.errors, 3U);
  EXPECT_EQ(evidence.findings[0].key, "s.json#/items/type /*");
}

TEST(CheckSchema, RefusesASchemaThatIsNone) {
  struct Row {
    const char* name;
    std::string schema;
    const char* error;
  };
  const Row rows[] = {
      {"not JSON", "{\"type\":", "malformed: s.json:1:9: unexpected end of the document"},
      {"an ill-typed keyword", "{\n  \"properties\": {\"a\": {\"minimum\": \"3\"}}\n}",
       "malformed: s.json:2:35: /properties/a/minimum: \"3\" is not a number"},
      {"an unknown type", R"({"type": "strng"})",
       "malformed: s.json:1:10: /type: \"strng\" is not one of \"array\", \"boolean\", \"integer\", "
       "\"null\", "
       "\"number\", \"object\", \"string\" (did you mean \"string\"?)"},
      {"multipleOf 0", R"({"multipleOf": 0})", "malformed: s.json:1:16: /multipleOf: 0 is not more than 0"},
      {"two defects", R"({"multipleOf": 0, "minLength": -1})",
       "malformed: s.json:1:16: /multipleOf: 0 is not more than 0 (and 1 more)"},
      {"another dialect", R"({"$schema": "https://json-schema.org/draft-07/schema"})",
       "malformed: s.json:1:13: /$schema: the dialect \"https://json-schema.org/draft-07/schema\" is not "
       "supported (did you mean \"http://json-schema.org/draft-07/schema\"?); supported: draft-04, draft-06, "
       "draft-07, 2019-09, 2020-12; its meta-schema: nothing is ever fetched: map it to a folder with "
       "--resolve PREFIX=DIR"},
      {"a pattern that is none", R"({"pattern": "(a"})",
       "malformed: s.json:1:13: /pattern: the pattern \"(a\" cannot be used: missing closing parenthesis"},
      {"a reference to itself", R"({"$ref": "#"})",
       "malformed: s.json:1:1: a reference leads back to itself without coming to a value"},
      {"a remote reference", R"({"$ref": "https://example.com/a.json"})",
       "malformed: s.json:1:10: /$ref: cannot resolve \"https://example.com/a.json\": nothing is ever "
       "fetched: map it "
       "to a folder with --resolve PREFIX=DIR"},
      {"a reference into nothing", R"({"$ref": "#/definitions/a"})",
       "malformed: s.json:1:10: /$ref: cannot resolve \"#/definitions/a\": there is nothing at "
       "\"#/definitions/a\""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const test::FakeFiles files{{"s.json", row.schema}, {"d.json", "{}"}};
    EXPECT_EQ(error_of(files, settings_for("s.json", {"d.json"})), row.error);
  }
}

TEST(CheckSchema, RefusesPathsThatAreNotThere) {
  const test::FakeFiles files{{"s.json", "{}"}, {"d.json", "{}"}};
  EXPECT_TRUE(error_of(files, settings_for("no.json", {"d.json"})).starts_with("not_found: "));
  EXPECT_EQ(error_of(files, settings_for("s.json", {"no.json"})),
            "not_found: no.json: no such file or folder");
  EXPECT_EQ(error_of(files, settings_for("s.json", {})), "usage: no document is named");
}

TEST(CheckSchema, FindsThatAPatternMatchesNoFile) {
  const test::FakeFiles files{{"s.json", "{}"}};
  const Evidence evidence = checked(files, settings_for("s.json", {"out/*.json"}));
  ASSERT_EQ(evidence.findings.size(), 1U);
  EXPECT_EQ(evidence.findings[0].rule, "inputs.no_match");
  EXPECT_EQ(policy::total_examined(evidence), 0U);
}

TEST(CheckSchema, TellsKeywordsThatNobodyKnows) {
  const test::FakeFiles files{
      {"s.json", "{\"x-note\": 1, \"version\": \"1\", \"owner\": \"me\",\n \"requierd\": [\"a\"]}"},
      {"d.json", "{}"}};
  SchemaSettings settings = settings_for("s.json", {"d.json"});
  settings.schema_keywords = {"owner"};
  const Evidence evidence = checked(files, settings);
  EXPECT_EQ(lines_of(evidence),
            std::vector<std::string>{"s.json:2:2 schema.unknown_keyword /requierd: unknown keyword "
                                     "\"requierd\" (did you mean \"required\"?)"});
}

TEST(CheckSchema, TellsAnyNumberOfThemInBoundedTime) {
  constexpr std::size_t kMany = 30'000;
  std::string schema = "{\n\"u0\": 1";
  for (std::size_t i = 1; i < kMany; ++i) schema += ",\n\"u" + std::to_string(i) + "\": 1";
  const test::FakeFiles files{{"s.json", schema + "}"}, {"d.json", "{}"}};
  const auto start = std::chrono::steady_clock::now();
  const Evidence evidence = checked(files, settings_for("s.json", {"d.json"}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{20});
  ASSERT_EQ(evidence.findings.size(), kMany);
  EXPECT_EQ(evidence.findings.back().location.line, kMany + 1);
}

TEST(CheckSchema, ReadsReferencesFromFolders) {
  const test::FakeFiles files{
      {"schemas/a.json",
       R"({"properties": {"n": {"$ref": "parts/n.json"}, "m": {"$ref": "https://x.test/v1/m"}}})"},
      {"schemas/parts/n.json", R"({"$ref": "../number.json#/definitions/n"})"},
      {"schemas/number.json", R"({"definitions": {"n": {"type": "number"}}})"},
      {"remote/m.json", R"({"$ref": "other.json"})"},
      {"remote/other.json", R"({"type": "string"})"},
      {"d.json", R"({"n": "one", "m": 2})"},
  };
  SchemaSettings settings = settings_for("schemas/a.json", {"d.json"});
  settings.resolve = {{"https://x.test/v1/", "remote"}};
  EXPECT_EQ(lines_of(checked(files, settings)),
            (std::vector<std::string>{"d.json:1:7 schema.type /n: \"one\" is not a number",
                                      "d.json:1:19 schema.type /m: 2 is not a string"}));
}

TEST(CheckSchema, ReadsNothingAboveTheWorkingDirectory) {
  const test::FakeFiles files{{"s.json", R"({"$ref": "../c.json"})"},
                              {"a/s.json", R"({"$ref": "../c.json"})"},
                              {"../a/s.json", R"({"$ref": "../c.json"})"},
                              {"root.json", R"({"$ref": "/c.json"})"},
                              {"c.json", "true"},
                              {"../c.json", "true"},
                              {"/c.json", "true"},
                              {"d.json", "1"}};
  for (const char* schema : {"a/s.json", "../a/s.json"})
    EXPECT_TRUE(lines_of(checked(files, settings_for(schema, {"d.json"}))).empty()) << schema;
  for (const char* schema : {"s.json", "./s.json", "root.json"}) {
    const auto refused = check_schema(settings_for(schema, {"d.json"}), files, 1);
    ASSERT_FALSE(refused) << schema;
    EXPECT_EQ(refused.error().code, ErrorCode::malformed);
    EXPECT_TRUE(refused.error().message.ends_with(" is above the working directory, where nothing is read"));
  }
}

TEST(CheckSchema, KeepsReferencesWithinTheirFolder) {
  const test::FakeFiles files{{"s.json", R"({"$ref": "https://x.test/%2e%2e/secret.json"})"},
                              {"secret.json", "{}"},
                              {"remote/a.json", "{}"},
                              {"d.json", "{}"}};
  SchemaSettings settings = settings_for("s.json", {"d.json"});
  settings.resolve = {{"https://x.test/", "remote"}};
  EXPECT_NE(error_of(files, settings).find("leads out of its folder"), std::string::npos);
}

TEST(CheckSchema, CallsAPatternBeyondItsLimitUndecided) {
  const test::FakeFiles files{{"s.json", R"({"pattern": "^(a+)+$"})"},
                              {"d.json", "\"" + std::string(40, 'a') + "!\""}};
  const Evidence evidence = checked(files, settings_for("s.json", {"d.json"}));
  ASSERT_EQ(evidence.findings.size(), 1U);
  EXPECT_EQ(evidence.findings[0].rule, "schema.pattern_limit");
  EXPECT_EQ(evidence.findings[0].kind, policy::FindingKind::undecided);
  EXPECT_EQ(evidence.findings[0].reason, policy::Reason::budget);
}

}  // namespace
}  // namespace gate::checks
