#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_data.h"
#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

// fixtures/test-reports: what tools wrote of two small suites whose outcome is known.
TEST(RealReports, HoldWhatTheirRunnersSaw) {
  struct Row {
    const char* file;
    const char* format;
    const char* tally;
    const char* id;  // of the last test that did not pass
    const char* message;
    std::size_t line;
  };
  const Row rows[] = {
      {"node.xml", "junit", "2 failed, 1 xfailed, 1 skipped, 2 passed", "group::test::shifts",
       "The expression evaluated to a falsy value:  assert.ok(false)", 10},
      {"node.tap", "tap", "2 failed, 1 xfailed, 1 skipped, 2 passed", "group::shifts",
       "The expression evaluated to a falsy value:", 10},
      {"bats.tap", "tap", "1 failed, 1 skipped, 1 passed", "divides", "not today", 0},
      {"bats.xml", "junit", "1 failed, 1 skipped, 1 passed", "sums.bats::sums.bats::divides", "not today", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.file);
    const ReadReport read =
        read_report(test::contents_of(test::source_dir() / "fixtures/test-reports" / row.file));
    EXPECT_FALSE(read.counted.fault);
    EXPECT_EQ(read.format, row.format);
    EXPECT_EQ(tally_of(read.counted.totals), row.tally);
    ASSERT_FALSE(read.counted.cases.empty());
    const auto& last = read.counted.cases.back();
    EXPECT_EQ(test_id(last), row.id);
    EXPECT_EQ(last.message, row.message);
    EXPECT_EQ(last.line, row.line);
  }
}

}  // namespace
}  // namespace gate::load
