#include "gate/render/json.h"

#include <gtest/gtest.h>

#include "gate/base/utf8.h"
#include "gate/render/report_value.h"
#include "tests/unit/render/golden.h"
#include "tests/unit/render/reports.h"

namespace gate::test {
namespace {

TEST(AsJson, LooksLikeTheGoldenFiles) {
  for (const auto& [name, report] : sample_reports()) {
    SCOPED_TRACE(name);
    expect_golden(name + ".json", render::as_json(report));
  }
}

TEST(AsJson, IsWellFormedUtf8WhateverTheReportHolds) {
  EXPECT_TRUE(is_utf8(render::as_json(hostile_report())));
}

TEST(ToValue, LetsNoToolOverwriteTheVerdict) {
  policy::Report report = merged_report();
  report.results.set("verdict", "passed").set("unit_results", Value::object());
  const Value tree = render::to_value(report);
  EXPECT_EQ(*tree.find("verdict"), Value{"failed"});
  EXPECT_NE(tree.find("unit_results"), nullptr);
}

TEST(ToValue, KeepsTheSeverityThatWasFoundInWarnMode) {
  policy::Report report;
  report.mode = policy::Mode::warn;
  report.active = {policy::violation("r", policy::Severity::error, "s", "m")};
  const Value tree = render::to_value(report);
  EXPECT_EQ(*tree.find("mode"), Value{"warn"});
  EXPECT_EQ(*tree.find("findings")->as_array()->front().find("severity"), Value{"error"});
}

}  // namespace
}  // namespace gate::test
