#include "gate/render/report_value.h"

#include <gtest/gtest.h>

#include "tests/unit/render/reports.h"

namespace gate::test {
namespace {

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
