#include "gate/policy/exemption_rules.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/policy/exemption_builder.h"

namespace gate::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Date kToday = day("2026-11-20");

ExemptionRegister register_of(std::vector<ExemptionRecord> records) {
  return {"exemptions.toml", std::move(records), {}};
}

std::vector<Standing> standings_of(const CheckedRegister& checked) {
  std::vector<Standing> standings;
  for (const CheckedExemption& record : checked.records) standings.push_back(record.standing);
  return standings;
}

// "severity rule subject line: message" of each finding.
std::vector<std::string> lines_of(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& f : findings) {
    lines.push_back(std::string{name_of(f.severity)} + " " + f.rule + " " + f.subject + " " +
                    std::to_string(f.location.line) + ": " + f.message);
  }
  return lines;
}

ExemptionRecord expiring_on(std::string id, std::string_view expires, std::size_t line = 10) {
  ExemptionRecord record = good_record(std::move(id), line);
  record.exemption.expires = day(expires);
  record.exemption.scope.paths = {"data/" + record.exemption.id};
  return record;
}

TEST(CheckRegister, CountsTheLastDayIn) {
  const struct {
    const char* name;
    const char* expires;
    Standing standing;
    int days_left;
    const char* finding;
  } rows[] = {
      {"far away", "2026-12-05", Standing::in_force, 15, nullptr},
      {"two weeks", "2026-12-04", Standing::expiring, 14,
       "warning exemption.expiring E 10: expires on 2026-12-04, owner @platform: 14 days left"},
      {"tomorrow", "2026-11-21", Standing::expiring, 1,
       "warning exemption.expiring E 10: expires on 2026-11-21, owner @platform: 1 day left"},
      {"today", "2026-11-20", Standing::expiring, 0,
       "warning exemption.expiring E 10: expires on 2026-11-20, owner @platform: today is its last day"},
      {"yesterday", "2026-11-19", Standing::expired, -1,
       "warning exemption.expired E 10: expired on 2026-11-19, owner @platform: it exempts nothing"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const CheckedRegister checked = check_register(register_of({expiring_on("E", row.expires)}), {}, kToday);
    ASSERT_THAT(checked.records, SizeIs(1));
    EXPECT_EQ(checked.records[0].standing, row.standing);
    EXPECT_EQ(checked.records[0].days_left, row.days_left);
    const std::vector<std::string> expected =
        row.finding == nullptr ? std::vector<std::string>{} : std::vector<std::string>{row.finding};
    EXPECT_EQ(lines_of(checked.findings), expected);
    EXPECT_EQ(exemptions_of(checked).in_force.empty(), row.days_left < 0);
  }
}

TEST(CheckRegister, GivesJudgeTheRecordsInForceAndTheFaults) {
  ExemptionRecord invalid = good_record("INVALID", 40);
  invalid.exemption.approver = invalid.exemption.owner;
  const CheckedRegister checked =
      check_register(register_of({expiring_on("OLD", "2026-11-19"), expiring_on("SOON", "2026-11-21", 20),
                                  expiring_on("GOOD", "2026-12-31", 30), invalid}),
                     {}, kToday);
  EXPECT_THAT(standings_of(checked),
              ElementsAre(Standing::expired, Standing::expiring, Standing::in_force, Standing::invalid));
  const Exemptions exemptions = exemptions_of(checked);
  ASSERT_THAT(exemptions.in_force, SizeIs(2));
  EXPECT_EQ(exemptions.in_force[0].id, "SOON");
  EXPECT_EQ(exemptions.in_force[1].id, "GOOD");
  EXPECT_THAT(
      lines_of(exemptions.faults),
      ElementsAre(
          "warning exemption.expired OLD 10: expired on 2026-11-19, owner @platform: it exempts nothing",
          "error exemption.invalid INVALID 47: approver: \"@platform\" is the owner too: nobody approves "
          "their own exemption"));
}

TEST(CheckRegister, NeverLetsOneFaultHideAnother) {
  ExemptionRecord first = good_record("A", 10);
  first.exemption.reason = "TODO";
  first.exemption.expires = day("2027-12-31");
  first.faults = {{"expiers", "unknown key \"expiers\"", {"exemptions.toml", 12, 1, ""}}};
  ExemptionRecord second = good_record("", 30);
  second.fields.erase("id");
  second.exemption.scope.paths = {"**"};
  const CheckedRegister checked = check_register(register_of({first, second}), {}, kToday);
  EXPECT_THAT(lines_of(checked.findings),
              ElementsAre("error exemption.invalid A 12: unknown key \"expiers\"",
                          "error exemption.invalid A 14: reason: \"TODO\" is a placeholder: say why this may "
                          "pass and what will "
                          "end it",
                          "error exemption.invalid A 19: expires: lives 426 days, the policy allows 90: at "
                          "the latest 2027-01-29",
                          "error exemption.invalid (record without id) 30: id is missing",
                          "error exemption.invalid (record without id) 30: scope.paths: \"**\" covers "
                          "everything: name what is "
                          "exempted"));
  EXPECT_THAT(exemptions_of(checked).in_force, IsEmpty());
}

TEST(CheckRegister, LetsTheFirstKeepAnId) {
  const CheckedRegister checked = check_register(
      register_of({good_record("A", 10), good_record("A", 30), good_record("A", 50)}), {}, kToday);
  EXPECT_THAT(standings_of(checked), ElementsAre(Standing::in_force, Standing::invalid, Standing::invalid));
  EXPECT_THAT(lines_of(checked.findings),
              ElementsAre("error exemption.invalid A 31: id: taken by the record in line 11",
                          "error exemption.invalid A 51: id: taken by the record in line 11"));
}

TEST(CheckRegister, RefusesTheLaterOfTwoExpiries) {
  ExemptionRecord later = good_record("LATER", 10);
  ExemptionRecord sooner = good_record("SOONER", 30);
  sooner.exemption.expires = day("2026-12-30");
  const CheckedRegister checked = check_register(register_of({later, sooner}), {}, kToday);
  EXPECT_THAT(standings_of(checked), ElementsAre(Standing::invalid, Standing::in_force));
  EXPECT_THAT(
      lines_of(checked.findings),
      ElementsAre(
          "error exemption.invalid LATER 13: overlaps SOONER in line 30, which ends on 2026-12-30: one "
          "finding, one expiry"));
}

TEST(CheckRegister, LetsANewRecordFollowAnExpiredOrInvalidOne) {
  ExemptionRecord expired = good_record("OLD", 10);
  expired.exemption.expires = day("2026-11-19");
  ExemptionRecord invalid = good_record("BAD", 30);
  invalid.exemption.expires = day("2026-11-30");
  invalid.exemption.reason = "TODO";
  const CheckedRegister checked =
      check_register(register_of({expired, invalid, good_record("NEW", 50)}), {}, kToday);
  EXPECT_THAT(standings_of(checked), ElementsAre(Standing::expired, Standing::invalid, Standing::in_force));
}

TEST(CheckRegister, CallsARecordThatIsBothInvalidAndExpiredInvalid) {
  ExemptionRecord record = expiring_on("A", "2026-11-19");
  record.exemption.reason = "TODO";
  const CheckedRegister checked = check_register(register_of({record}), {}, kToday);
  EXPECT_THAT(standings_of(checked), ElementsAre(Standing::invalid));
  EXPECT_THAT(checked.findings, SizeIs(1));
}

TEST(CheckRegister, BlamesTheFileForWhatNoRecordHolds) {
  ExemptionRegister reg = register_of({good_record("A")});
  reg.faults = {{"exemptoin", "unknown key \"exemptoin\"", {"exemptions.toml", 2, 1, ""}}};
  const CheckedRegister checked = check_register(reg, {}, kToday);
  EXPECT_THAT(lines_of(checked.findings),
              ElementsAre("error exemption.invalid exemptions.toml 2: unknown key \"exemptoin\""));
  EXPECT_THAT(standings_of(checked), ElementsAre(Standing::in_force));
}

TEST(CheckRegister, SaysWhenItCouldNotCompareEverything) {
  std::vector<ExemptionRecord> records;
  for (int i = 0; i < 300; ++i) {
    ExemptionRecord record = good_record("E" + std::to_string(i));
    std::string glob = "*";
    for (int j = 0; j < 250; ++j) glob += "a*";
    record.exemption.scope.paths = {glob + std::to_string(i)};
    if (i % 2 == 0) record.exemption.expires = day("2026-12-30");
    records.push_back(record);
  }
  const CheckedRegister checked = check_register(register_of(records), {}, kToday);
  ASSERT_THAT(checked.findings, SizeIs(1));
  EXPECT_EQ(checked.findings[0].rule, "exemption.overlap");
  EXPECT_EQ(checked.findings[0].reason, Reason::budget);
}

}  // namespace
}  // namespace gate::policy
