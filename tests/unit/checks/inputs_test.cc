#include "gate/checks/inputs.h"

#include <gtest/gtest.h>

#include "tests/support/fake_files.h"

namespace gate::checks {
namespace {

using Paths = std::vector<std::string>;

test::FakeFiles some_files() {
  return {{"a/x.json", ""}, {"a/b/y.json", ""},    {"a/b/notes.txt", ""}, {"a/.git/z.json", ""},
          {"top.json", ""}, {"a/odd[*].json", ""}, {"loud/B.JSON", ""}};
}

TEST(ExpandInputs, KnowsFilesFoldersAndGlobs) {
  const test::FakeFiles files = some_files();
  struct Row {
    const char* name;
    Paths patterns;
    Paths paths;
  };
  const Row rows[] = {
      {"a file", {"a/x.json"}, {"a/x.json"}},
      {"standard input", {"-"}, {"-"}},
      {"a folder, by extension", {"a"}, {"a/b/y.json", "a/odd[*].json", "a/x.json"}},
      {"a folder with a slash", {"a/b/"}, {"a/b/y.json"}},
      {"a folder, by an extension in capitals", {"loud"}, {"loud/B.JSON"}},
      {"a glob of one segment", {"a/*.json"}, {"a/odd[*].json", "a/x.json"}},
      {"a glob across segments", {"a/**/*.json"}, {"a/b/y.json", "a/odd[*].json", "a/x.json"}},
      {"a glob from here", {"./*.json"}, {"top.json"}},
      {"a name that looks like a glob", {"a/odd[*].json"}, {"a/odd[*].json"}},
      {"twice named, once taken", {"a/x.json", "a/*.json"}, {"a/x.json", "a/odd[*].json"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto inputs = expand_inputs(row.patterns, {".json"}, files);
    ASSERT_TRUE(inputs);
    EXPECT_EQ(inputs->paths, row.paths);
    EXPECT_TRUE(inputs->findings.empty());
  }
}

TEST(ExpandInputs, FindsThatNothingMatches) {
  test::FakeFiles files = some_files();
  files.add_folder("empty");
  const auto inputs = expand_inputs({"a/*.xml", "nowhere/**", "empty"}, {".json", ".jsonl"}, files);
  ASSERT_TRUE(inputs);
  ASSERT_EQ(inputs->findings.size(), 3U);
  EXPECT_EQ(inputs->findings[0].rule, "inputs.no_match");
  EXPECT_EQ(inputs->findings[0].subject, "a/*.xml");
  EXPECT_EQ(inputs->findings[0].message, "no file matches the pattern");
  EXPECT_EQ(inputs->findings[2].message, "the folder holds no file that ends with .json, .jsonl");
}

// A folder with a broken link and a pipe, which files in memory do not have.
class OddFiles final : public ports::Files {
 public:
  [[nodiscard]] Result<std::string> read(const std::string& path, std::uint64_t) const override {
    return Error{ErrorCode::not_found, path};
  }
  [[nodiscard]] Result<std::unique_ptr<ports::ByteStream>> open(const std::string& path) const override {
    return Error{ErrorCode::not_found, path};
  }
  [[nodiscard]] ports::FileStatus status(const std::string&) const override {
    return {ports::FileKind::folder, 0};
  }
  [[nodiscard]] Result<std::vector<ports::FolderEntry>> list(const std::string&) const override {
    return std::vector<ports::FolderEntry>{{"broken.json", ports::FileKind::missing},
                                           {"broken.txt", ports::FileKind::missing},
                                           {"pipe.json", ports::FileKind::other}};
  }
  Status write(const std::string& path, std::string_view) const override {
    return Error{ErrorCode::io, path};
  }
  Status append(const std::string& path, std::string_view) const override {
    return Error{ErrorCode::io, path};
  }
  Status write_secret(const std::string& path, std::string_view) const override {
    return Error{ErrorCode::io, path};
  }
};

TEST(ExpandInputs, NeverPassesOverWhatItCannotRead) {
  const auto inputs = expand_inputs({"a"}, {".json"}, OddFiles{});
  ASSERT_TRUE(inputs);
  EXPECT_TRUE(inputs->paths.empty());
  ASSERT_EQ(inputs->findings.size(), 2U);
  for (const policy::Finding& finding : inputs->findings) EXPECT_EQ(finding.rule, "inputs.unreadable");
  EXPECT_EQ(inputs->findings[0].subject, "a/broken.json");
  EXPECT_EQ(inputs->findings[0].message, "a link to a file that is not there");
  EXPECT_EQ(inputs->findings[1].subject, "a/pipe.json");
  EXPECT_EQ(inputs->findings[1].message, "not a regular file");
}

TEST(ExpandInputs, RefusesANamedPathThatIsNotThere) {
  const auto inputs = expand_inputs({"missing.json"}, {".json"}, some_files());
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error(), (Error{ErrorCode::not_found, "missing.json: no such file or folder"}));
}

TEST(ExpandInputs, PassesOnAFolderThatCannotBeRead) {
  test::FakeFiles files = some_files();
  files.fail_reading("a/b", Error{ErrorCode::io, "permission denied"});
  const auto inputs = expand_inputs({"a/**/*.json"}, {".json"}, files);
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().message, "a/b: permission denied");
}

}  // namespace
}  // namespace gate::checks
