#include "gate/policy/exemption_usage.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/policy/exemption_builder.h"

namespace gate::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

const Date kToday = day("2026-11-20");

Exempted taken(std::string rule, std::string subject, std::string exemption, std::string check = "") {
  Exempted exempted;
  exempted.finding = violation(std::move(rule), Severity::error, std::move(subject), "broken");
  exempted.finding.check = std::move(check);
  exempted.exemption = std::move(exemption);
  return exempted;
}

Report report_of(std::string check, std::vector<Exempted> exempted) {
  Report report;
  report.run.check = std::move(check);
  report.verdict = Verdict::passed;
  report.exempted = std::move(exempted);
  return report;
}

CheckedExemption checked(std::string id, Standing standing = Standing::in_force,
                         std::string rule = "schema.required") {
  CheckedExemption record;
  record.exemption = good_exemption(std::move(id));
  record.exemption.rule = std::move(rule);
  record.standing = standing;
  return record;
}

TEST(UsageOf, CountsAFindingOnceThatTwoReportsList) {
  const Report part =
      report_of("unit", {taken("r.a", "x", "A"), taken("r.a", "y", "A"), taken("r.b", "x", "B")});
  const Report merged = report_of("gate", {taken("r.a", "x", "A", "unit"), taken("r.a", "y", "A", "unit"),
                                           taken("r.b", "x", "B", "unit")});
  const Report other = report_of("e2e", {taken("r.a", "x", "A")});
  const ExemptionUsage usage = usage_of({part, merged, other});
  EXPECT_THAT(usage.by_exemption, ElementsAre(Pair("A", 3), Pair("B", 1)));
  EXPECT_THAT(usage.by_rule, ElementsAre(Pair("r.a", 3), Pair("r.b", 1)));
  EXPECT_EQ(usage.reports, 3U);
}

TEST(UsageOf, CountsFindingsOfOneFingerprintEach) {
  const ExemptionUsage usage =
      usage_of({report_of("unit", {taken("r.a", "x", "A"), taken("r.a", "x", "A")})});
  EXPECT_THAT(usage.by_exemption, ElementsAre(Pair("A", 2)));
}

TEST(UsageOf, IsCompleteOnlyWhereEveryReportSaysAll) {
  Report unsure = report_of("e2e", {});
  unsure.verdict = Verdict::undecided;
  Report cut = report_of("e2e", {});
  cut.omitted.warnings = 1;
  Report failed = report_of("e2e", {});
  failed.verdict = Verdict::failed;
  Report without_notes = report_of("e2e", {});
  without_notes.omitted.notes = 7;
  const struct {
    const char* name;
    std::vector<Report> reports;
    bool complete;
  } rows[] = {
      {"no report", {}, false},
      {"one", {report_of("unit", {})}, true},
      {"one failed", {failed}, true},
      {"one undecided", {report_of("unit", {}), unsure}, false},
      {"one left findings out", {report_of("unit", {}), cut}, false},
      {"one left notes out", {without_notes}, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(usage_of(row.reports).complete, row.complete);
  }
}

TEST(FindUnused, WarnsAndThenFails) {
  const CheckedRegister reg{{checked("USED"), checked("IDLE"), checked("ENDING", Standing::expiring),
                             checked("OLD", Standing::expired), checked("BAD", Standing::invalid)},
                            {}};
  const ExemptionUsage usage = usage_of({report_of("unit", {taken("schema.required", "x", "USED")})});
  const struct {
    const char* today;
    Severity severity;
    const char* message;
  } rows[] = {
      {"2026-11-20", Severity::warning, "took no finding in 1 report: remove it, owner @platform"},
      {"2026-12-01", Severity::warning, "took no finding in 1 report: remove it, owner @platform"},
      {"2026-12-02", Severity::error,
       "took no finding in 1 report, 31 days after it was created: remove it, owner @platform"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.today);
    const auto findings = find_unused(reg, usage, {}, day(row.today));
    ASSERT_THAT(findings, SizeIs(2));
    EXPECT_EQ(findings[0].subject, "IDLE");
    EXPECT_EQ(findings[1].subject, "ENDING");
    for (const Finding& finding : findings) {
      EXPECT_EQ(finding.rule, "exemption.unused");
      EXPECT_EQ(finding.severity, row.severity);
      EXPECT_EQ(finding.message, row.message);
    }
  }
}

TEST(FindUnused, NeverGuesses) {
  const CheckedRegister reg{{checked("IDLE")}, {}};
  EXPECT_THAT(find_unused(reg, usage_of({}), {}, kToday), IsEmpty());
  Report unsure = report_of("unit", {});
  unsure.verdict = Verdict::undecided;
  EXPECT_THAT(find_unused(reg, usage_of({unsure}), {}, kToday), IsEmpty());
}

TEST(CountsByRule, CountsStandingsAndFindings) {
  const CheckedRegister reg{{checked("A", Standing::in_force, "r.a"), checked("B", Standing::expiring, "r.a"),
                             checked("C", Standing::expired, "r.a"), checked("D", Standing::invalid, "r.b"),
                             checked("E", Standing::in_force, "r.*")},
                            {}};
  const ExemptionUsage usage =
      usage_of({report_of("unit", {taken("r.a", "x", "A"), taken("r.c", "x", "E")})});
  EXPECT_THAT(
      counts_by_rule(reg, usage),
      ElementsAre(Pair("r.*", ExemptionCounts{1, 0, 0, 0, 0}), Pair("r.a", ExemptionCounts{1, 1, 1, 0, 1}),
                  Pair("r.b", ExemptionCounts{0, 0, 0, 1, 0}), Pair("r.c", ExemptionCounts{0, 0, 0, 0, 1})));
  EXPECT_EQ(counts_by_rule(reg, {}).at("r.a").exempted, std::nullopt) << "not known without a report";
}

TEST(CountsByOwner, CountsStandingsAndFindings) {
  CheckedRegister reg{{checked("A"), checked("B", Standing::expired), checked("C"), checked("D")}, {}};
  reg.records[2].exemption.owner = "@data";
  reg.records[3].exemption.owner = "";
  const ExemptionUsage usage = usage_of({report_of("unit", {taken("schema.required", "x", "A")})});
  EXPECT_THAT(counts_by_owner(reg, usage), ElementsAre(Pair("(nobody)", ExemptionCounts{1, 0, 0, 0, 0}),
                                                       Pair("@data", ExemptionCounts{1, 0, 0, 0, 0}),
                                                       Pair("@platform", ExemptionCounts{1, 0, 1, 0, 1})));
  EXPECT_EQ(counts_by_owner(reg, {}).at("@data").exempted, std::nullopt);
}

TEST(FindOverBudget, HoldsFindingsAndRecordsToTheBudget) {
  const CountsByName counts{
      {"tests.failed", {1, 0, 5, 5, 4}}, {"tests.flaky", {1, 1, 0, 0, 3}}, {"schema.*", {1, 0, 0, 0, {}}}};
  const struct {
    const char* name;
    std::map<std::string, std::uint64_t> budgets;
    std::vector<std::string> messages;
  } rows[] = {
      {"none", {}, {}},
      {"just enough", {{"tests.flaky", 3}, {"tests.*", 7}}, {}},
      {"too many findings", {{"tests.flaky", 2}}, {"tests.flaky: 3 findings exempted, the budget is 2"}},
      {"a family", {{"tests.*", 6}}, {"tests.*: 7 findings exempted, the budget is 6"}},
      {"too many records",
       {{"schema.required", 0}},
       {"schema.required: 1 record in force, the budget is 0 findings"}},
      {"another rule", {{"tests.missing", 0}}, {}},
      {"nothing at all", {{"*", 0}}, {"*: 7 findings exempted, the budget is 0"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    ExemptionRules rules;
    rules.budgets = row.budgets;
    std::vector<std::string> messages;
    for (const Finding& finding : find_over_budget(counts, rules)) {
      EXPECT_EQ(finding.rule, "exemption.over_budget");
      EXPECT_EQ(finding.severity, Severity::error);
      messages.push_back(finding.subject + ": " + finding.message);
    }
    EXPECT_EQ(messages, row.messages);
  }
}

TEST(FindGrowth, LetsCountsOnlyFall) {
  const ExemptionCounts two{1, 1, 0, 0, 5};
  const struct {
    const char* name;
    CountsByName now;
    CountsByName before;
    std::vector<std::string> messages;
  } rows[] = {
      {"the same", {{"r.a", two}}, {{"r.a", two}}, {}},
      {"fewer", {{"r.a", {1, 0, 0, 0, 4}}}, {{"r.a", two}}, {}},
      {"gone", {}, {{"r.a", two}}, {}},
      {"expired and invalid do not count", {{"r.a", {1, 1, 9, 9, 5}}}, {{"r.a", two}}, {}},
      {"more records",
       {{"r.a", {2, 1, 0, 0, 5}}},
       {{"r.a", two}},
       {"r.a: records in force: 3, the baseline has 2: counts may only fall"}},
      {"more findings",
       {{"r.a", {1, 1, 0, 0, 6}}},
       {{"r.a", two}},
       {"r.a: findings exempted: 6, the baseline has 5: counts may only fall"}},
      {"a new rule",
       {{"r.b", {1, 0, 0, 0, 1}}},
       {{"r.a", two}},
       {"r.b: records in force: 1, the baseline has 0: counts may only fall",
        "r.b: findings exempted: 1, the baseline has 0: counts may only fall"}},
      {"not known now", {{"r.a", {1, 1, 0, 0, {}}}}, {{"r.a", two}}, {}},
      {"not known then", {{"r.a", {1, 1, 0, 0, 9}}}, {{"r.a", {1, 1, 0, 0, {}}}}, {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    std::vector<std::string> messages;
    for (const Finding& finding : find_growth(row.now, row.before)) {
      EXPECT_EQ(finding.rule, "exemption.grew");
      messages.push_back(finding.subject + ": " + finding.message);
    }
    EXPECT_EQ(messages, row.messages);
  }
}

}  // namespace
}  // namespace gate::policy
