#include <random>

#include <gtest/gtest.h>
#include <boost/json/value.hpp>

#include "gate/load/json.h"
#include "gate/load/report_json.h"
#include "gate/render/json.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"
#include "tests/support/test_data.h"
#include "tests/unit/render/reports.h"

namespace gate::test {
namespace {

std::vector<NamedReport> many_reports() {
  std::vector<NamedReport> reports = sample_reports();
  std::mt19937 random{11};
  for (int i = 0; i < 200; ++i) {
    reports.push_back({"random " + std::to_string(i), random_hostile_report(random)});
  }
  return reports;
}

TEST(ReportSchema, HoldsForEveryReportThatIsWritten) {
  const std::string text = contents_of(source_dir() / "schemas/release-gate/report.schema.json");
  const auto document = load::parse_json(text);
  ASSERT_TRUE(document.has_value());
  const schema::Compilation compiled =
      schema::compile({&document->root, &document->exact, "", "report.schema.json"});
  ASSERT_TRUE(compiled.program.has_value());
  EXPECT_TRUE(compiled.unknown_keywords.empty());
  schema::Evaluator evaluator{*compiled.program};
  for (const auto& [name, report] : many_reports()) {
    SCOPED_TRACE(name);
    const auto written = load::parse_json(render::as_json(report));
    ASSERT_TRUE(written.has_value()) << written.error().message;
    EXPECT_EQ(evaluator.evaluate(schema::instance_of(written->root, written->exact).root()),
              schema::Outcome::valid);
  }
}

TEST(Ctrf, ObeysItsSchema) {
  REQUIRE_TEST_DATA(path, "test-reports/ctrf/schema/ctrf.schema.json");
  const auto document = load::parse_json(contents_of(path));
  ASSERT_TRUE(document.has_value());
  const schema::Compilation compiled =
      schema::compile({&document->root, &document->exact, "", "ctrf.schema.json"});
  ASSERT_TRUE(compiled.program.has_value());
  schema::Evaluator evaluator{*compiled.program};
  const auto written =
      load::parse_json(contents_of(source_dir() / "tests/unit/render/golden/every_outcome.ctrf"));
  ASSERT_TRUE(written.has_value()) << written.error().message;
  EXPECT_EQ(evaluator.evaluate(schema::instance_of(written->root, written->exact).root()),
            schema::Outcome::valid);
}

TEST(ReportJson, ReadsBackAsItWasWritten) {
  for (const auto& [name, report] : many_reports()) {
    SCOPED_TRACE(name);
    const std::string text = render::as_json(report);
    const auto written = load::parse_json(text);
    ASSERT_TRUE(written.has_value()) << written.error().message;
    const auto read = load::report_from_json(written->root);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(render::as_json(*read), text);
  }
}

}  // namespace
}  // namespace gate::test
