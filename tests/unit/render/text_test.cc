#include "gate/render/text.h"

#include <gtest/gtest.h>

#include "tests/unit/render/golden.h"
#include "tests/unit/render/reports.h"

namespace gate::test {
namespace {

TEST(AsText, IsColouredOnlyWhenTold) {
  const policy::Report report = merged_report();
  expect_golden("merged.ansi", render::as_text(report, {true, 80, true}));
  EXPECT_EQ(render::as_text(report).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace gate::test
