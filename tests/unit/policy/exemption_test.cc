#include "gate/policy/exemption.h"

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/policy/exemption_builder.h"

namespace gate::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Finding broken(std::string rule, std::string subject) {
  return violation(std::move(rule), Severity::error, std::move(subject), "broken");
}

Exemption exemption_of(std::string id, std::string rule, Scope scope) {
  Exemption exemption = good_exemption(std::move(id));
  exemption.rule = std::move(rule);
  exemption.scope = std::move(scope);
  return exemption;
}

std::vector<std::string> ids_of(const Split& split) {
  std::vector<std::string> ids;
  for (const Exempted& exempted : split.exempted) ids.push_back(exempted.exemption);
  return ids;
}

bool is_taken(const Finding& finding, const Exemption& exemption) {
  const Split split = split_by_exemption({finding}, {exemption});
  EXPECT_EQ(split.active.size() + split.exempted.size(), 1U);
  return split.active.empty();
}

TEST(SplitByExemption, NeverTakesWhatNobodyMayExempt) {
  const Exemption everything = exemption_of("A", "*", {{"**"}, {}, {}});
  const Finding rows[] = {
      undecided("tests.no_report", Reason::no_data, "a.xml", "missing"),
      note("tests.duplicate_file", "a.xml", "given twice"),
      broken("exemption.invalid", "exemptions.toml"),
      broken("exemption", "exemptions.toml"),
      broken("gate.report_missing", "unit"),
      broken("report.contradiction", "unit.json"),
      broken("inputs.no_match", "a.xml"),
      broken("check.not_run", "a.xml"),
      broken("tests.malformed_report", "a.xml"),
      broken("tests.missing_part", "a.xml"),
      broken("tests.zero", "a.xml"),
      broken("tests.empty_report", "a.xml"),
      broken("tests.counted_by_attributes", "a.xml"),
      broken("tests.claimed_failures", "a.xml"),
      broken("schema.malformed_document", "a.json"),
      broken("slo.samples.malformed", "a.csv"),
  };
  for (const Finding& finding : rows) {
    SCOPED_TRACE(finding.rule);
    EXPECT_FALSE(is_taken(finding, everything));
  }
  EXPECT_TRUE(is_taken(broken("exemptions.x", "a.xml"), everything)) << "another family of rules";
  EXPECT_TRUE(is_taken(broken("tests.failed", "a"), everything)) << "another rule of that family";
}

TEST(SplitByExemption, MatchesRules) {
  const struct {
    const char* name;
    const char* rule;
    const char* found;
    bool taken;
  } rows[] = {
      {"the same", "schema.required", "schema.required", true},
      {"another", "schema.required", "schema.minimum", false},
      {"a prefix", "schema", "schema.required", false},
      {"in another case", "Schema.Required", "schema.required", false},
      {"a family", "schema.*", "schema.required", true},
      {"a family and what only starts alike", "schema.*", "schemas.required", false},
      {"one letter", "schema.minimu?", "schema.minimum", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(is_taken(broken(row.found, "a"), exemption_of("A", row.rule, {{"a"}, {}, {}})), row.taken);
  }
}

TEST(SplitByExemption, MatchesScopes) {
  Finding finding = broken("tests.failed", "unit::Parser::reads/deep");
  finding.location.file = "tests/unit/parser_test.cc";
  finding.key = "k";
  const std::string print = fingerprint(finding);
  const struct {
    const char* name;
    Scope scope;
    bool taken;
  } rows[] = {
      {"no scope at all", {}, false},
      {"the file", {{"tests/unit/parser_test.cc"}, {}, {}}, true},
      {"a folder", {{"tests/**"}, {}, {}}, true},
      {"a star does not cross folders", {{"tests/*"}, {}, {}}, false},
      {"anchored at the root", {{"parser_test.cc"}, {}, {}}, false},
      {"one of several", {{"a", "tests/unit/*"}, {}, {}}, true},
      {"the test", {{}, {"unit::Parser::reads/deep"}, {}}, true},
      {"a star crosses a slash of a test id", {{}, {"unit::Parser::*"}, {}}, true},
      {"another test", {{}, {"unit::Parser::writes*"}, {}}, false},
      {"the fingerprint", {{}, {}, {print}}, true},
      {"another fingerprint", {{}, {}, {"0123456789abcdef"}}, false},
      {"file and test", {{"tests/**"}, {"unit::*"}, {}}, true},
      {"file but not the test", {{"tests/**"}, {"e2e::*"}, {}}, false},
      {"test but not the fingerprint", {{}, {"unit::*"}, {"0123456789abcdef"}}, false},
      {"all three", {{"tests/**"}, {"unit::*"}, {print}}, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(is_taken(finding, exemption_of("A", "tests.failed", row.scope)), row.taken);
  }
}

TEST(SplitByExemption, DoesNotMatchAnEmptyPathByAStar) {
  EXPECT_FALSE(is_taken(broken("a.b", ""), exemption_of("A", "a.b", {{"x*"}, {}, {}})));
}

TEST(SplitByExemption, LetsTheRecordThatExpiresFirstDecide) {
  Exemption later = exemption_of("later", "a.b", {{"x"}, {}, {}});
  Exemption sooner = exemption_of("sooner", "a.*", {{"x"}, {}, {}});
  sooner.expires = day("2026-11-30");
  Exemption same_day = exemption_of("same day", "a.b", {{"x"}, {}, {}});
  same_day.expires = day("2026-11-30");
  EXPECT_THAT(ids_of(split_by_exemption({broken("a.b", "x")}, {later, sooner})), ElementsAre("sooner"));
  EXPECT_THAT(ids_of(split_by_exemption({broken("a.b", "x")}, {same_day, sooner})), ElementsAre("same day"));
  EXPECT_THAT(ids_of(split_by_exemption({broken("a.b", "x")}, {sooner, same_day})), ElementsAre("sooner"));
}

TEST(SplitByExemption, StopsAtMaxFindings) {
  Exemption two = exemption_of("two", "a.b", {{"x/**"}, {}, {}});
  two.max_findings = 2;
  two.expires = day("2026-11-30");
  const std::vector<Finding> findings{broken("a.b", "x/1"), broken("a.b", "x/2"), broken("a.b", "x/3")};
  const Split alone = split_by_exemption(findings, {two});
  EXPECT_THAT(alone.active, ElementsAre(findings[2]));
  const Exemption next = exemption_of("next", "a.b", {{"x/**"}, {}, {}});
  EXPECT_THAT(ids_of(split_by_exemption(findings, {next, two})), ElementsAre("two", "two", "next"));
}

TEST(SplitByExemption, SaysWhoTookAFindingOut) {
  const Finding finding = broken("a.b", "x");
  const Split split = split_by_exemption({finding}, {exemption_of("A", "a.b", {{"x"}, {}, {}})});
  EXPECT_THAT(split.active, IsEmpty());
  ASSERT_THAT(split.exempted, SizeIs(1));
  EXPECT_EQ(split.exempted[0], (Exempted{finding, "A", "@platform", "OPS-12", day("2026-12-31")}));
}

TEST(SplitByExemption, KeepsTheOrderOfTheActive) {
  const std::vector<Finding> findings{broken("a.b", "1"), broken("a.b", "x"), broken("a.b", "2")};
  const Split split = split_by_exemption(findings, {exemption_of("A", "a.b", {{"x"}, {}, {}})});
  EXPECT_THAT(split.active, ElementsAre(findings[0], findings[2]));
}

TEST(SplitByExemption, MatchesWhatAGlobMatches) {
  const struct {
    const char* glob;
    const char* path;
    bool taken;
  } rows[] = {
      {"**/x", "x", true},          {"**/x", "a/b/x", true},       {"**/x", "a/y", false},
      {"a/**/x", "a/x", true},      {"a?x", "abx", true},          {"a?x", "a/x", false},
      {"*.json", "a.json", true},   {"*.json", "a/b.json", false}, {"a/*/c*e", "a/b/cde", true},
      {"a/*/c*e", "a/b/cd", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string{row.glob} + " " + row.path);
    EXPECT_EQ(is_taken(broken("a.b", row.path), exemption_of("A", "a.b", {{row.glob}, {}, {}})), row.taken);
  }
}

// The bound is generous for slow machines and sanitizers.
TEST(SplitByExemption, IsFastForManyFindingsAndRecords) {
  std::vector<Finding> findings;
  for (int i = 0; i < 10'000; ++i)
    findings.push_back(broken("tests.failed", fmt::format("suite::case{}", i)));
  std::vector<Exemption> records;
  for (int i = 0; i < 200; ++i) {
    Scope scope{{}, {fmt::format("suite::case{}*", 20'000 + i)}, {}};
    records.push_back(exemption_of(fmt::format("E{}", i), "tests.failed", scope));
  }
  records[199].scope.tests = {"suite::case*99"};
  const auto started = std::chrono::steady_clock::now();
  const Split split = split_by_exemption(std::move(findings), records);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{20});
  EXPECT_THAT(split.exempted, SizeIs(100));
  EXPECT_THAT(split.active, SizeIs(9'900));
}

}  // namespace
}  // namespace gate::policy
