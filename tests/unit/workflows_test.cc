#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "tests/support/test_data.h"

namespace gate {
namespace {

namespace fs = std::filesystem;

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" -"), line.size());
}

// What a workflow or an action must not do, line by line: run code of an action that its owner can
// move, or paste an expression into a shell. An expression belongs into `env:`.
std::vector<std::string> faults_of(std::string_view text) {
  static const std::regex kPinned{R"(^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)"};
  std::vector<std::string> faults;
  std::size_t run_indent = std::string_view::npos;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view statement = trim(line).starts_with("- ") ? trim(trim(line).substr(2)) : trim(line);
    if (!statement.empty() && run_indent != std::string_view::npos && indent_of(line) <= run_indent) {
      run_indent = std::string_view::npos;
    }
    if (statement.starts_with("run:")) run_indent = indent_of(line);
    if (run_indent != std::string_view::npos && statement.find("${{") != std::string_view::npos) {
      faults.push_back(fmt::format("an expression in a shell: {}", statement));
    }
    if (!statement.starts_with("uses:")) continue;
    const std::string action{trim(statement.substr(5))};
    if (!action.starts_with("./") && !std::regex_match(action, kPinned)) {
      faults.push_back(fmt::format("not pinned to a commit: {}", action));
    }
  }
  return faults;
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{test::source_dir() / folder}) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  return files;
}

TEST(Workflows, PinActionsAndKeepExpressionsOutOfShells) {
  const std::vector<fs::path> files = files_of(".github");
  ASSERT_GE(files.size(), 4U);
  for (const fs::path& file : files) {
    for (const std::string& fault : faults_of(test::contents_of(file)))
      ADD_FAILURE() << file.filename() << ": " << fault;
  }
}

TEST(Workflows, AskForNoMoreThanReading) {
  for (const fs::path& file : files_of(".github/workflows")) {
    const std::string text = test::contents_of(file);
    EXPECT_THAT(text, testing::HasSubstr("\npermissions:\n  contents: read\n")) << file;
    EXPECT_THAT(text, testing::Not(testing::ContainsRegex(": write"))) << file;
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("pull_request_target"))) << file;
    EXPECT_THAT(text, testing::HasSubstr("\n  merge_group:\n")) << file;
  }
}

// A skipped job counts as a success with GitHub, so the last one looks at each by name.
TEST(Workflows, TheGateReadsEveryResult) {
  const std::string text = test::contents_of(test::source_dir() / ".github/workflows/gate.yml");
  std::vector<std::string> jobs;
  const std::string after = text.substr(text.find("\njobs:\n"));
  static const std::regex kJob{R"(\n  ([a-z_-]+):\n)"};
  for (std::sregex_iterator job{after.begin(), after.end(), kJob}; job != std::sregex_iterator{}; ++job) {
    if ((*job)[1] != "gate") jobs.push_back((*job)[1]);
  }
  const std::string gate = text.substr(text.find("\n  gate:\n"));
  EXPECT_THAT(gate, testing::HasSubstr("\n    if: always()\n"));
  EXPECT_THAT(gate, testing::HasSubstr(fmt::format("\n    needs: [{}]\n", join(jobs, ", "))));
  EXPECT_THAT(gate, testing::HasSubstr(fmt::format("length == {} and all", jobs.size())));
}

TEST(Workflows, FaultsAreFound) {
  struct Row {
    const char* name;
    const char* text;
    std::size_t faults;
  };
  const Row rows[] = {
      {"a tag", "- uses: actions/checkout@v4", 1},
      {"a branch", "  uses: actions/checkout@main # v4.2.2", 1},
      {"a short commit", "- uses: actions/checkout@11bd719 # v4.2.2", 1},
      {"no version beside it", "- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", 1},
      {"pinned", "- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2", 0},
      {"our own", "- uses: ./.github/actions/release-gate", 0},
      {"on the line", "- run: echo ${{ github.ref }}", 1},
      {"in a block", "- run: |\n    set -e\n\n    echo ${{ github.ref }}\n", 1},
      {"after the block", "- run: |\n    echo\n  env:\n    REF: ${{ github.ref }}\n", 0},
      {"before it", "- env:\n    REF: ${{ github.ref }}\n  run: echo \"$REF\"\n", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(faults_of(row.text), testing::SizeIs(row.faults));
  }
}

}  // namespace
}  // namespace gate
