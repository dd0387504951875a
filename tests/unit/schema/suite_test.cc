// The required tests of the JSON Schema Test Suite.

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "gate/schema/compile.h"
#include "gate/schema/equality.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"
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

void run_group(const boost::json::object& group, const ExactNumbers& exact,
               const std::filesystem::path& remotes, const std::string& file, Tally& tally) {
  Remotes served{remotes};
  const CompileOptions options{{}, [&served](const std::string& uri) { return served.find(uri); }};
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
    if (explanation.faults.empty() != valid) tally.wrong.push_back(name + ": explanation");
  }
}

Tally run_folder(const std::filesystem::path& folder, const std::filesystem::path& remotes) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Tally tally;
  for (const auto& file : files) {
    const auto document = load::parse_json(test::contents_of(file));
    EXPECT_TRUE(document) << file;
    if (!document) continue;
    for (const auto& group : document->root.as_array()) {
      run_group(group.as_object(), document->exact, remotes, file.filename().string(), tally);
    }
  }
  return tally;
}

TEST(JsonSchemaTestSuite, PassesEveryRequiredTestOfDraft07) {
  REQUIRE_TEST_DATA(suite, "json-schema-test-suite");
  const Tally tally = run_folder(suite / "tests/draft7", suite / "remotes");
  EXPECT_EQ(tally.ran, 927U);
  EXPECT_EQ(tally.wrong, std::vector<std::string>{});
}

}  // namespace
}  // namespace gate::schema
