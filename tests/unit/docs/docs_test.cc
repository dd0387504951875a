#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exemptions/push.h"
#include "exemptions/run.h"
#include "gate/base/text.h"
#include "gate/cli/tool.h"
#include "gate/gate_run/options.h"
#include "gate/load/exemptions_toml.h"
#include "gate/load/json.h"
#include "gate/load/policy_toml.h"
#include "gate/load/slo_toml.h"
#include "gate/load/test_reports.h"
#include "gate/platform/disk_files.h"
#include "gate/platform/posix_process.h"
#include "gate/platform/system.h"
#include "gate/schema_validate/run.h"
#include "gate/slo_evaluate/options.h"
#include "gate/test_summary/run.h"
#include "server/api/problem.h"
#include "server/app/settings.h"
#include "server/commands/options.h"
#include "tests/e2e/normalise.h"
#include "tests/support/test_data.h"
#include "tests/unit/docs/markdown.h"

namespace gate::docs {
namespace {

namespace fs = std::filesystem;

std::string variable(std::string_view name) {
  return platform::ProcessEnvironment{}.get(name).value_or("");
}

bool updating() {
  return !variable("UPDATE_DOCS").empty();
}

const std::vector<Page>& pages() {
  static const std::vector<Page> kPages = all_pages(test::source_dir());
  return kPages;
}

std::string read(std::string_view path) {
  return test::contents_of(test::source_dir() / path);
}

// The product's binaries, by name.
std::vector<std::string> binaries() {
  std::vector<std::string> names;
  for (const std::string_view name : split(RELEASE_GATE_BINARIES, ' ')) names.emplace_back(name);
  return names;
}

// What `words --help` prints; nothing where the binary is not built.
std::optional<std::string> run_help(const std::string& words) {
  ports::Command command;
  for (const std::string_view word : split(words, ' ')) command.arguments.emplace_back(word);
  command.arguments.front() =
      fmt::format("{}/{}", variable("RELEASE_GATE_BIN_DIR"), command.arguments.front());
  command.arguments.emplace_back("--help");
  const auto outcome = platform::PosixProcess{}.run(command);
  if (!outcome || outcome->exit_code != 0 || outcome->signal != 0) return std::nullopt;
  return outcome->output;
}

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), pattern}; match != std::sregex_iterator{};
       ++match)
    found.push_back((*match)[1].str());
  return found;
}

// The same, asked once.
std::optional<std::string> help_of(const std::string& words) {
  static std::map<std::string, std::optional<std::string>> known;
  const auto [found, is_new] = known.try_emplace(words);
  if (is_new) found->second = run_help(words);
  return found->second;
}

// "gate run", "gate report", "gate-server keys create" … of a program that has commands, and the program
// where it can do without one.
std::vector<std::string> commands_of(const std::string& program) {
  static const std::regex kCommand{"\n  ([a-z-]+) {2,}"};
  const std::string help = help_of(program).value_or("");
  const std::size_t from = help.find("\ncommands:\n");
  if (from == std::string::npos) return {program};
  std::vector<std::string> commands;
  if (help.find(fmt::format("usage: {} [options]", program)) != std::string::npos)
    commands.push_back(program);
  const std::string list = help.substr(from, help.find("\n\n", from + 1) - from);
  for (const std::string& name : matches(list, kCommand)) {
    const std::vector<std::string> below = commands_of(fmt::format("{} {}", program, name));
    commands.insert(commands.end(), below.begin(), below.end());
  }
  return commands;
}

// The options that --help lists: "--mode".
std::vector<std::string> options_of(const std::string& command) {
  static const std::regex kOption{"\n  (--[a-z0-9-]+)"};
  return matches(help_of(command).value_or(""), kOption);
}

// What an end-to-end case prints now, with the times as they are measured.
std::string output_of_case(const fs::path& folder) {
  const fs::path scratch = fs::path{::testing::TempDir()} / "docs_case";
  fs::remove_all(scratch);
  fs::create_directories(scratch);
  if (fs::exists(folder / "input")) fs::copy(folder / "input", scratch, fs::copy_options::recursive);
  ports::Command command;
  command.arguments = {"env",
                       "-i",
                       fmt::format("--chdir={}", scratch.string()),
                       fmt::format("PATH={}:/usr/bin:/bin", variable("RELEASE_GATE_BIN_DIR")),
                       fmt::format("SOURCE_DIR={}", test::source_dir().string()),
                       "bash",
                       (folder / "cmd").string()};
  const auto outcome = platform::PosixProcess{}.run(command);
  return outcome ? outcome->output : outcome.error().message;
}

void update(const std::string& path, const Block& block, std::string wanted) {
  if (block.label.ends_with("/expect.stdout"))
    wanted = output_of_case((test::source_dir() / block.label.substr(6)).parent_path());
  Page page = parse_page(path, read(path));
  for (auto now = page.blocks.rbegin(); now != page.blocks.rend(); ++now) {
    if (now->label == block.label) page.text.replace(now->begin, now->text.size(), wanted);
  }
  ASSERT_TRUE(platform::DiskFiles{}.write((test::source_dir() / path).string(), page.text).has_value());
}

// What the label says the block must hold; nothing where nobody can tell.
std::optional<std::string> wanted_for(const Block& block) {
  if (block.label.starts_with("help: ")) return help_of(block.label.substr(6));
  const fs::path file = test::source_dir() / block.label.substr(6);
  if (!fs::is_regular_file(file)) return std::nullopt;
  return test::contents_of(file);
}

// What is measured anew in each run is shown on a page as it once was.
std::string without_times(const std::string& text) {
  e2e::Surroundings nowhere;
  nowhere.case_dir = nowhere.source_dir = nowhere.version = "nowhere";
  return e2e::normalised(text, nowhere);
}

TEST(Docs, BlocksHoldWhatTheirLabelsSay) {
  std::size_t seen = 0;
  for (const Page& page : pages()) {
    for (const Block& block : page.blocks) {
      if (!block.label.starts_with("help: ") && !block.label.starts_with("from: ")) continue;
      SCOPED_TRACE(fmt::format("{}:{}: {}", page.path, block.line, block.label));
      ++seen;
      const auto wanted = wanted_for(block);
      if (!wanted) {
        ADD_FAILURE() << "no such binary or file: is it built?";
        continue;
      }
      const bool same = block.label.starts_with("help: ")
                            ? block.text == *wanted
                            : without_times(block.text) == without_times(*wanted);
      if (!same && updating()) {
        update(page.path, block, *wanted);
      } else if (!same) {
        EXPECT_EQ(block.text, *wanted) << "UPDATE_DOCS=1 rewrites it";
      }
    }
  }
  EXPECT_GE(seen, 5U);
}

TEST(Docs, EveryBinaryHasItsPageWithAllOptions) {
  for (const std::string& binary : binaries()) {
    const Page page = page_named(pages(), fmt::format("docs/{}.md", binary));
    std::vector<std::string> labels;
    for (const Block& block : page.blocks) labels.push_back(block.label);
    for (const std::string& command : commands_of(binary))
      EXPECT_THAT(labels, ::testing::Contains("help: " + command)) << "in docs/" << binary << ".md";
    EXPECT_NE(read("README.md").find(fmt::format("`{}`", binary)), std::string::npos) << binary;
  }
}

bool resolves(const Page& page, const std::string& link) {
  const std::size_t hash = link.find('#');
  const std::string file = link.substr(0, hash);
  const fs::path target = (fs::path{page.path}.parent_path() / file).lexically_normal();
  if (!file.empty() && !fs::exists(test::source_dir() / target)) return false;
  if (hash == std::string::npos) return true;
  const Page linked = file.empty() ? page : page_named(pages(), target.string());
  const std::vector<std::string> anchors = linked.anchors();
  return std::find(anchors.begin(), anchors.end(), link.substr(hash + 1)) != anchors.end();
}

TEST(Docs, LinksLeadSomewhere) {
  ASSERT_GE(pages().size(), 10U);
  for (const Page& page : pages()) {
    for (const std::string& link : page.links()) {
      const bool external = link.starts_with("https://") || link.starts_with("../../");
      EXPECT_TRUE(external || resolves(page, link)) << page.path << ": " << link;
    }
  }
}

// A code span that reads like a path of this repository; `tests/e2e/TOOL/CASE/` is a pattern.
bool is_repository_path(const std::string& span) {
  static const std::regex kPath{
      R"((\.ci|\.github|ci|docs|exemptions|fixtures|gate|schemas|tests)/[a-z0-9_./-]*)"};
  return std::regex_match(span, kPath);
}

TEST(Docs, PathsAreThere) {
  for (const Page& page : pages()) {
    if (page.path == "CHANGELOG.md") continue;  // tells what was
    for (const std::string& span : page.spans()) {
      if (!is_repository_path(span)) continue;
      EXPECT_TRUE(fs::exists(test::source_dir() / span)) << page.path << ": " << span;
    }
  }
}

// The commands that a page tells its reader to type: lines of its sh blocks, and those after "$ ".
std::vector<std::string> typed_in(const Page& page) {
  std::vector<std::string> lines;
  for (const Block& block : page.blocks) {
    for (const std::string_view line : split(block.text, '\n')) {
      if (block.language == "sh") lines.emplace_back(line);
      if (block.language == "console" && line.starts_with("$ ")) lines.emplace_back(line.substr(2));
    }
  }
  return lines;
}

// The command of ours that a line calls, as many words of it as name one; empty where it calls none.
std::string command_called(const std::string& line) {
  std::string called;
  for (const std::string& binary : binaries()) {
    for (const std::string& command : commands_of(binary)) {
      if (line.starts_with(command + " ") && command.size() > called.size()) called = command;
    }
  }
  return called;
}

// Options a line gives to one of our commands that this command does not know.
std::vector<std::string> unknown_options(const std::string& line) {
  std::vector<std::string> unknown;
  const std::string command = command_called(line);
  if (command.empty()) return unknown;
  static const std::regex kOption{" (--[a-z0-9-]+)"};
  const std::vector<std::string> known = options_of(command);
  const std::string own = line.substr(0, line.find_first_of("|;&>"));
  for (const std::string& option : matches(own, kOption)) {
    if (std::find(known.begin(), known.end(), option) == known.end()) unknown.push_back(option);
  }
  return unknown;
}

TEST(Docs, CommandsCanBeTyped) {
  std::size_t seen = 0;
  for (const Page& page : pages()) {
    for (const std::string& line : typed_in(page)) {
      const std::string program = line.substr(0, line.find(' '));
      const bool is_script = program.starts_with("ci/");
      EXPECT_TRUE(!is_script || fs::exists(test::source_dir() / program)) << page.path << ": " << line;
      EXPECT_THAT(unknown_options(line), ::testing::IsEmpty()) << page.path << ": " << line;
      ++seen;
    }
  }
  EXPECT_GE(seen, 10U);
}

std::vector<std::string> sources() {
  std::vector<std::string> texts;
  for (const char* folder : {"gate", "exemptions"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator{test::source_dir() / folder}) {
      const bool names_settings = entry.path().filename() == "config.cc";
      if (entry.path().extension() == ".cc" && !names_settings)
        texts.push_back(test::contents_of(entry.path()));
    }
  }
  return texts;
}

// Rule ids are stable names that people look up.
TEST(Docs, EveryRuleIsExplained) {
  static const std::regex kRule{
      R"re([({]\s*"((?:check|command|exemption|gate|inputs|report|schema|slo|tests)\.(?!toml|json)[a-z_.]+)")re"};
  std::set<std::string> explained;
  for (const Page& page : pages()) {
    for (const std::string& span : page.spans()) explained.insert(span);
  }
  std::set<std::string> rules;
  for (const std::string& text : sources()) {
    for (const std::string& rule : matches(text, kRule)) rules.insert(rule);
  }
  EXPECT_GE(rules.size(), 30U);
  for (const std::string& rule : rules) EXPECT_TRUE(explained.count(rule) > 0) << rule << " is on no page";
}

TEST(Docs, PoliciesAndRegistersAreInOrder) {
  std::size_t seen = 0;
  for (const Page& page : pages()) {
    for (const Block& block : page.blocks) {
      if (block.language != "toml") continue;
      ++seen;
      const std::string place = fmt::format("{}:{}", page.path, block.line);
      const bool is_register = block.text.find("[[exemption]]") != std::string::npos;
      if (block.text.find("[[objective]]") != std::string::npos) {
        const auto objectives = load::parse_slo_toml(block.text, place);
        EXPECT_TRUE(objectives.has_value()) << (objectives ? "" : objectives.error().message);
      } else if (block.text.find("[[service]]") != std::string::npos) {
        const auto settings = server::app::parse_settings(block.text, place);
        EXPECT_TRUE(settings.has_value()) << (settings ? "" : settings.error().message);
      } else if (is_register) {
        const auto reg = load::parse_exemptions(block.text, place);
        EXPECT_TRUE(reg.has_value()) << (reg ? "" : reg.error().message);
        if (!reg) continue;
        for (const auto& record : reg->records) EXPECT_THAT(record.faults, ::testing::IsEmpty()) << place;
      } else {
        const auto policy = load::parse_gate_config_file(block.text, place);
        EXPECT_TRUE(policy.has_value()) << (policy ? "" : policy.error().message);
      }
    }
  }
  EXPECT_GE(seen, 2U);
}

// The variables that set an option of the tool.
template <class Options>
void add_variables(const cli::Tool<Options>& tool, std::set<std::string>& variables) {
  Options options;
  cli::OptionTable table;
  tool.declare(table, options);
  for (const cli::OptionRow& row : table.rows()) {
    if (row.from_environment) variables.insert(cli::environment_name(row.name));
  }
}

TEST(Docs, TheExampleOfAnEnvironmentIsComplete) {
  std::set<std::string> accepted;
  add_variables(gate_run::kRun, accepted);
  add_variables(gate_run::kReport, accepted);
  add_variables(gate_run::kConfig, accepted);
  add_variables(gate_run::kInit, accepted);
  add_variables(test_summary::kTool, accepted);
  add_variables(schema_validate::kTool, accepted);
  add_variables(exemptions::kTool, accepted);
  add_variables(exemptions::kPush, accepted);
  add_variables(slo_evaluate::kGate, accepted);
  add_variables(slo_evaluate::kCompare, accepted);
  add_variables(slo_evaluate::kValidate, accepted);
  add_variables(slo_evaluate::kExplain, accepted);
  add_variables(slo_evaluate::kSimulate, accepted);
  add_variables(slo_evaluate::kRules, accepted);
  add_variables(server::commands::kServe, accepted);
  add_variables(server::commands::kConfig, accepted);
  add_variables(server::commands::kCheck, accepted);
  add_variables(server::commands::kCreateKey, accepted);
  add_variables(server::commands::kListKeys, accepted);
  add_variables(server::commands::kRevokeKey, accepted);
  add_variables(server::commands::kBackup, accepted);
  add_variables(server::commands::kRestore, accepted);
  add_variables(server::commands::kVerifyAudit, accepted);
  add_variables(server::commands::kListMigrations, accepted);
  static const std::regex kVariable{"(?:^|\n)#?(RELEASE_GATE_[A-Z0-9_]+)="};
  const std::vector<std::string> shown = matches(read(".env.example"), kVariable);
  EXPECT_THAT(shown, ::testing::UnorderedElementsAreArray(accepted));
}

// What stands first in the rows of a page's tables: `key`.
std::set<std::string> first_cells(const Page& page) {
  static const std::regex kCell{"\n\\| `([a-z_0-9-]+)` \\|"};
  const std::vector<std::string> cells = matches(page.prose, kCell);
  return {cells.begin(), cells.end()};
}

TEST(Docs, TheServersPageHasEveryProblem) {
  const std::string page = read("docs/gate-server.md");
  for (const server::api::ProblemKind& kind : server::api::problem_kinds()) {
    EXPECT_NE(page.find(fmt::format("`{}`", kind.code)), std::string::npos) << kind.code;
  }
}

TEST(Docs, ThePolicyPageHasEveryKeyTheLoaderReads) {
  static const std::regex kRead{R"re((?:reader|root|limits)(?:\.[a-z_]+\(|, )"([a-z0-9_]+)")re"};
  std::set<std::string> keys{"version"};
  for (const char* loader : {"gate/load/check_toml.cc", "gate/load/policy_toml.cc"}) {
    for (const std::string& key : matches(read(loader), kRead)) keys.insert(key);
  }
  for (const char* section : {"check", "exemptions", "report", "tests"}) keys.erase(section);
  EXPECT_EQ(first_cells(page_named(pages(), "docs/policy.md")), keys);
}

// Every name of a property anywhere in a schema.
void add_properties(const boost::json::value& schema, std::set<std::string>& names) {
  if (const auto* elements = schema.if_array()) {
    for (const boost::json::value& element : *elements) add_properties(element, names);
  }
  const auto* members = schema.if_object();
  if (members == nullptr) return;
  if (const auto* properties = members->if_contains("properties");
      properties != nullptr && properties->is_object()) {
    for (const auto& property : properties->get_object()) names.insert(std::string{property.key()});
  }
  for (const auto& member : *members) add_properties(member.value(), names);
}

TEST(Docs, ThePolicyPageHasEveryKeyOfTheSchema) {
  const std::string path = "schemas/release-gate/gate.schema.json";
  const auto schema = load::parse_json(read(path));
  ASSERT_TRUE(schema.has_value());
  std::set<std::string> names;
  add_properties(schema->root, names);
  for (const char* section : {"check", "exemptions", "report", "tests"}) names.erase(section);
  EXPECT_EQ(first_cells(page_named(pages(), "docs/policy.md")), names);
}

TEST(Docs, EveryReportFormatIsNamed) {
  const std::set<std::string> named = first_cells(page_named(pages(), "docs/test-summary.md"));
  for (const load::ReportFormat& format : load::report_formats())
    EXPECT_EQ(named.count(std::string{format.name}), 1U) << format.name << " is not in docs/test-summary.md";
}

}  // namespace
}  // namespace gate::docs
