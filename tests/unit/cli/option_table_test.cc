#include "gate/cli/option_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_environment.h"

namespace gate::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Options {
  bool all = false;
  std::string mode = "strict";
  std::optional<std::string> name;
  std::size_t limit = 100;
  std::vector<std::string> expect;
  std::string schema;
  std::vector<std::string> documents;
  std::vector<Setting> settings;
};

void declare(OptionTable& table, Options& options) {
  table.operand("SCHEMA", options.schema, "the schema");
  table.operands("DOCUMENT", options.documents, "the documents");
  table.flag("--all", options.all, "everything");
  table.choice("--mode", options.mode, {"strict", "warn"}, "how");
  table.text("--name", "N", options.name, "its name").from_environment = false;
  table.number("--max-errors", "N", options.limit, "how many");
  table.list("--expect", "PART", options.expect, "a part");
  table.remember(options.settings);
}

Result<OptionTable::Asked> parse(Options& options, const std::vector<std::string>& arguments,
                                 const test::FakeEnvironment& environment = {}) {
  OptionTable table;
  declare(table, options);
  return table.parse(arguments, environment);
}

TEST(OptionTable, BindsEveryKindOfRow) {
  Options options;
  const auto asked = parse(options, {"--all", "s.json", "--mode=warn", "--name", "unit tests", "--max-errors",
                                     "7", "--expect", "unit", "a.json", "--expect=e2e", "-"});
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_EQ(*asked, OptionTable::Asked::run);
  EXPECT_TRUE(options.all);
  EXPECT_EQ(options.mode, "warn");
  EXPECT_EQ(options.name, "unit tests");
  EXPECT_EQ(options.limit, 7U);
  EXPECT_THAT(options.expect, ElementsAre("unit", "e2e"));
  EXPECT_EQ(options.schema, "s.json");
  EXPECT_THAT(options.documents, ElementsAre("a.json", "-"));
}

TEST(OptionTable, SaysWhatIsWrongAndWhatWasMeant) {
  struct Row {
    const char* name;
    std::vector<std::string> arguments;
    const char* message;
  };
  const Row rows[] = {
      {"a typo", {"s", "d", "--mdoe", "warn"}, "unknown option \"--mdoe\" (did you mean \"--mode\"?)"},
      {"a typo with its value",
       {"s", "d", "--expct=unit"},
       "unknown option \"--expct\" (did you mean \"--expect\"?)"},
      {"a value that is no choice",
       {"s", "d", "--mode", "strct"},
       "--mode: \"strct\" is not one of strict, warn (did you mean \"strict\"?)"},
      {"no value", {"s", "d", "--max-errors"}, "--max-errors needs a value: --max-errors N"},
      {"given twice", {"s", "d", "--mode", "warn", "--mode", "strict"}, "--mode is given more than once"},
      {"not a number", {"s", "d", "--max-errors", "many"}, "--max-errors: \"many\" is not a whole number"},
      {"a negative number", {"s", "d", "--max-errors", "-1"}, "--max-errors"},
      {"beyond 64 bits", {"s", "d", "--max-errors", "99999999999999999999"}, "is not a whole number"},
      {"a missing operand", {"--all"}, "SCHEMA is missing"},
      {"a missing list of operands", {"s"}, "DOCUMENT is missing"},
      {"a value for a flag", {"s", "d", "--all=maybe"}, "--all takes no value"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Options options;
    const auto asked = parse(options, row.arguments);
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, ErrorCode::usage);
    EXPECT_THAT(asked.error().message, HasSubstr(row.message));
  }
}

TEST(OptionTable, TakesWhatTheCommandLineDoesNotSayFromTheEnvironment) {
  Options options;
  const test::FakeEnvironment environment{{"RELEASE_GATE_MODE", "warn"},
                                          {"RELEASE_GATE_MAX_ERRORS", "3"},
                                          {"RELEASE_GATE_ALL", "1"},
                                          {"RELEASE_GATE_NAME", "not taken"}};
  ASSERT_TRUE(parse(options, {"s", "d", "--max-errors", "5"}, environment));
  EXPECT_EQ(options.mode, "warn");
  EXPECT_EQ(options.limit, 5U) << "the command line is over the environment";
  EXPECT_TRUE(options.all);
  EXPECT_EQ(options.name, std::nullopt) << "a row may refuse the environment";
  const Setting mode{"--mode", "warn", Source::environment};
  EXPECT_THAT(options.settings, ::testing::Contains(mode));
}

TEST(OptionTable, RefusesAnEnvironmentThatMakesNoSense) {
  Options options;
  const auto asked = parse(options, {"s", "d"}, {{"RELEASE_GATE_MODE", "lax"}});
  ASSERT_FALSE(asked);
  EXPECT_THAT(asked.error().message, HasSubstr("RELEASE_GATE_MODE: --mode: \"lax\""));
}

TEST(OptionTable, HelpNeedsNothingElse) {
  Options options;
  const auto asked = parse(options, {"--help"});
  ASSERT_TRUE(asked);
  EXPECT_EQ(*asked, OptionTable::Asked::help);
}

TEST(OptionTable, PrintsTheRowsItParses) {
  Options options;
  OptionTable table;
  declare(table, options);
  const std::string help = table.help("schema-validate");
  EXPECT_THAT(help, HasSubstr("usage: schema-validate [options] SCHEMA DOCUMENT...\n"));
  EXPECT_THAT(help, HasSubstr("--mode strict|warn"));
  EXPECT_THAT(help, HasSubstr("--max-errors N"));
}

TEST(EnvironmentName, FollowsTheOption) {
  EXPECT_EQ(environment_name("--max-errors"), "RELEASE_GATE_MAX_ERRORS");
}

}  // namespace
}  // namespace gate::cli
