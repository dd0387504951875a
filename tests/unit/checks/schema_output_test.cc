#include "gate/checks/schema_output.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/checks/schema.h"
#include "tests/support/fake_files.h"
#include "tests/support/gzip.h"

namespace gate::checks {
namespace {

using Lines = std::vector<std::string>;
using schema::OutputFormat;

test::FakeFiles with_schema(std::string schema = R"({"properties": {"id": {"type": "integer"}}})") {
  return {{"s.json", std::move(schema)}};
}

policy::SchemaSettings settings_for(Lines documents) {
  policy::SchemaSettings settings;
  settings.schema = "s.json";
  settings.documents = std::move(documents);
  return settings;
}

// What is written, in the order of the calls.
Lines written(const test::FakeFiles& files, Lines documents, OutputFormat format = OutputFormat::flag,
              std::size_t jobs = 2) {
  Lines lines;
  const SpecOutput output{format, [&](std::string_view line) { lines.emplace_back(line); }};
  const auto evidence = check_schema(settings_for(std::move(documents)), files, jobs, &output);
  EXPECT_TRUE(evidence) << evidence.error().message;
  return lines;
}

TEST(SchemaOutput, IsALineForEachDocumentUnderItsName) {
  struct Row {
    const char* name;
    std::vector<std::pair<std::string, std::string>> files;
    Lines documents;
    Lines lines;
  };
  const Row rows[] = {
      {"one document, as it is", {{"a.json", R"({"id": "x"})"}}, {"a.json"}, {"{\"valid\":false}\n"}},
      {"standard input, as it is", {{"-", "{\n}"}}, {"-"}, {"{\"valid\":true}\n"}},
      {"two in the order they are named",
       {{"a.json", "{}"}, {"b\".yaml", "id: x"}},
       {"b\".yaml", "a.json"},
       {R"({"document":"b\".yaml","valid":false})"
        "\n",
        R"({"document":"a.json","valid":true})"
        "\n"}},
      {"a folder that holds one today",
       {{"d/a.json", "{}"}},
       {"d"},
       {R"({"document":"d/a.json","valid":true})"
        "\n"}},
      {"lines, blank ones passed over",
       {{"a.jsonl", "{}\n\n{\"id\": \"x\"}\n{\"id\":\n"}},
       {"a.jsonl"},
       {R"({"document":"a.jsonl","line":1,"valid":true})"
        "\n",
        R"({"document":"a.jsonl","line":3,"valid":false})"
        "\n",
        R"({"document":"a.jsonl","line":4,"valid":false})"
        "\n"}},
      {"lines from standard input",
       {{"-", "{}\n{}"}},
       {"-"},
       {R"({"document":"-","line":1,"valid":true})"
        "\n",
        R"({"document":"-","line":2,"valid":true})"
        "\n"}},
      {"lines between documents",
       {{"a.json", "{}"}, {"b.jsonl", "1\n"}, {"c.json", "{"}},
       {"a.json", "b.jsonl", "c.json"},
       {R"({"document":"a.json","valid":true})"
        "\n",
        R"({"document":"b.jsonl","line":1,"valid":true})"
        "\n",
        R"({"document":"c.json","valid":false})"
        "\n"}},
      {"no document where lines were expected",
       {{"a.jsonl", "\n"}},
       {"a.jsonl"},
       {R"({"document":"a.jsonl","valid":false})"
        "\n"}},
      {"a stream that ends early",
       {{"a.jsonl.gz", test::gzipped("{}\n").substr(0, 20)}},
       {"a.jsonl.gz"},
       {R"({"document":"a.jsonl.gz","line":1,"valid":true})"
        "\n",
        R"({"document":"a.jsonl.gz","valid":false})"
        "\n"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::FakeFiles files = with_schema();
    for (const auto& [path, text] : row.files) files.add(path, text);
    EXPECT_EQ(written(files, row.documents), row.lines);
  }
}

TEST(SchemaOutput, SaysWhereAMalformedDocumentIsBroken) {
  test::FakeFiles files = with_schema();
  files.add("a.json", "{\n\"id\": }");
  files.add("a.jsonl", "{}\n{\"id\": }");
  files.add("a.json.gz", "none");
  const Lines lines = written(files, {"a.json", "a.jsonl", "a.json.gz"}, OutputFormat::basic);
  const std::string_view errors[] = {R"("error":"2:7: )", R"("valid":true)", R"("error":"1:8: )",
                                     R"("error":"not a gzip stream")"};
  ASSERT_EQ(lines.size(), std::size(errors));
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_NE(lines[i].find(errors[i]), Lines::value_type::npos);
}

// Findings and counts are what they are without it.
TEST(SchemaOutput, ChangesNoEvidence) {
  test::FakeFiles files = with_schema();
  files.add("a.json", "{\"id\": \"x\"}");
  files.add("b.json", "{");
  files.add("c.jsonl", "{}\n{\"id\": \"x\"}\n[\n");
  const auto settings = settings_for({"a.json", "b.json", "c.jsonl"});
  const SpecOutput output{OutputFormat::hierarchical, [](std::string_view) {}};
  const auto with = check_schema(settings, files, 2, &output);
  const auto without = check_schema(settings, files, 2);
  ASSERT_TRUE(with && without);
  EXPECT_EQ(with->findings, without->findings);
  EXPECT_EQ(with->results, without->results);
}

TEST(SchemaOutput, KeepsTheOrderOfFilesOnManyThreads) {
  test::FakeFiles files = with_schema();
  Lines expected;
  for (int i = 0; i < 1'200; ++i) {
    const std::string path = fmt::format("d/{:04}.json", i);
    files.add(path, i % 3 == 0 ? R"({"id": "x"})" : "{}");
    expected.push_back(fmt::format("{{\"document\":\"{}\",\"valid\":{}}}\n", path, i % 3 != 0));
  }
  for (const std::size_t jobs : {std::size_t{0}, std::size_t{1}, std::size_t{4}})
    EXPECT_EQ(written(files, {"d"}, OutputFormat::flag, jobs), expected);
}

TEST(SchemaOutput, KeepsTheOrderOfLinesOnManyThreads) {
  test::FakeFiles files = with_schema();
  std::string text;
  Lines expected;
  for (int i = 1; i <= 30'000; ++i) {
    text += i % 3 == 0 ? "{\"id\": \"x\"}\n" : "{\"id\": 1}\n";
    expected.push_back(fmt::format("{{\"document\":\"a.jsonl\",\"line\":{},\"valid\":{}}}\n", i, i % 3 != 0));
  }
  files.add("a.jsonl", text);
  for (const std::size_t jobs : {std::size_t{1}, std::size_t{4}})
    EXPECT_EQ(written(files, {"a.jsonl"}, OutputFormat::flag, jobs), expected);
}

// More output than may wait: some of it is written before the rest is checked.
TEST(SchemaOutput, KeepsTheOrderWhereItIsLong) {
  const std::string title(std::size_t{1} << 19U, 't');
  test::FakeFiles files =
      with_schema(fmt::format(R"({{"title": "{}", "properties": {{"n": false}}}})", title));
  std::string lines;
  Lines paths;
  Lines expected;
  for (int i = 1; i <= 40; ++i) {
    const std::string_view text = i % 7 == 0 ? R"({"n": 1})" : "{}";
    lines.append(text).append("\n");
    paths.push_back(fmt::format("{}.json", i));
    files.add(paths.back(), std::string{text});
    expected.push_back(fmt::format(R"({{"document":"{}.json","valid":{},)", i, i % 7 != 0));
  }
  for (int i = 1; i <= 40; ++i)
    expected.push_back(fmt::format(R"({{"document":"a.jsonl","line":{},"valid":{},)", i, i % 7 != 0));
  files.add("a.jsonl", lines);
  paths.emplace_back("a.jsonl");
  Lines starts;
  for (std::string_view line : written(files, paths, OutputFormat::basic, 3))
    starts.emplace_back(line.substr(0, line.find(',', line.find("valid")) + 1));
  EXPECT_EQ(starts, expected);
}

}  // namespace
}  // namespace gate::checks
