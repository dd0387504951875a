#include "gate/policy/exemption_record.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/policy/exemption_builder.h"

namespace gate::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Date kToday = day("2026-11-20");

std::vector<std::string> messages_of(const ExemptionRecord& record, const ExemptionRules& rules = {}) {
  std::vector<std::string> messages;
  for (const RecordFault& fault : find_record_faults(record, rules, kToday))
    messages.push_back(fault.message);
  return messages;
}

TEST(FindRecordFaults, FindsNoneInAGoodRecord) {
  EXPECT_THAT(messages_of(good_record("EX-1")), IsEmpty());
}

TEST(FindRecordFaults, NamesWhatIsWrong) {
  const struct {
    const char* name;
    std::function<void(Exemption&)> spoil;
    const char* fault;
  } rows[] = {
      {"an id with a space", [](Exemption& e) { e.id = "EX 1"; },
       "id: not at most 100 ASCII characters without spaces, such as EX-7"},
      {"an id with an escape", [](Exemption& e) { e.id = "EX\x1b[31m"; },
       "id: not at most 100 ASCII characters without spaces, such as EX-7"},
      {"any rule", [](Exemption& e) { e.rule = "*"; },
       "rule: \"*\" covers rules of every kind: name one, or a family such as \"schema.*\""},
      {"any family", [](Exemption& e) { e.rule = "sche*.required"; },
       "rule: \"sche*.required\" covers rules of every kind: name one, or a family such as \"schema.*\""},
      {"a rule about the register", [](Exemption& e) { e.rule = "exemption.invalid"; },
       "rule: missing or broken evidence and what the gate says about itself cannot be exempted"},
      {"a rule about the gate", [](Exemption& e) { e.rule = "gate.*"; },
       "rule: missing or broken evidence and what the gate says about itself cannot be exempted"},
      {"a rule about missing inputs", [](Exemption& e) { e.rule = "inputs.*"; },
       "rule: missing or broken evidence and what the gate says about itself cannot be exempted"},
      {"a rule about broken evidence", [](Exemption& e) { e.rule = "tests.malformed_report"; },
       "rule: missing or broken evidence and what the gate says about itself cannot be exempted"},
      {"no rule id", [](Exemption& e) { e.rule = "schema required"; },
       "rule: not a rule id such as schema.required"},
      {"no scope", [](Exemption& e) { e.scope = {}; },
       "scope: needs paths, tests or fingerprints: an exemption of everything is none"},
      {"everything", [](Exemption& e) { e.scope.paths = {"**"}; },
       "scope.paths: \"**\" covers everything: name what is exempted"},
      {"everything, in other words", [](Exemption& e) { e.scope.paths = {"**/*.*"}; },
       "scope.paths: \"**/*.*\" covers everything: name what is exempted"},
      {"everything beside something",
       [](Exemption& e) {
         e.scope.paths = {"data/a.json", "**/**"};
       },
       "scope.paths: \"**/**\" covers everything: name what is exempted"},
      {"every test", [](Exemption& e) { e.scope.tests = {"*::*"}; },
       "scope.tests: \"*::*\" covers everything: name what is exempted"},
      {"an empty path", [](Exemption& e) { e.scope.paths = {""}; },
       "scope.paths: \"\" covers everything: name what is exempted"},
      {"an absolute path", [](Exemption& e) { e.scope.paths = {"/data/a.json"}; },
       "scope.paths: \"/data/a.json\" is not relative to the repository's root, and matches nothing"},
      {"a path that climbs", [](Exemption& e) { e.scope.paths = {"data/../a.json"}; },
       "scope.paths: \"data/../a.json\" is not relative to the repository's root, and matches nothing"},
      {"a path from here", [](Exemption& e) { e.scope.paths = {"./a.json"}; },
       "scope.paths: \"./a.json\" is not relative to the repository's root, and matches nothing"},
      {"a long pattern", [](Exemption& e) { e.scope.paths = {std::string(513, 'x')}; },
       "scope.paths: pattern longer than 512 bytes"},
      {"a long list", [](Exemption& e) { e.scope.paths = std::vector<std::string>(101, "a"); },
       "scope: lists more than 100 entries"},
      {"half a fingerprint", [](Exemption& e) { e.scope.fingerprints = {"01234567"}; },
       "scope.fingerprints: \"01234567\" is not 16 lower-case hex digits"},
      {"a fingerprint in capitals", [](Exemption& e) { e.scope.fingerprints = {"0123456789ABCDEF"}; },
       "scope.fingerprints: \"0123456789ABCDEF\" is not 16 lower-case hex digits"},
      {"a placeholder", [](Exemption& e) { e.reason = "TODO: write it down"; },
       "reason: \"TODO: write it down\" is a placeholder: say why this may pass and what will end it"},
      {"no ticket", [](Exemption& e) { e.ticket = "later"; },
       "ticket: \"later\" is no ticket such as OPS-12, #34 or an address"},
      {"the owner approves", [](Exemption& e) { e.approver = "@platform"; },
       "approver: \"@platform\" is the owner too: nobody approves their own exemption"},
      {"the owner approves, in other letters", [](Exemption& e) { e.approver = " Platform "; },
       "approver: \" Platform \" is the owner too: nobody approves their own exemption"},
      {"an approver in letters that look alike", [](Exemption& e) { e.approver = "pl\u0430tform"; },
       "approver: \"pl\u0430tform\" is no handle or name: at least two ASCII letters or digits, with single "
       "spaces and . _ - + @ /, and no placeholder"},
      {"an owner that is a placeholder", [](Exemption& e) { e.owner = "TODO"; },
       "owner: \"TODO\" is no handle or name: at least two ASCII letters or digits, with single "
       "spaces and . _ - + @ /, and no placeholder"},
      {"created tomorrow", [](Exemption& e) { e.created = day("2026-11-21"); },
       "created: 2026-11-21 is in the future"},
      {"ended before it began", [](Exemption& e) { e.expires = day("2026-10-31"); },
       "expires: 2026-10-31 is before it was created"},
      {"a day too long", [](Exemption& e) { e.expires = day("2027-01-30"); },
       "expires: lives 91 days, the policy allows 90: at the latest 2027-01-29"},
      {"for nothing", [](Exemption& e) { e.max_findings = 0; },
       "max_findings: 0 exempts nothing: remove the record"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Exemption exemption = good_exemption("EX-1");
    row.spoil(exemption);
    EXPECT_THAT(messages_of(record_of(exemption)), ElementsAre(row.fault));
  }
}

TEST(FindRecordFaults, AllowsWhatIsJustWithinTheRules) {
  const struct {
    const char* name;
    std::function<void(Exemption&)> change;
  } rows[] = {
      {"created today", [](Exemption& e) { e.created = kToday; }},
      {"the longest life", [](Exemption& e) { e.expires = day("2027-01-29"); }},
      {"a single day", [](Exemption& e) { e.expires = e.created; }},
      {"a family of rules", [](Exemption& e) { e.rule = "schema.*"; }},
      {"a family with rules about broken evidence", [](Exemption& e) { e.rule = "tests.*"; }},
      {"every file of a kind", [](Exemption& e) { e.scope.paths = {"**/*.json"}; }},
      {"a name in another script", [](Exemption& e) { e.scope.paths = {"données/*"}; }},
      {"a hidden folder", [](Exemption& e) { e.scope.paths = {".github/x.yml"}; }},
      {"a hundred entries", [](Exemption& e) { e.scope.paths = std::vector<std::string>(100, "a"); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Exemption exemption = good_exemption("EX-1");
    row.change(exemption);
    EXPECT_THAT(messages_of(record_of(exemption)), IsEmpty());
  }
}

TEST(FindRecordFaults, ShortensTheLifeOfHighSeverityRules) {
  ExemptionRules rules;
  rules.high_severity = {"schema.*"};
  Exemption exemption = good_exemption("EX-1");
  exemption.expires = day("2026-12-01");
  EXPECT_THAT(messages_of(record_of(exemption), rules),
              ElementsAre("expires: lives 31 days, the policy allows 30: at the latest 2026-11-30"));
  exemption.rule = "*.required";
  rules.allow_any_rule = true;
  EXPECT_THAT(messages_of(record_of(exemption), rules), testing::SizeIs(1))
      << "a glob that covers such a rule";
  exemption.rule = "tests.flaky";
  EXPECT_THAT(messages_of(record_of(exemption), rules), IsEmpty());
  rules.max_days = 20;
  EXPECT_EQ(longest_life_days(rules, "schema.type"), 20) << "never longer than the usual life";
}

TEST(FindRecordFaults, NeedsTheFieldsThePolicyNames) {
  ExemptionRecord bare;
  bare.exemption.where = {"exemptions.toml", 3, 1, ""};
  ExemptionRules rules;
  EXPECT_THAT(messages_of(bare, rules),
              ElementsAre("id is missing", "rule is missing", "scope is missing", "created is missing",
                          "expires is missing", "reason is missing", "ticket is missing", "owner is missing",
                          "approver is missing"));
  EXPECT_EQ(find_record_faults(bare, rules, kToday).front().where.line, 3U);
  rules.required_fields = {"owner"};
  EXPECT_THAT(messages_of(bare, rules),
              ElementsAre("id is missing", "rule is missing", "scope is missing", "created is missing",
                          "expires is missing", "owner is missing"));
}

TEST(FindRecordFaults, SaysNothingAgainAboutAFieldThatCouldNotBeRead) {
  ExemptionRecord record = good_record("EX-1");
  record.fields.erase("expires");
  record.faults = {{"expires", "expires: not a date", {}}};
  record.fields.erase("scope");
  record.faults.push_back({"scope.paths", "paths: not a list", {}});
  record.exemption.scope = {};
  EXPECT_THAT(messages_of(record), IsEmpty());
}

TEST(FindRecordFaults, AllowsAnyRuleWhereThePolicyDoes) {
  ExemptionRules rules;
  rules.allow_any_rule = true;
  Exemption exemption = good_exemption("EX-1");
  exemption.rule = "*";
  EXPECT_THAT(messages_of(record_of(exemption), rules), IsEmpty());
}

TEST(FindRecordFaults, PointsAtTheField) {
  Exemption exemption = good_exemption("EX-1");
  exemption.expires = day("2027-12-01");
  const auto faults = find_record_faults(record_of(exemption, 20), {}, kToday);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].where, (Location{"exemptions.toml", 29, 5, ""}));
  EXPECT_EQ(faults[0].field, "expires");
}

TEST(IsPlaceholder, KnowsReasonsFromFillers) {
  const struct {
    const char* text;
    bool placeholder;
  } rows[] = {
      {"", true},
      {"TODO", true},
      {"todo: fill this in later", true},
      {"TBD (ask the team)", true},
      {"FIXME before the release", true},
      {"n/a for this project", true},
      {"xxx xxx xxx xxx", true},
      {"Lorem ipsum dolor sit amet", true},
      {"To be determined", true},
      {"..........", true},
      {"temporarily", true},
      {"short one", true},
      {"aaaaaaaaa a", true},
      {"aaaa aaaa bbbb", true},
      {"temporarily accepted", true},
      {"\u200B\u200B\u200B\u200B\u200B\u200B\u200B\u200B\u200B\u200B", true},
      {"\u0430\u0430\u0430\u0430\u0430\u0430\u0430\u0430\u0430 \u0430", true},
      {"until version 3", false},
      {"flaky on CI until the runner is replaced", false},
      {"Todorov's parser rewrite lands in January", false},
      {"供应商的字段将在第三版中出现", false},
      {"   the feed is fixed in 3.1   ", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_placeholder(row.text), row.placeholder) << row.text;
}

TEST(IsPerson, KnowsHandlesAndNames) {
  const struct {
    const char* text;
    bool person;
  } rows[] = {
      {"me", true},
      {"@platform", true},
      {"@octo/team-a", true},
      {"release.manager+gate@shop.example", true},
      {"Release Manager", true},
      {"todorov", true},
      {"", false},
      {"-", false},
      {"a", false},
      {"@a", false},
      {"TODO", false},
      {"@tbd", false},
      {"n/a", false},
      {"to be determined", false},
      {"me, you", false},
      {"me & you", false},
      {"two  spaces", false},
      {" me", false},
      {"me ", false},
      {"m\u0435", false},
      {"me\u200B", false},
      {"\u200B", false},
      {"Jan\u00E9", false},
      {"JAN\u00C9", false},
      {"me\n", false},
      {"<me>", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_person(row.text), row.person) << row.text;
}

TEST(IsTicket, KnowsTheUsualForms) {
  const struct {
    const char* text;
    bool ticket;
  } rows[] = {
      {"OPS-12", true},      {"AB2_C-7", true},
      {"#34", true},         {"owner/repo#34", true},
      {"GH-9", true},        {"https://tracker.example/browse/OPS-12", true},
      {"", false},           {"TBD", false},
      {"OPS", false},        {"OPS-", false},
      {"OPS-1a", false},     {"ops-12", false},
      {"-12", false},        {"#", false},
      {"see OPS-12", false}, {"https://", false},
      {"1-2", false},        {"O-1", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_ticket(row.text), row.ticket) << row.text;
}

}  // namespace
}  // namespace gate::policy
