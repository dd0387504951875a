// The required tests of the JSON Schema Test Suite.

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "gate/schema/compile.h"
#include "gate/schema/equality.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"
#include "gate/schema/output_units.h"
#include "tests/support/test_data.h"

namespace gate::schema {
namespace {

// Serves the suite's remote documents, as it wants them at http://localhost:1234/.
class Remotes {
 public:
  explicit Remotes(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<Source> find(const std::string& uri) {
    constexpr std::string_view kPrefix = "http://localhost:1234/";
    if (!uri.starts_with(kPrefix)) return Error{ErrorCode::not_found, "not among the remotes"};
    const std::filesystem::path path = folder_ / uri.substr(kPrefix.size());
    if (!std::filesystem::exists(path)) return Error{ErrorCode::not_found, "not among the remotes"};
    auto document = load::parse_json(test::contents_of(path));
    if (!document) return document.error();
    documents_.push_back(std::move(*document));
    return Source{&documents_.back().root, &documents_.back().exact, uri, path.string()};
  }

 private:
  std::filesystem::path folder_;
  std::deque<load::Document> documents_;
};

struct Tally {
  std::size_t ran = 0;
  std::vector<std::string> wrong;
};

std::string text(const boost::json::value& value) {
  return std::string{view(value.as_string())};
}

struct Suite {
  std::filesystem::path root;
  const Dialect& dialect;  // of schemas that do not say
};

void run_group(const boost::json::object& group, const ExactNumbers& exact, const Suite& suite,
               const std::string& file, Tally& tally) {
  Remotes served{suite.root / "remotes"};
  const CompileOptions options{
      {}, [&served](const std::string& uri) { return served.find(uri); }, &suite.dialect};
  const Source source{&group.at("schema"), &exact, "test:schema", "schema"};
  const Compilation compiled = compile(source, options);
  for (const auto& test : group.at("tests").as_array()) {
    ++tally.ran;
    const std::string name =
        file + ": " + text(group.at("description")) + ": " + text(test.at("description"));
    if (!compiled.program) {
      tally.wrong.push_back(name + ": " + compiled.defects.front().pointer + ": " +
                            compiled.defects.front().message);
      continue;
    }
    Evaluator evaluator{*compiled.program};
    const bool valid = test.at("valid").as_bool();
    const Instance data = instance_of(test.at("data"), exact);
    const Outcome outcome = evaluator.evaluate(data.root());
    if (outcome != (valid ? Outcome::valid : Outcome::invalid)) tally.wrong.push_back(name);
    const Explanation explanation = explain(*compiled.program, data.root(), {});
    const bool says_why = std::none_of(explanation.faults.begin(), explanation.faults.end(),
                                       [](const Fault& fault) { return fault.keyword == "invalid"; });
    if (explanation.faults.empty() != valid || !says_why) tally.wrong.push_back(name + ": explanation");
    const OutputUnits units = find_output_units(*compiled.program, data.root());
    if (units.root.valid != valid || !units.complete) tally.wrong.push_back(name + ": output");
  }
}

Tally run_folder(const std::string& folder, const Suite& suite) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{suite.root / "tests" / folder}) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Tally tally;
  for (const auto& file : files) {
    const auto document = load::parse_json(test::contents_of(file));
    EXPECT_TRUE(document) << file;
    if (!document) continue;
    for (const auto& group : document->root.as_array()) {
      run_group(group.as_object(), document->exact, suite, file.filename().string(), tally);
    }
  }
  return tally;
}

TEST(JsonSchemaTestSuite, PassesEveryRequiredTest) {
  REQUIRE_TEST_DATA(suite, "json-schema-test-suite");
  struct Row {
    const char* folder;
    const char* dialect;
    std::size_t tests;
  };
  const Row rows[] = {
      {"draft4", "draft4", 618},          {"draft6", "draft6", 839},          {"draft7", "draft7", 927},
      {"draft2019-09", "2019-09", 1'259}, {"draft2020-12", "2020-12", 1'299},
  };
  for (const auto& [folder, dialect, tests] : rows) {
    const Tally tally = run_folder(folder, {suite, *find_dialect_named(dialect)});
    fmt::print("| {} | {} | {} |\n", folder, tally.ran - tally.wrong.size(), tests);
    EXPECT_EQ(tally.ran, tests) << folder;
    EXPECT_EQ(tally.wrong, std::vector<std::string>{}) << folder;
  }
}

}  // namespace
}  // namespace gate::schema
