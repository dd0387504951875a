#include "gate/load/exemptions_toml.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::load {
namespace {

using policy::ExemptionRecord;
using policy::ExemptionRegister;
using testing::ElementsAre;
using testing::IsEmpty;

ExemptionRegister parsed(std::string_view text) {
  auto reg = parse_exemptions(text, "exemptions.toml");
  EXPECT_TRUE(reg.has_value()) << reg.error().message;
  return reg ? std::move(*reg) : ExemptionRegister{};
}

// "line:column: message" of every fault of the record.
std::vector<std::string> faults_of(const ExemptionRecord& record) {
  std::vector<std::string> faults;
  for (const policy::RecordFault& fault : record.faults) {
    EXPECT_EQ(fault.where.file, "exemptions.toml");
    faults.push_back(std::to_string(fault.where.line) + ":" + std::to_string(fault.where.column) + ": " +
                     fault.message);
  }
  return faults;
}

constexpr std::string_view kWhole = R"(version = 1

[[exemption]]
id = "EX-7"
rule = "schema.required"
scope = { paths = ["data/**/*.json"], tests = ["a::b"], fingerprints = ["0123456789abcdef"] }
reason = "the field arrives with version 3"
ticket = "OPS-12"
owner = "@platform"
approver = "@security"
created = 2026-11-01
expires = "2026-12-01"
max_findings = 5
)";

TEST(ParseExemptions, ReadsARecordWithThePlaceOfEveryField) {
  const ExemptionRegister reg = parsed(kWhole);
  EXPECT_EQ(reg.path, "exemptions.toml");
  ASSERT_EQ(reg.records.size(), 1U);
  const ExemptionRecord& record = reg.records.front();
  policy::Exemption expected;
  expected.id = "EX-7";
  expected.rule = "schema.required";
  expected.scope = {{"data/**/*.json"}, {"a::b"}, {"0123456789abcdef"}};
  expected.reason = "the field arrives with version 3";
  expected.ticket = "OPS-12";
  expected.owner = "@platform";
  expected.approver = "@security";
  expected.created = *parse_date("2026-11-01");
  expected.expires = *parse_date("2026-12-01");
  expected.max_findings = 5;
  expected.where = {"exemptions.toml", 3, 1, ""};
  EXPECT_EQ(record.exemption, expected);
  EXPECT_THAT(record.faults, IsEmpty());
  EXPECT_EQ(record.fields.at("expires"), (policy::Location{"exemptions.toml", 12, 11, ""}));
  EXPECT_EQ(record.fields.at("scope.tests"), (policy::Location{"exemptions.toml", 6, 47, ""}));
  EXPECT_EQ(record.fields.size(), 13U);
}

TEST(ParseExemptions, TakesTheFaultsOfARecordAsItsOwn) {
  const ExemptionRegister reg = parsed(R"(version = 1
[[exemption]]
id = "A"
expiers = 2026-12-01
expires = "2026-02-30"
created = 2026-11-01T00:00:00Z
reason = 1
max_findings = -1
[exemption.scope]
path = ["x"]
tests = "a"
fingerprints = ["a", 1]
[[exemption]]
id = ""
rule = 'b'
[[exemption]]
id = "C"
scope = "everything"
)");
  ASSERT_EQ(reg.records.size(), 3U);
  EXPECT_THAT(faults_of(reg.records[0]),
              ElementsAre("11:9: tests: expected an array of strings, found a string",
                          "12:22: fingerprints: expected a string, found an integer",
                          "10:1: unknown key \"path\" (did you mean \"paths\"?)",
                          "7:10: reason: expected a string, found an integer",
                          "6:11: created: expected a date such as 2026-11-20, found a time",
                          "5:11: expires: \"2026-02-30\" is not a date such as 2026-11-20",
                          "8:16: max_findings: -1 is below 0",
                          "4:1: unknown key \"expiers\" (did you mean \"expires\"?)"));
  EXPECT_THAT(faults_of(reg.records[1]), ElementsAre("14:6: id: must not be empty"));
  EXPECT_EQ(reg.records[1].exemption.rule, "b");
  EXPECT_THAT(faults_of(reg.records[2]), ElementsAre("18:9: scope: expected a table, found a string"));
}

TEST(ParseExemptions, KeepsTheRecordsBesideAnUnknownKeyOfTheFile) {
  const ExemptionRegister reg = parsed("version = 1\nexemptoin = []\n[[exemption]]\nid = 'A'\n");
  ASSERT_EQ(reg.faults.size(), 1U);
  EXPECT_EQ(reg.faults[0].message, "unknown key \"exemptoin\" (did you mean \"exemption\"?)");
  EXPECT_EQ(reg.faults[0].where, (policy::Location{"exemptions.toml", 2, 1, ""}));
  EXPECT_EQ(reg.records.size(), 1U);
}

TEST(ParseExemptions, AcceptsAnEmptyRegister) {
  EXPECT_THAT(parsed("version = 1\n").records, IsEmpty());
  EXPECT_THAT(parsed("version = 1\nexemption = []\n").records, IsEmpty());
}

TEST(ParseExemptions, RefusesAFileThatIsNoRegister) {
  const struct {
    const char* name;
    std::string text;
    const char* error;
  } rows[] = {
      {"an empty file", "", "exemptions.toml:1:1: version is missing: write version = 1"},
      {"another version", "version = 2\n",
       "exemptions.toml:1:11: version: 2 is unknown here, only 1 is known"},
      {"one table", "version = 1\n[exemption]\nid = 'A'\n",
       "exemptions.toml:2:1: exemption: expected an array, found a table"},
      {"a list of strings", "version = 1\nexemption = ['A']\n",
       "exemptions.toml:2:14: exemption: expected a table, found a string"},
      {"no TOML", "version = 1\n[[exemption]]\nid = A\n", "exemptions.toml:3:6: "},
      {"a date that does not exist", "version = 1\n[[exemption]]\nexpires = 2026-02-30\n",
       "exemptions.toml:3:"},
      {"a key twice", "version = 1\n[[exemption]]\nid = 'A'\nid = 'B'\n",
       "exemptions.toml:4:6: cannot redefine existing string 'id'"},
      {"over a megabyte", std::string(1'048'577, '\n'), "exemptions.toml: longer than 1,048,576 bytes"},
      {"a merge conflict", "version = 1\n<<<<<<< HEAD\n", "exemptions.toml:2:1: "},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto reg = parse_exemptions(row.text, "exemptions.toml");
    ASSERT_FALSE(reg.has_value());
    EXPECT_EQ(reg.error().code, ErrorCode::malformed);
    EXPECT_EQ(reg.error().message.rfind(row.error, 0), 0U) << reg.error().message;
  }
}

}  // namespace
}  // namespace gate::load
