#include "gate/policy/report.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/policy/exemption_builder.h"

namespace gate::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

RunContext run_on(std::string_view date, std::string check = "unit") {
  RunContext run;
  run.check = std::move(check);
  run.as_of = Timestamp{day(date)} + std::chrono::hours{23};
  return run;
}

RunContext today() {
  return run_on("2026-11-20");
}

Finding broken(std::string subject = "x", Severity severity = Severity::error) {
  return violation("a.b", severity, std::move(subject), "broken");
}

Finding unknown() {
  return undecided("a.c", Reason::no_data, "x", "no data");
}

Evidence evidence_of(std::vector<Finding> findings, std::uint64_t examined = 1) {
  Evidence evidence;
  evidence.examined = {{"files", examined}};
  evidence.findings = std::move(findings);
  return evidence;
}

Policy warn_until(std::string_view date) {
  Policy policy;
  policy.mode = Mode::warn;
  policy.warn_until = day(date);
  return policy;
}

Policy warn_from_command_line() {
  Policy policy;
  policy.mode = Mode::warn;
  policy.mode_from_command_line = true;
  return policy;
}

TEST(Judge, LetsTheWorstFindingDecide) {
  const Finding error = broken();
  const Finding warning = broken("w", Severity::warning);
  const Finding remark = note("a.n", "x", "worth knowing");
  const Finding petty = broken("p", Severity::note);
  const struct {
    const char* name;
    std::vector<Finding> findings;
    Verdict strict;
    Verdict warn;
    Tally tally;  // strict
  } rows[] = {
      {"nothing", {}, Verdict::passed, Verdict::passed, {0, 0, 0, 0}},
      {"a note", {remark}, Verdict::passed, Verdict::passed, {0, 0, 0, 1}},
      {"a violation that is a note", {petty}, Verdict::passed, Verdict::passed, {0, 0, 0, 1}},
      {"a warning", {remark, warning}, Verdict::warned, Verdict::warned, {0, 0, 1, 1}},
      {"an error", {warning, error}, Verdict::failed, Verdict::warned, {1, 0, 1, 0}},
      {"undecided", {warning, unknown()}, Verdict::undecided, Verdict::undecided, {1, 0, 1, 0}},
      {"all", {remark, warning, unknown(), error}, Verdict::failed, Verdict::undecided, {2, 0, 1, 1}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Report strict = judge(today(), {}, evidence_of(row.findings), {});
    EXPECT_EQ(strict.verdict, row.strict);
    EXPECT_EQ(strict.tally, row.tally);
    EXPECT_EQ(strict.active, row.findings);
    const Report warn = judge(today(), warn_from_command_line(), evidence_of(row.findings), {});
    EXPECT_EQ(warn.verdict, row.warn);
    EXPECT_EQ(warn.active, row.findings) << "the mode changes what findings mean, not what they are";
  }
}

TEST(Judge, CountsWhatWasOmitted) {
  const struct {
    const char* name;
    Omitted omitted;
    Verdict strict;
    Verdict warn;
    Tally strict_tally;
  } rows[] = {
      {"notes", {0, 0, 0, 4}, Verdict::passed, Verdict::passed, {0, 0, 0, 4}},
      {"warnings", {0, 0, 3, 0}, Verdict::warned, Verdict::warned, {0, 0, 3, 0}},
      {"undecided", {0, 2, 0, 0}, Verdict::undecided, Verdict::undecided, {2, 0, 0, 0}},
      {"errors", {5, 0, 0, 0}, Verdict::failed, Verdict::warned, {5, 0, 0, 0}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Evidence evidence = evidence_of({});
    evidence.omitted = row.omitted;
    const Report strict = judge(today(), {}, evidence, {});
    EXPECT_EQ(strict.verdict, row.strict);
    EXPECT_EQ(strict.tally, row.strict_tally);
    EXPECT_EQ(judge(today(), warn_from_command_line(), evidence, {}).verdict, row.warn);
  }
}

TEST(Judge, GivesNoVerdictThatWasNotEarned) {
  Exemptions exempting;
  exempting.in_force = {good_exemption("A")};
  exempting.in_force[0].rule = "a.*";
  exempting.in_force[0].scope.paths = {"x"};
  Exemptions faulty;
  faulty.faults = {broken("exemptions.toml", Severity::warning)};
  Policy optional;
  optional.required = false;
  const struct {
    const char* name;
    Evidence evidence;
    Policy policy;
    Exemptions exemptions;
    Verdict verdict;
  } rows[] = {
      {"no kind examined", {}, {}, {}, Verdict::undecided},
      {"none examined of a kind", evidence_of({}, 0), {}, {}, Verdict::undecided},
      {"only a note", evidence_of({note("a.n", "x", "nothing here")}, 0), {}, {}, Verdict::undecided},
      {"only a warning", evidence_of({broken("w", Severity::warning)}, 0), {}, {}, Verdict::undecided},
      {"only a fault of the register", evidence_of({}, 0), {}, faulty, Verdict::undecided},
      {"the only finding is exempted", evidence_of({broken()}, 0), {}, exempting, Verdict::undecided},
      {"an error says why", evidence_of({broken()}, 0), {}, {}, Verdict::failed},
      {"an error says why, in warn mode",
       evidence_of({broken()}, 0),
       warn_from_command_line(),
       {},
       Verdict::warned},
      {"nothing in warn mode", evidence_of({}, 0), warn_from_command_line(), {}, Verdict::undecided},
      {"undecided already", evidence_of({unknown()}, 0), {}, {}, Verdict::undecided},
      {"not required", evidence_of({}, 0), optional, {}, Verdict::passed},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Report report = judge(today(), row.policy, row.evidence, row.exemptions);
    EXPECT_EQ(report.verdict, row.verdict);
  }
  const Report report = judge(today(), {}, {}, {});
  ASSERT_THAT(report.active, SizeIs(1));
  EXPECT_EQ(report.active[0].rule, "gate.nothing_examined");
  EXPECT_EQ(report.tally.findings, 1U);
}

TEST(Judge, HoldsWarnModeUntilItsLastDay) {
  const struct {
    const char* name;
    const char* today;
    Verdict verdict;
    const char* stamp;
  } rows[] = {
      {"the day before", "2026-11-29", Verdict::warned, "mode warn until 2026-11-30: findings do not block"},
      {"the last day", "2026-11-30", Verdict::warned, "mode warn until 2026-11-30: findings do not block"},
      {"the day after", "2026-12-01", Verdict::failed, "warn mode ended on 2026-11-30: strict again"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Report report = judge(run_on(row.today), warn_until("2026-11-30"), evidence_of({broken()}), {});
    EXPECT_EQ(report.verdict, row.verdict);
    EXPECT_EQ(report.mode, row.verdict == Verdict::failed ? Mode::strict : Mode::warn);
    EXPECT_THAT(report.stamps, ElementsAre(row.stamp));
  }
  Policy for_ever;
  for_ever.mode = Mode::warn;
  EXPECT_EQ(judge(today(), for_ever, evidence_of({broken()}), {}).verdict, Verdict::failed);
}

TEST(Judge, LetsNoCommandLineLoosenALockedPolicy) {
  Policy policy = warn_from_command_line();
  policy.locked = true;
  const Report report = judge(today(), policy, evidence_of({broken()}), {});
  EXPECT_EQ(report.verdict, Verdict::failed);
  EXPECT_THAT(report.stamps, ElementsAre(HasSubstr("locked")));
  policy.accept_undecided = true;
  EXPECT_EQ(judge(today(), policy, evidence_of({unknown()}), {}).verdict, Verdict::undecided);
  Policy own_warn = warn_until("2026-12-01");
  own_warn.locked = true;
  EXPECT_EQ(judge(today(), own_warn, evidence_of({broken()}), {}).verdict, Verdict::warned)
      << "its own mode holds";
}

TEST(Judge, StampsWhatTheCommandLineOverrides) {
  Policy accept;
  accept.accept_undecided = true;
  Policy deny;
  deny.deny_warned = true;
  Policy both = accept;
  both.deny_warned = true;
  const Finding warning = broken("w", Severity::warning);
  const struct {
    const char* name;
    Policy policy;
    std::vector<Finding> findings;
    Verdict verdict;
    std::size_t stamps;
  } rows[] = {
      {"accepted", accept, {unknown()}, Verdict::passed, 1},
      {"accepted beside a warning", accept, {unknown(), warning}, Verdict::warned, 1},
      {"an error is not accepted", accept, {unknown(), broken()}, Verdict::failed, 0},
      {"nothing to accept", accept, {}, Verdict::passed, 0},
      {"denied", deny, {warning}, Verdict::failed, 1},
      {"undecided is not denied", deny, {unknown(), warning}, Verdict::undecided, 0},
      {"nothing to deny", deny, {note("a.n", "x", "note")}, Verdict::passed, 0},
      {"accepted, then denied", both, {unknown(), warning}, Verdict::failed, 2},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Report report = judge(today(), row.policy, evidence_of(row.findings), {});
    EXPECT_EQ(report.verdict, row.verdict);
    EXPECT_THAT(report.stamps, SizeIs(row.stamps));
    EXPECT_EQ(report.active, row.findings);
  }
  const Report accepted = judge(today(), accept, evidence_of({unknown()}), {});
  EXPECT_EQ(accepted.decided_by, "undecided, accepted: x: no data");
  EXPECT_EQ(accepted.tally.findings, 1U);
  Policy warn_denied = warn_from_command_line();
  warn_denied.deny_warned = true;
  EXPECT_EQ(judge(today(), warn_denied, evidence_of({broken()}), {}).verdict, Verdict::failed);
}

TEST(Judge, KeepsExemptedFindingsApart) {
  Exemptions exemptions;
  exemptions.in_force = {good_exemption("A")};
  exemptions.in_force[0].rule = "a.b";
  exemptions.in_force[0].scope.paths = {"x"};
  const Report report =
      judge(today(), {}, evidence_of({broken(), broken("y", Severity::warning)}), exemptions);
  EXPECT_EQ(report.verdict, Verdict::warned);
  EXPECT_EQ(report.tally, (Tally{0, 1, 1, 0}));
  ASSERT_THAT(report.exempted, SizeIs(1));
  EXPECT_EQ(report.exempted[0].exemption, "A");
  Evidence more = evidence_of({broken()});
  more.omitted.errors = 1;
  EXPECT_EQ(judge(today(), {}, more, exemptions).verdict, Verdict::failed)
      << "what was not kept is not exempted";
}

TEST(Judge, CountsFaultsOfTheRegisterAndNeverExemptsThem) {
  Exemptions exemptions;
  exemptions.in_force = {good_exemption("A")};
  exemptions.in_force[0].rule = "*";
  exemptions.in_force[0].scope.paths = {"EX-2"};
  exemptions.faults = {violation("exemption.invalid", Severity::error, "EX-2", "id is missing")};
  const Report strict = judge(today(), {}, evidence_of({}), exemptions);
  EXPECT_EQ(strict.verdict, Verdict::failed);
  EXPECT_EQ(strict.decided_by, "EX-2: id is missing");
  EXPECT_EQ(judge(today(), warn_from_command_line(), evidence_of({}), exemptions).verdict, Verdict::warned);
}

TEST(Judge, SaysWhatDecided) {
  const struct {
    const char* name;
    std::vector<Finding> findings;
    const char* decided_by;
  } rows[] = {
      {"the first error", {broken("w", Severity::warning), unknown(), broken("1"), broken("2")}, "1: broken"},
      {"the first undecided", {broken("w", Severity::warning), unknown()}, "x: no data"},
      {"the first warning", {note("a.n", "n", "note"), broken("w", Severity::warning)}, "w: broken"},
      {"without a subject", {broken("")}, "broken"},
      {"what was examined", {}, "1,234 files, 2 suites"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Evidence evidence = evidence_of(row.findings, 1'234);
    evidence.examined.push_back({"suites", 2});
    EXPECT_EQ(judge(today(), {}, evidence, {}).decided_by, row.decided_by);
  }
}

TEST(Judge, ListsWhatBlocksFirstAndCountsTheRest) {
  Policy policy;
  policy.max_listed = 3;
  const std::vector<Finding> findings{note("a.n", "n", "note"), broken("w", Severity::warning), unknown(),
                                      broken("1"), broken("2")};
  const Report report = judge(today(), policy, evidence_of(findings), {});
  EXPECT_THAT(report.active, ElementsAre(findings[3], findings[4], findings[2]));
  EXPECT_EQ(report.omitted, (Omitted{0, 0, 1, 1}));
  EXPECT_EQ(report.tally, (Tally{3, 0, 1, 1}));
  policy.max_listed = 1;
  policy.mode = Mode::warn;
  policy.mode_from_command_line = true;
  const Report warned = judge(today(), policy, evidence_of({broken("1"), broken("2")}), {});
  EXPECT_EQ(warned.omitted.errors, 1U);
  EXPECT_EQ(warned.tally, (Tally{0, 0, 2, 0}));
}

TEST(Judge, CarriesFactsThrough) {
  Evidence evidence = evidence_of({});
  evidence.facts.set("seed", 7);
  evidence.results.set("test_results", 1);
  evidence.inputs = {{"a.xml", "00", 3}};
  const Report report = judge(today(), {}, evidence, {});
  EXPECT_EQ(report.facts, evidence.facts);
  EXPECT_EQ(report.results, evidence.results);
  EXPECT_EQ(report.inputs, evidence.inputs);
  EXPECT_EQ(report.run, today());
}

CheckReport part_of(std::string check, std::vector<Finding> findings, bool required = true,
                    Policy policy = {}) {
  CheckReport part;
  part.report = judge(run_on("2026-11-20", std::move(check)), policy, evidence_of(std::move(findings)), {});
  part.required = required;
  return part;
}

Report own_report(std::vector<Finding> findings = {}, const Policy& policy = {}) {
  return judge(today(), policy, evidence_of(std::move(findings)), {});
}

TEST(Combine, LetsTheWorstRequiredCheckDecide) {
  const auto passed = [](bool required = true) { return part_of("passed", {}, required); };
  const auto warned = [](bool required = true) {
    return part_of("warned", {broken("w", Severity::warning)}, required);
  };
  const auto unsure = [](bool required = true) { return part_of("unsure", {unknown()}, required); };
  const auto failed = [](bool required = true) { return part_of("failed", {broken()}, required); };
  const struct {
    const char* name;
    std::vector<CheckReport> parts;
    Verdict verdict;
    const char* level;
    const char* decided_by;
  } rows[] = {
      {"all well", {passed(), passed()}, Verdict::passed, "", "2 checks"},
      {"one warns", {passed(), warned()}, Verdict::warned, "P2", "warned: w: broken"},
      {"one is undecided", {warned(), unsure(), passed()}, Verdict::undecided, "P1", "unsure: x: no data"},
      {"one fails", {unsure(), failed(), passed()}, Verdict::failed, "P1", "failed: x: broken"},
      {"the only one fails", {failed()}, Verdict::failed, "P0", "failed: x: broken"},
      {"every required one blocks",
       {failed(), unsure(), passed(false)},
       Verdict::failed,
       "P0",
       "failed: x: broken"},
      {"an optional one fails", {passed(), failed(false)}, Verdict::warned, "P2", "failed: x: broken"},
      {"an optional one is undecided",
       {passed(), unsure(false)},
       Verdict::warned,
       "P2",
       "unsure: x: no data"},
      {"only optional ones",
       {passed(false), failed(false)},
       Verdict::undecided,
       "P1",
       "no required check was run: a verdict must be earned"},
      {"none at all", {}, Verdict::undecided, "P1", "no required check was run: a verdict must be earned"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Report merged = combine(today(), {}, own_report(), row.parts);
    EXPECT_EQ(merged.verdict, row.verdict);
    EXPECT_EQ(merged.severity_level, row.level);
    EXPECT_EQ(merged.decided_by, row.decided_by);
    EXPECT_EQ(merged.checks.size(), row.parts.size());
    EXPECT_THAT(merged.examined, ElementsAre(Examined{"checks", row.parts.size()}));
  }
}

TEST(Combine, CountsWhatWasFoundAboutTheSet) {
  const Finding missing = undecided("gate.report_missing", Reason::no_data, "e2e", "expected and not there");
  const Report merged = combine(today(), {}, own_report({missing}), {part_of("unit", {})});
  EXPECT_EQ(merged.verdict, Verdict::undecided);
  EXPECT_EQ(merged.severity_level, "P1");
  EXPECT_EQ(merged.decided_by, "e2e: expected and not there");
  EXPECT_EQ(merged.tally, (Tally{1, 0, 0, 0}));
}

TEST(Combine, OnlyWarnsOfOptionalChecks) {
  const Report merged = combine(today(), {}, own_report(),
                                {part_of("unit", {}), part_of("lint", {broken(), unknown()}, false)});
  EXPECT_EQ(merged.tally, (Tally{0, 0, 2, 0}));
  ASSERT_THAT(merged.active, SizeIs(2));
  EXPECT_EQ(merged.active[0].severity, Severity::warning);
  EXPECT_EQ(merged.active[1].kind, FindingKind::violation);
  EXPECT_EQ(merged.active[1].severity, Severity::warning);
  EXPECT_EQ(merged.active[1].message, "undecided, no_data: no data");
  EXPECT_EQ(merged.checks[1].verdict, Verdict::failed) << "the row says what the check said";
}

TEST(Combine, SumsTalliesWithWhatWasOmitted) {
  Policy short_list;
  short_list.max_listed = 1;
  const Report merged = combine(today(), short_list, own_report(),
                                {part_of("a", {broken("1"), broken("2"), unknown()}, true, short_list),
                                 part_of("b", {broken("3"), broken("4")}, false, short_list)});
  EXPECT_EQ(merged.tally, (Tally{3, 0, 2, 0}));
  EXPECT_THAT(merged.active, SizeIs(1));
  EXPECT_EQ(merged.omitted, (Omitted{1, 1, 2, 0}));
}

TEST(Combine, KeepsAWarnedFindingAWarning) {
  const CheckReport warned = part_of("unit", {broken()}, true, warn_from_command_line());
  const Report merged = combine(today(), {}, own_report(), {warned});
  EXPECT_EQ(merged.verdict, Verdict::warned);
  EXPECT_EQ(merged.active[0].severity, Severity::warning);
  EXPECT_EQ(merged.active[0].check, "unit");
  EXPECT_THAT(merged.stamps,
              ElementsAre("unit: mode warn from the command line: findings do not block this run"));
}

TEST(Combine, ReadsStrictReportsByItsOwnMode) {
  const Policy warn = warn_until("2026-12-01");
  const Report merged = combine(today(), warn, own_report({}, warn), {part_of("unit", {broken()})});
  EXPECT_EQ(merged.verdict, Verdict::warned);
  EXPECT_EQ(merged.tally, (Tally{0, 0, 1, 0}));
  const Report unsure =
      combine(today(), warn, own_report({}, warn), {part_of("unit", {broken(), unknown()})});
  EXPECT_EQ(unsure.verdict, Verdict::undecided);
  EXPECT_EQ(unsure.tally, (Tally{1, 0, 1, 0}));
}

TEST(Combine, SaysOnceWhatHoldsForAll) {
  const Policy warn = warn_until("2026-12-01");
  Report own = own_report({}, warn);
  own.inputs = {{"gate.toml", "00", 1}};
  CheckReport a = part_of("a", {}, true, warn);
  a.report.inputs = {{"gate.toml", "00", 1}, {"a.xml", "01", 2}};
  a.report.stamps.push_back("as of 2026-11-20");
  const Report merged = combine(today(), warn, own, {a, part_of("b", {}, true, warn)});
  EXPECT_THAT(merged.stamps,
              ElementsAre("mode warn until 2026-12-01: findings do not block", "a: as of 2026-11-20"));
  EXPECT_THAT(merged.inputs, SizeIs(2));
}

TEST(Combine, AppliesTheOverridesToTheWhole) {
  Policy accept;
  accept.accept_undecided = true;
  const Report accepted = combine(today(), accept, own_report({}, accept), {part_of("unit", {unknown()})});
  EXPECT_EQ(accepted.verdict, Verdict::passed);
  EXPECT_EQ(accepted.severity_level, "") << "what passes has no severity";
  EXPECT_THAT(accepted.stamps, ElementsAre(HasSubstr("--accept undecided")));
  Policy deny;
  deny.deny_warned = true;
  const Report denied =
      combine(today(), deny, own_report({}, deny), {part_of("lint", {broken()}, false), part_of("unit", {})});
  EXPECT_EQ(denied.verdict, Verdict::failed);
  EXPECT_EQ(denied.severity_level, "P1");
  accept.locked = true;
  EXPECT_EQ(combine(today(), accept, own_report({}, accept), {part_of("unit", {unknown()})}).verdict,
            Verdict::undecided);
}

TEST(Combine, KeepsExemptedFindingsWithTheirCheck) {
  Exemptions exemptions;
  exemptions.in_force = {good_exemption("A")};
  exemptions.in_force[0].rule = "a.b";
  exemptions.in_force[0].scope.paths = {"x"};
  CheckReport part;
  part.report = judge(today(), {}, evidence_of({broken()}), exemptions);
  part.path = "out/unit.json";
  part.report.run.finished_at = part.report.run.started_at + std::chrono::seconds{3};
  const Report merged = combine(today(), {}, own_report(), {part});
  EXPECT_EQ(merged.verdict, Verdict::passed);
  EXPECT_EQ(merged.tally.exempted, 1U);
  ASSERT_THAT(merged.exempted, SizeIs(1));
  EXPECT_EQ(merged.exempted[0].finding.check, "unit");
  EXPECT_EQ(merged.checks[0].took, std::chrono::seconds{3});
  EXPECT_EQ(merged.checks[0].report, "out/unit.json");
}

}  // namespace
}  // namespace gate::policy
