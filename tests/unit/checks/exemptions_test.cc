#include "gate/checks/exemptions.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/render/json.h"
#include "tests/support/fake_files.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::Finding;
using policy::Report;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kGood = R"(version = 1
[[exemption]]
id = "EX-7"
rule = "tests.failed"
scope = { paths = ["src/a.cc"], tests = ["unit::*"] }
reason = "the runner's DNS is replaced in December"
ticket = "OPS-12"
owner = "@platform"
approver = "@security"
created = 2026-11-01
expires = 2026-12-31
)";

constexpr std::string_view kBad = R"(version = 1
[[exemption]]
id = "EX-8"
rule = "tests.failed"
scope = { tests = ["unit::*"] }
reason = "the runner's DNS is replaced in December"
ticket = "OPS-12"
owner = "@platform"
approver = "@platform"
created = 2026-11-01
expires = 2026-12-31
)";

policy::RunContext run_on(std::string_view date) {
  policy::RunContext run;
  run.check = "exemptions";
  run.as_of = *parse_moment(date);
  run.git_sha = std::string(40, 'a');
  return run;
}

policy::RunContext today() {
  return run_on("2026-11-20");
}

policy::ExemptionsSettings settings_of(std::string path) {
  policy::ExemptionsSettings settings;
  settings.register_path = std::move(path);
  return settings;
}

// A report of a passed check in which the record with that id took a finding.
Report report_with(const std::string& exemption) {
  Report report;
  report.run = today();
  report.run.check = "unit";
  report.run.finished_at = today().as_of;
  report.verdict = policy::Verdict::passed;
  report.examined = {{"cases", 3}};
  policy::Exempted exempted;
  exempted.finding = policy::violation("tests.failed", policy::Severity::error, "unit::a", "failed");
  exempted.exemption = exemption;
  exempted.expires = *parse_date("2026-12-31");
  report.exempted = {exempted};
  report.tally.exempted = 1;
  return report;
}

Evidence checked(const policy::ExemptionsSettings& settings, const test::FakeFiles& files,
                 const std::vector<Report>& earlier = {}, const policy::RunContext& run = today()) {
  auto evidence = check_exemptions(settings, run, earlier, files);
  EXPECT_TRUE(evidence.has_value()) << evidence.error().message;
  return evidence ? std::move(*evidence) : Evidence{};
}

std::vector<std::string> lines_of(const Evidence& evidence) {
  std::vector<std::string> lines;
  for (const Finding& f : evidence.findings) {
    lines.push_back(std::string{name_of(f.kind)} + " " + std::string{name_of(f.severity)} + " " + f.rule +
                    " " + f.subject);
  }
  return lines;
}

TEST(CheckExemptions, CountsAnEmptyRegisterAsExamined) {
  const test::FakeFiles files{{"exemptions.toml", "version = 1\n"}};
  const Evidence evidence = checked(settings_of("exemptions.toml"), files);
  EXPECT_THAT(evidence.findings, IsEmpty());
  EXPECT_THAT(evidence.examined,
              ElementsAre(policy::Examined{"registers", 1}, policy::Examined{"exemptions", 0},
                          policy::Examined{"reports", 0}));
  ASSERT_EQ(evidence.inputs.size(), 1U);
  EXPECT_EQ(evidence.inputs[0].path, "exemptions.toml");
  EXPECT_EQ(evidence.inputs[0].bytes, 12U);
}

TEST(CheckExemptions, PointsAtAnInvalidRecord) {
  const test::FakeFiles files{{"ci/exemptions.toml", std::string{kBad}}};
  const Evidence evidence = checked(settings_of("ci/exemptions.toml"), files);
  ASSERT_EQ(evidence.findings.size(), 2U);
  EXPECT_EQ(evidence.findings[0].rule, "exemption.invalid");
  EXPECT_EQ(evidence.findings[0].severity, policy::Severity::error);
  EXPECT_EQ(evidence.findings[0].location, (policy::Location{"ci/exemptions.toml", 9, 12, ""}));
}

TEST(CheckExemptions, RefusesARegisterThatCannotBeRead) {
  const test::FakeFiles files{{"broken.toml", "version = 1\n[[exemption]\n"},
                              {"large.toml", std::string(1'048'577, '\n')}};
  const struct {
    const char* path;
    ErrorCode code;
  } rows[] = {{"broken.toml", ErrorCode::malformed},
              {"large.toml", ErrorCode::malformed},
              {"none.toml", ErrorCode::not_found}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.path);
    const auto evidence = check_exemptions(settings_of(row.path), today(), {}, files);
    ASSERT_FALSE(evidence.has_value());
    EXPECT_EQ(evidence.error().code, row.code);
    EXPECT_THAT(evidence.error().message, testing::HasSubstr(row.path));
  }
}

TEST(CheckExemptions, SaysThatItDoesNotKnowWhatIsUnused) {
  const test::FakeFiles files{{"exemptions.toml", std::string{kGood}}};
  const Evidence alone = checked(settings_of("exemptions.toml"), files);
  EXPECT_THAT(lines_of(alone), ElementsAre("note note exemption.unused_unknown exemptions.toml"));
  EXPECT_TRUE(alone.results.find("exemptions")->find("unused")->is_null());
  EXPECT_TRUE(alone.results.find("exemptions")->find("exempted")->is_null());
  Report unsure = report_with("OTHER");
  unsure.verdict = policy::Verdict::undecided;
  EXPECT_THAT(lines_of(checked(settings_of("exemptions.toml"), files, {unsure})),
              ElementsAre("note note exemption.unused_unknown exemptions.toml"));
}

TEST(CheckExemptions, FindsUnusedRecordsByTheReportsOfTheRun) {
  const test::FakeFiles files{{"exemptions.toml", std::string{kGood}}};
  const auto settings = settings_of("exemptions.toml");
  EXPECT_THAT(checked(settings, files, {report_with("EX-7")}).findings, IsEmpty());
  EXPECT_THAT(lines_of(checked(settings, files, {report_with("EX-9")})),
              ElementsAre("violation warning exemption.unused EX-7"));
  EXPECT_THAT(lines_of(checked(settings, files, {report_with("EX-9")}, run_on("2026-12-02"))),
              ElementsAre("violation error exemption.unused EX-7"));
}

TEST(CheckExemptions, ReadsReportsFromFiles) {
  test::FakeFiles files{{"exemptions.toml", std::string{kGood}},
                        {"out/unit.json", render::as_json(report_with("EX-7"))}};
  auto settings = settings_of("exemptions.toml");
  settings.reports = {"out/*.json"};
  const Evidence used = checked(settings, files);
  EXPECT_THAT(used.findings, IsEmpty());
  EXPECT_EQ(*used.results.find("exemptions")->find("exempted")->as_integer(), 1);
  files.add("out/e2e.json", "{\"report_version\": 1");
  EXPECT_THAT(lines_of(checked(settings, files)),
              ElementsAre("violation error report.malformed out/e2e.json",
                          "note note exemption.unused_unknown exemptions.toml"));
  Report other = report_with("EX-7");
  other.run.git_sha = std::string(40, 'b');
  files.add("out/e2e.json", render::as_json(other));
  EXPECT_THAT(lines_of(checked(settings, files)),
              ElementsAre("undecided error report.other_commit out/e2e.json",
                          "note note exemption.unused_unknown exemptions.toml"));
  settings.reports = {"nowhere/*.json"};
  EXPECT_THAT(lines_of(checked(settings, files)),
              Contains("note note exemption.unused_unknown exemptions.toml"));
}

TEST(CheckExemptions, HoldsBudgetsAndTheBaseline) {
  test::FakeFiles files{{"exemptions.toml", std::string{kGood}}, {"empty.toml", "version = 1\n"}};
  auto settings = settings_of("exemptions.toml");
  settings.rules.budgets = {{"tests.*", 0}};
  EXPECT_THAT(lines_of(checked(settings, files, {report_with("EX-7")})),
              ElementsAre("violation error exemption.over_budget tests.*"));

  settings = settings_of("exemptions.toml");
  Report baseline;
  baseline.run = today();
  baseline.results = checked(settings_of("empty.toml"), files).results;
  files.add("empty.json", render::as_json(baseline));
  baseline.results = checked(settings, files, {report_with("EX-7")}).results;
  files.add("same.json", render::as_json(baseline));
  settings.baseline = "empty.json";
  EXPECT_THAT(lines_of(checked(settings, files, {report_with("EX-7")})),
              ElementsAre("violation error exemption.grew tests.failed",
                          "violation error exemption.grew tests.failed"));
  settings.baseline = "same.json";
  EXPECT_THAT(checked(settings, files, {report_with("EX-7")}).findings, IsEmpty());
}

TEST(CheckExemptions, RefusesABaselineThatIsNone) {
  Report other = report_with("EX-7");
  test::FakeFiles files{{"exemptions.toml", std::string{kGood}}, {"unit.json", render::as_json(other)}};
  other.results.set("by_rule", Value::array().push(Value::object({{"rule", 1}})));
  files.add("damaged.json", render::as_json(other));
  for (const char* path : {"unit.json", "damaged.json", "exemptions.toml"}) {
    SCOPED_TRACE(path);
    auto settings = settings_of("exemptions.toml");
    settings.baseline = path;
    const auto evidence = check_exemptions(settings, today(), {}, files);
    ASSERT_FALSE(evidence.has_value());
    EXPECT_EQ(evidence.error().code, ErrorCode::malformed);
  }
}

TEST(CheckExemptions, WarnsOfScopesThatNameNoFile) {
  test::FakeFiles files{{"exemptions.toml", std::string{kGood}}, {"src/b.cc", ""}};
  auto settings = settings_of("exemptions.toml");
  settings.files = {"src/**"};
  EXPECT_THAT(lines_of(checked(settings, files)),
              ElementsAre("violation warning exemption.no_file EX-7",
                          "note note exemption.unused_unknown exemptions.toml"));
  files.add("src/a.cc", "");
  EXPECT_THAT(lines_of(checked(settings, files)),
              ElementsAre("note note exemption.unused_unknown exemptions.toml"));
}

TEST(CheckExemptions, CountsByRule) {
  const test::FakeFiles files{{"exemptions.toml", std::string{kGood}}};
  auto settings = settings_of("exemptions.toml");
  settings.rules.budgets = {{"tests.*", 9}, {"tests.failed", 4}};
  const Value expected = Value::array().push(Value::object({{"rule", "tests.failed"},
                                                            {"in_force", 1},
                                                            {"expiring", 0},
                                                            {"expired", 0},
                                                            {"invalid", 0},
                                                            {"exempted", 1},
                                                            {"budget", 4}}));
  EXPECT_EQ(*checked(settings, files, {report_with("EX-7")}).results.find("by_rule"), expected);
}

}  // namespace
}  // namespace gate::checks
