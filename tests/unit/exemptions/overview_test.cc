#include "exemptions/overview.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/policy/exemption_builder.h"

namespace exemptions {
namespace {

using gate::Value;
using gate::policy::CheckedExemption;
using gate::policy::CheckedRegister;
using gate::policy::ExemptionUsage;
using gate::policy::Standing;
using testing::ElementsAre;

CheckedExemption checked(std::string id, Standing standing, std::string_view expires) {
  CheckedExemption record;
  record.exemption = gate::policy::good_exemption(std::move(id));
  record.exemption.expires = gate::policy::day(expires);
  record.standing = standing;
  return record;
}

TEST(Records, PutsWhatNeedsSomebodyFirst) {
  const CheckedRegister reg{{checked("later", Standing::in_force, "2026-12-31"),
                             checked("sooner", Standing::in_force, "2026-12-30"),
                             checked("expiring", Standing::expiring, "2026-11-21"),
                             checked("expired", Standing::expired, "2026-11-01"),
                             checked("invalid", Standing::invalid, "2027-11-01")},
                            {}};
  std::vector<std::string> ids;
  const Value rows = records(reg, {});
  for (const Value& row : *rows.as_array()) ids.push_back(*row.find("id")->as_string());
  EXPECT_THAT(ids, ElementsAre("invalid", "expired", "expiring", "sooner", "later"));
}

TEST(Records, SaysOnlyWhatIsKnown) {
  CheckedRegister reg{
      {checked("A", Standing::in_force, "2026-12-31"), checked("B", Standing::expired, "2026-11-01")}, {}};
  ExemptionUsage usage;
  EXPECT_TRUE((*records(reg, usage).as_array())[1].find("exempted")->is_null()) << "no report, no number";
  usage.reports = 1;
  usage.by_exemption["A"] = 3;
  const Value rows = records(reg, usage);
  EXPECT_TRUE((*rows.as_array())[0].find("exempted")->is_null()) << "an expired one can take nothing";
  EXPECT_EQ(*(*rows.as_array())[1].find("exempted"), Value{3});
  reg.records[0].exemption.expires = {};
  reg.records[0].standing = Standing::invalid;
  const Value undated = records(reg, usage);
  EXPECT_TRUE((*undated.as_array())[0].find("expires")->is_null());
  EXPECT_TRUE((*undated.as_array())[0].find("days_left")->is_null());
}

TEST(Records, HasEveryFieldOfTheRecord) {
  CheckedRegister reg{{checked("A", Standing::expiring, "2026-12-01")}, {}};
  reg.records[0].days_left = 11;
  reg.records[0].exemption.where.line = 7;
  reg.records[0].exemption.scope.tests = {"unit::*"};
  const Value expected =
      Value::object({{"id", "A"},
                     {"standing", "expiring"},
                     {"rule", "schema.required"},
                     {"owner", "@platform"},
                     {"expires", "2026-12-01"},
                     {"days_left", 11},
                     {"exempted", Value{}},
                     {"ticket", "OPS-12"},
                     {"approver", "@security"},
                     {"created", "2026-11-01"},
                     {"reason", "the field arrives with version 3 of the feed"},
                     {"scope", Value::object({{"paths", Value::array().push("data/a.json")},
                                              {"tests", Value::array().push("unit::*")}})},
                     {"line", 7}});
  EXPECT_EQ((*records(reg, {}).as_array())[0], expected);
}

TEST(ByOwner, CountsTheRecordsOfEach) {
  CheckedRegister reg{
      {checked("A", Standing::in_force, "2026-12-31"), checked("B", Standing::expired, "2026-11-01")}, {}};
  reg.records[1].exemption.owner = "@data";
  ExemptionUsage usage;
  usage.reports = 1;
  usage.by_exemption["A"] = 2;
  const Value expected = Value::array()
                             .push(Value::object({{"owner", "@data"},
                                                  {"in_force", 0},
                                                  {"expiring", 0},
                                                  {"expired", 1},
                                                  {"invalid", 0},
                                                  {"exempted", 0}}))
                             .push(Value::object({{"owner", "@platform"},
                                                  {"in_force", 1},
                                                  {"expiring", 0},
                                                  {"expired", 0},
                                                  {"invalid", 0},
                                                  {"exempted", 2}}));
  EXPECT_EQ(by_owner(reg, usage), expected);
}

}  // namespace
}  // namespace exemptions
