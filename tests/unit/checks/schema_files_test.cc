#include "gate/checks/schema_files.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "gate/checks/document_format.h"
#include "gate/checks/schema.h"
#include "tests/support/fake_files.h"
#include "tests/support/gzip.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using test::gzipped;

constexpr std::string_view kSchema = R"({
  "type": "object", "required": ["id"],
  "properties": {"id": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}}}
})";

test::FakeFiles with_schema() {
  return {{"s.json", std::string{kSchema}}};
}

Evidence checked(const test::FakeFiles& files, std::vector<std::string> documents, std::size_t jobs = 2) {
  policy::SchemaSettings settings;
  settings.schema = "s.json";
  settings.documents = std::move(documents);
  const auto evidence = check_schema(settings, files, jobs);
  EXPECT_TRUE(evidence) << evidence.error().message;
  return evidence ? *evidence : Evidence{};
}

// "file:line:column pointer rule" each, or what is wrong with a document that cannot be read; line and
// column are 0 where there is none.
std::vector<std::string> found(const Evidence& evidence) {
  std::vector<std::string> lines;
  for (const policy::Finding& finding : evidence.findings) {
    const bool unread = finding.rule == "schema.malformed_document";
    lines.push_back(fmt::format("{}:{}:{} {}", finding.subject, finding.location.line,
                                finding.location.column,
                                unread ? finding.message : finding.location.pointer + " " + finding.rule));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(DocumentFormat, FollowsTheName) {
  struct Row {
    const char* path;
    DocumentFormat::Kind kind;
    bool gzip;
  };
  using Kind = DocumentFormat::Kind;
  const Row rows[] = {
      {"a.json", Kind::json, false},      {"a.JSONL", Kind::lines, false}, {"a.ndjson", Kind::lines, false},
      {"a.yaml", Kind::yaml, false},      {"b/a.YML", Kind::yaml, false},  {"a.jsonl.gz", Kind::lines, true},
      {"a.ndjson.GZ", Kind::lines, true}, {"a.json.gz", Kind::json, true}, {"a.yml.gz", Kind::yaml, true},
      {"a", Kind::json, false},           {"a.gz", Kind::json, true},      {"a.yaml.json", Kind::json, false},
      {"jsonl", Kind::json, false},       {".yaml", Kind::yaml, false},    {"", Kind::json, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.path);
    EXPECT_EQ(document_format(row.path).kind, row.kind);
    EXPECT_EQ(document_format(row.path).gzip, row.gzip);
  }
}

TEST(SchemaFiles, NeverPassWhatCannotBeReadWhole) {
  const std::string lines = "{\"id\": 1}\n{\"id\": \"x\"}\n{\"id\": 2}\n";
  const std::string gzip = gzipped(lines);
  struct Row {
    const char* name;
    std::string path;
    std::string bytes;
    std::uint64_t documents;
    Lines found;
  };
  const Row rows[] = {
      {"YAML that is none",
       "d.yaml",
       "id: [1\n",
       1,
       {"d.yaml:2:1 did not find expected ',' or ']', in the list that begins at 1:5"}},
      {"an empty YAML file", "d.yml", "# nothing yet\n", 1, {"d.yml:1:1 the document is empty"}},
      {"two YAML documents",
       "d.yaml",
       "id: 1\n---\nid: 2\n",
       1,
       {"d.yaml:2:1 a second document begins: a file holds one"}},
      {"JSON with a name of YAML is YAML", "d.yaml", "{\"id\": no}", 1, {"d.yaml:1:8 /id schema.type"}},
      {"lines that are not packed", "d.jsonl.gz", lines, 1, {"d.jsonl.gz:0:0 not a gzip stream"}},
      {"an empty file", "d.jsonl.gz", "", 1, {"d.jsonl.gz:0:0 the gzip stream ends early"}},
      {"no line", "d.jsonl.gz", gzipped("\n \n"), 1, {"d.jsonl.gz:0:0 the file holds no document"}},
      {"lines cut in their checksum",
       "d.jsonl.gz",
       gzip.substr(0, gzip.size() - 3),
       4,
       {"d.jsonl.gz:2:8 /id schema.type", "d.jsonl.gz:0:0 the gzip stream ends early"}},
      {"half a line",
       "d.jsonl.gz",
       gzipped("{\"id\": 1}\n{\"i").substr(0, 23),
       2,
       {"d.jsonl.gz:0:0 the gzip stream ends early"}},
      {"bytes behind",
       "d.ndjson.gz",
       gzip + "\n",
       4,
       {"d.ndjson.gz:2:8 /id schema.type", "d.ndjson.gz:0:0 bytes that are no gzip follow the gzip stream"}},
      {"a document that is not packed", "d.json.gz", "{\"id\": 1}", 1, {"d.json.gz:0:0 not a gzip stream"}},
      {"a document cut",
       "d.json.gz",
       gzipped("{\"id\": 1}").substr(0, 20),
       1,
       {"d.json.gz:0:0 the gzip stream ends early"}},
      {"a bomb",
       "d.json.gz",
       gzipped(std::string(std::size_t{17} << 20U, ' ')),
       1,
       {"d.json.gz:0:0 the document has more than 16 MiB"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::FakeFiles files = with_schema();
    files.add(row.path, row.bytes);
    files.set_chunk(7);
    const Evidence evidence = checked(files, {row.path});
    EXPECT_EQ(found(evidence), row.found);
    EXPECT_EQ(policy::total_examined(evidence), row.documents);
  }
}

TEST(SchemaFiles, HoldYamlAgainstTheSchemaAtItsPlaces) {
  test::FakeFiles files = with_schema();
  files.add("d.yaml", "# a\nid: 012\ntags:\n  - a\n  - 1\n  - é: 2\n");
  EXPECT_EQ(found(checked(files, {"d.yaml"})),
            (Lines{"d.yaml:5:5 /tags/1 schema.type", "d.yaml:6:5 /tags/2 schema.type"}));
}

TEST(SchemaFiles, HoldPackedFilesAgainstTheSchema) {
  const std::string lines = "{\"id\": 1}\n\n{\"id\": \"x\"}\n{\"id\": 2}";
  test::FakeFiles files = with_schema();
  files.add("a.jsonl.gz", gzipped(lines));
  files.add("b.ndjson.gz", gzipped(lines.substr(0, 12)) + gzipped(lines.substr(12)));
  files.add("c.json.gz", gzipped("\n{\"id\": \"x\"}"));
  files.add("d.yaml.gz", gzipped("\nid: x\n"));
  const Evidence evidence = checked(files, {"a.jsonl.gz", "b.ndjson.gz", "c.json.gz", "d.yaml.gz"});
  EXPECT_EQ(found(evidence), (Lines{"a.jsonl.gz:3:8 /id schema.type", "b.ndjson.gz:3:8 /id schema.type",
                                    "c.json.gz:2:8 /id schema.type", "d.yaml.gz:2:5 /id schema.type"}));
  EXPECT_EQ(policy::total_examined(evidence), 8U);
}

TEST(SchemaFiles, NameTheBytesThatLieOnDisk) {
  const std::string gzip = gzipped("{\"id\": 1}\n");
  const std::pair<std::string, std::string> rows[] = {
      {"a.jsonl.gz", gzip}, {"a.json.gz", gzip},  {"a.jsonl", "{\"id\": 1}\n"},       {"a.yaml", "id: 1"},
      {"-", gzip},          {"-", "{\"id\": 1}"}, {"-", "{\"id\": 1}\n{\"id\": 2}\n"}};
  for (const auto& [path, bytes] : rows) {
    SCOPED_TRACE(path);
    test::FakeFiles files = with_schema();
    files.add(path, bytes);
    const Evidence evidence = checked(files, {path});
    ASSERT_EQ(evidence.inputs.size(), 2U);
    EXPECT_EQ(evidence.inputs[1], (policy::Input{path, sha256_hex(bytes), bytes.size()}));
    EXPECT_EQ(found(evidence), Lines{});
  }
}

TEST(SchemaFiles, FindEveryKindInAFolder) {
  test::FakeFiles files = with_schema();
  for (const std::string_view extension : document_extensions()) {
    const std::string path = "d/x" + std::string{extension};
    files.add(path, extension.ends_with(".gz") ? gzipped("{\"id\": 1}\n") : "{\"id\": 1}\n");
  }
  files.add("d/x.txt", "no document");
  const Evidence evidence = checked(files, {"d"});
  EXPECT_EQ(found(evidence), Lines{});
  EXPECT_EQ(policy::total_examined(evidence), document_extensions().size());
}

TEST(SchemaFiles, TakeStandardInputAsItComes) {
  std::string many;
  for (int i = 0; i < 2'000'000; ++i) many += "{\"id\":1}\n";  // more than a document may have
  const std::string long_document = "[\n" + std::string(std::size_t{17} << 20U, ' ');
  struct Row {
    const char* name;
    std::string bytes;
    std::uint64_t documents;
    Lines found;
  };
  const Row rows[] = {
      {"nothing", "", 1, {"-:1:1 the document is empty"}},
      {"one document on lines", "{\n\"id\": \"x\"}\n", 1, {"-:2:7 /id schema.type"}},
      {"one document on a line", "{\"id\": 1}\n", 1, {}},
      {"a document a line", "{\"id\": 1}\n{\"id\": \"x\"}\n", 2, {"-:2:8 /id schema.type"}},
      {"more lines than a document may have", many, 2'000'000, {}},
      {"a document that is too long", long_document, 1, {"-:0:0 the document has more than 16 MiB"}},
      {"packed lines", gzipped("{\"id\": 1}\n{\"id\": \"x\"}\n"), 2, {"-:2:8 /id schema.type"}},
      {"a packed document", gzipped("{\n\"id\": \"x\"}\n"), 1, {"-:2:7 /id schema.type"}},
      {"a packed document cut",
       gzipped("{\n\"id\": 1}\n").substr(0, 22),
       1,
       {"-:0:0 the gzip stream ends early"}},
      {"packed lines, and a member cut",
       gzipped("{\"id\": 1}\n{\"id\": 2}\n") + "\x1F",
       3,
       {"-:0:0 the gzip stream ends early"}},
      {"the first byte of gzip", "\x1F", 1, {"-:1:1 unexpected character U+001F"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::FakeFiles files = with_schema();
    files.add("-", row.bytes);
    if (row.bytes.size() < 1'000) files.set_chunk(1);
    const Evidence evidence = checked(files, {"-"});
    EXPECT_EQ(found(evidence), row.found);
    EXPECT_EQ(policy::total_examined(evidence), row.documents);
  }
}

TEST(SchemaFiles, KeepTheOrderOfManyOnManyThreads) {
  test::FakeFiles files = with_schema();
  Lines expected;
  for (int i = 0; i < 1'500; ++i) {
    const std::string path = fmt::format("d/{:04}.{}", i, i % 3 == 0 ? "yaml" : "json");
    files.add(path, i % 5 == 0 ? "{\"id\": \"x\"}" : "{\"id\": 1}");
    if (i % 5 == 0) expected.push_back(path + ":1:8 /id schema.type");
  }
  files.add("d/0700.jsonl", "{\"id\": 1}\n{\"id\": 2}\n");
  for (const std::size_t jobs : {std::size_t{0}, std::size_t{1}, std::size_t{4}}) {
    const Evidence evidence = checked(files, {"d/**"}, jobs);
    EXPECT_EQ(found(evidence), expected);
    EXPECT_EQ(policy::total_examined(evidence), 1'502U);
    EXPECT_EQ(evidence.inputs.size(), 1'502U);
  }
}

}  // namespace
}  // namespace gate::checks
