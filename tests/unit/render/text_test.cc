#include "gate/render/text.h"

#include <gtest/gtest.h>

#include "tests/unit/render/golden.h"
#include "tests/unit/render/reports.h"

namespace gate::test {
namespace {

TEST(FindingLine, SaysWhereWhatAndByWhichRule) {
  struct Row {
    const char* name;
    policy::Finding finding;
    policy::Location location;
    std::string line;
  };
  using policy::Severity;
  const Row rows[] = {
      {"an objective",
       policy::violation("slo.availability", Severity::error, "checkout",
                         "99.700% good, objective is 99.900%"),
       {},
       "error: checkout: 99.700% good, objective is 99.900% [slo.availability]"},
      {"a place in a document",
       policy::violation("schema.minimum", Severity::error, "a.json", "0 is less than the minimum 1"),
       {"a.json", 3, 14, "/qty"},
       "a.json:3:14: error[schema.minimum] /qty: 0 is less than the minimum 1"},
      {"the whole document",
       policy::violation("schema.type", Severity::error, "a.json", "is no object"),
       {"a.json", 1, 1, ""},
       "a.json:1:1: error[schema.type] is no object"},
      {"a document without positions",
       policy::violation("schema.type", Severity::error, "a.json", "is no object"),
       {"a.json", 0, 0, "/qty"},
       "error: a.json: /qty: is no object [schema.type]"},
      {"a test with a line",
       policy::violation("tests.failed", Severity::error, "unit::A::b", "expected 1"),
       {"a.cc", 12, 0, ""},
       "a.cc:12: error[tests.failed] unit::A::b: expected 1"},
      {"undecided",
       policy::undecided("slo.latency", policy::Reason::no_data, "checkout", "no samples"),
       {},
       "undecided: checkout: no samples [slo.latency, no_data]"},
      {"a note about nothing",
       policy::note("gate.note", "", "read as draft-07"),
       {},
       "note: read as draft-07 [gate.note]"},
  };
  for (Row row : rows) {
    SCOPED_TRACE(row.name);
    row.finding.location = row.location;
    EXPECT_EQ(render::finding_line(policy::Mode::strict, row.finding), row.line);
  }
}

TEST(AsText, PrintsTheResultsThatPeopleRead) {
  policy::Report report;
  report.results =
      Value::object({{"totals", Value::object({{"passed", 3}})}, {"cases", Value::object({{"a", 1}})}});
  EXPECT_NE(render::as_text(report).find("cases: a 1"), std::string::npos);
  report.shown = {"totals"};
  EXPECT_NE(render::as_text(report).find("totals: passed 3"), std::string::npos);
  EXPECT_EQ(render::as_text(report).find("cases"), std::string::npos);
}

TEST(AsText, IsColouredOnlyWhenTold) {
  const policy::Report report = merged_report();
  expect_golden("merged.ansi", render::as_text(report, {true, 80}));
  EXPECT_EQ(render::as_text(report).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace gate::test
