#include "exemptions/run.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace exemptions {
namespace {

using gate::test::World;
using testing::HasSubstr;
using testing::Not;

std::string record(const std::string& id, const std::string& expires,
                   const std::string& approver = "@security") {
  return "[[exemption]]\nid = \"" + id + "\"\nrule = \"schema.required\"\nscope = { paths = [\"data/" + id +
         ".json\"] }\nreason = \"the field arrives with version 3\"\nticket = \"OPS-12\"\nowner = "
         "\"@platform\"\n"
         "approver = \"" +
         approver + "\"\ncreated = 2026-11-01\nexpires = " + expires + "\n";
}

const std::string kGood = "version = 1\n" + record("EX-1", "2026-12-31");

std::vector<std::string> on_20_november(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--as-of", "2026-11-20"});
  return arguments;
}

TEST(ExemptionReport, ExitsByWhatItFinds) {
  const struct {
    const char* name;
    std::string text;
    std::vector<std::string> arguments;
    int exit_code;
    const char* words;
  } rows[] = {
      {"a good register", kGood, {}, 0, "passed"},
      {"an empty one", "version = 1\n", {}, 0, "passed"},
      {"an expired record", "version = 1\n" + record("EX-1", "2026-11-19"), {}, 0, "expired on 2026-11-19"},
      {"an expired record, denied",
       "version = 1\n" + record("EX-1", "2026-11-19"),
       {"--deny", "warned"},
       1,
       "failed"},
      {"an expiring record", "version = 1\n" + record("EX-1", "2026-11-20"), {}, 0, "today is its last day"},
      {"an invalid record",
       "version = 1\n" + record("EX-1", "2026-12-31", "@platform"),
       {},
       1,
       "exemptions.toml:9:12: error[exemption.invalid]"},
      {"an invalid record in warn mode",
       "version = 1\n" + record("EX-1", "2026-12-31", "@platform"),
       {"--mode", "warn"},
       0,
       "warned"},
      {"no TOML", "version = \n", {}, 2, "exemptions.toml:1:11: "},
      {"an unknown option", kGood, {"--report-s", "x"}, 2, "did you mean"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    World world;
    world.files.add("exemptions.toml", row.text);
    EXPECT_EQ(world.run(kTool, on_20_november(row.arguments)), row.exit_code);
    EXPECT_THAT(world.out.str() + world.err.str(), HasSubstr(row.words));
  }
}

TEST(ExemptionReport, FindsTheRegister) {
  World world;
  EXPECT_EQ(world.run(kTool, on_20_november({})), 2);
  EXPECT_THAT(world.err.str(), HasSubstr("exemptions.toml"));
  world.files.add("gate.toml", "version = 1\n[exemptions]\nregister = \"ci/waived.toml\"\nmax_days = 20\n");
  world.files.add("ci/waived.toml", kGood);
  EXPECT_EQ(world.run(kTool, on_20_november({})), 1);
  EXPECT_THAT(world.out.str(), HasSubstr("lives 61 days, the policy allows 20"));
  world.files.add("other.toml", "version = 1\n");
  EXPECT_EQ(world.run(kTool, on_20_november({"other.toml"})), 0);
  EXPECT_EQ(world.run(kTool, on_20_november({"--exemptions", "other.toml"})), 0);
}

TEST(ExemptionReport, CannotBeQuietedByTheRegisterItself) {
  World world;
  const std::string greedy =
      "[[exemption]]\nid = \"EX-9\"\nrule = \"exemption.invalid\"\nscope = { paths = [\"EX-1\", "
      "\"exemptions.toml\"] }\n"
      "reason = \"we would rather not know about it\"\nticket = \"OPS-1\"\nowner = \"@apps\"\napprover = "
      "\"@base\"\n"
      "created = 2026-11-01\nexpires = 2026-12-01\n";
  world.files.add("exemptions.toml", "version = 1\n" + record("EX-1", "2026-12-31", "@platform") + greedy);
  EXPECT_EQ(world.run(kTool, on_20_november({})), 1);
  EXPECT_THAT(world.out.str(), HasSubstr("2 findings, 0 exempted"));
}

TEST(ExemptionReport, ShowsRecordsByRuleAndByOwner) {
  World world;
  world.files.add("exemptions.toml", "version = 1\n" + record("LATER", "2026-12-31") +
                                         record("SOON", "2026-11-25") + record("GONE", "2026-11-10") +
                                         record("BAD", "2026-12-01", "@platform"));
  EXPECT_EQ(world.run(kTool, on_20_november({"--mode", "warn"})), 0);
  const std::string text = world.out.str();
  EXPECT_THAT(text, HasSubstr("exemptions: in force 1, expiring 1, expired 1, invalid 1"));
  EXPECT_THAT(text, HasSubstr("by rule"));
  EXPECT_THAT(text, HasSubstr("by owner"));
  EXPECT_THAT(text, HasSubstr("@platform"));
  EXPECT_LT(text.find("BAD"), text.find("GONE"));
  EXPECT_LT(text.find("GONE"), text.find("SOON"));
  EXPECT_LT(text.find("SOON"), text.find("LATER"));
}

TEST(ExemptionReport, WritesABaselineThatHoldsTheNextRun) {
  World world;
  world.files.add("exemptions.toml", kGood);
  EXPECT_EQ(world.run(kTool, on_20_november({"--report", "base.json"})), 0);
  EXPECT_EQ(world.run(kTool, on_20_november({"--baseline", "base.json"})), 0);
  world.files.add("exemptions.toml", kGood + record("EX-2", "2026-12-31"));
  EXPECT_EQ(world.run(kTool, on_20_november({"--baseline", "base.json"})), 1);
  EXPECT_THAT(world.out.str(), HasSubstr("records in force: 2, the baseline has 1: counts may only fall"));
}

TEST(ExemptionReport, PrintsEveryFormat) {
  for (const char* format : {"text", "json", "markdown", "github", "junit", "sarif"}) {
    SCOPED_TRACE(format);
    World world;
    world.files.add("exemptions.toml", "version = 1\n" + record("EX-1", "2026-12-31", "@platform"));
    EXPECT_EQ(world.run(kTool, on_20_november({"--format", format})), 1);
    EXPECT_THAT(world.out.str(), HasSubstr("EX-1"));
    EXPECT_THAT(world.err.str(), Not(HasSubstr("error")));
  }
}

}  // namespace
}  // namespace exemptions
