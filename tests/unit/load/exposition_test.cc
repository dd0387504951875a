#include "gate/load/exposition.h"

#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/load/exposition_increase.h"

namespace gate::load {
namespace {

using testing::HasSubstr;

TEST(ParseExposition, RefusesWithThePlace) {
  struct Row {
    const char* name;
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"cut within a line", "a 1\nb 2", "2:1: the page is cut off: its last line does not end"},
      {"a page of HTML", "<html>\n", "1:1: a metric is wanted"},
      {"no value", "a\n", "1:2: a number is wanted"},
      {"no number", "a b\n", "1:3: a number is wanted"},
      {"a number with a comma", "a 1,5\n", "1:3: a number is wanted"},
      {"a hexadecimal number", "a 0x10\n", "1:3: a number is wanted"},
      {"a number beyond all", "a 1e999\n", "1:3: a number is wanted"},
      {"something behind it", "a 1 2 3\n", "1:7: the end of the line is wanted"},
      {"an exemplar in the old format", "a 1 # {} 1\n", "1:5: the end of the line is wanted"},
      {"a timestamp that is none", "a 1 x\n", "1:5: a timestamp is wanted"},
      {"a timestamp beyond all", "a 1 1e300\n", "1:10: a timestamp out of range"},
      {"a timestamp that is no number", "a 1 NaN\n", "a timestamp out of range"},
      {"labels cut off", "a{b=\"c\n", "1:7: the quote is not closed"},
      {"a label without a value", "a{b} 1\n", "1:4: '=' is wanted"},
      {"a label without quotes", "a{b=c} 1\n", "1:5: a quoted value is wanted"},
      {"a label that starts with a digit", "a{1=\"c\"} 1\n", "1:3: a label is wanted"},
      {"no comma", "a{b=\"c\" d=\"e\"} 1\n", "1:9: ',' or '}' is wanted"},
      {"a strange escape", "a{b=\"\\t\"} 1\n", "1:6: one of"},
      {"a backslash at the end", "a{b=\"c\\\n", "1:7: one of"},
      {"columns count code points", "a{b=\"\xc3\xa4\"} x\n", "1:10: a number is wanted"},
      {"a label twice", "a{b=\"c\",b=\"d\"} 1\n", "the label b stands there twice"},
      {"a series twice", "a{x=\"1\",y=\"2\"} 1\nb 2\na{y=\"2\",x=\"1\"} 3\n",
       "3:1: this series of a stands in line 1 too"},
      {"two types", "# TYPE a counter\n# TYPE a gauge\na 1\n", "2:15: a has two types"},
      {"an unknown type", "# TYPE a number\n", "\"number\" is no type"},
      {"ill-formed UTF-8", "a{b=\"\xff\"} 1\n", "not UTF-8"},
      {"a line after the end", "# EOF\na 1\n# EOF\n", "2:1: a line after `# EOF`"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto page = parse_exposition(row.text);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, ErrorCode::malformed);
    EXPECT_THAT(page.error().message, HasSubstr(row.message));
  }
}

TEST(ParseExposition, RefusesAnOpenMetricsPageWithoutItsEnd) {
  const auto page = parse_exposition("a 1\n", ExpositionFormat::open_metrics);
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().message, HasSubstr("2:1: the page is cut off: `# EOF` is missing"));
}

TEST(ParseExposition, HoldsItsCaps) {
  const auto large = parse_exposition(std::string(kMaxExposition + 1, '\n'));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::budget);
  std::string labels;
  for (int i = 0; i < 1'001; ++i) labels += fmt::format("l{}=\"\",", i);
  const auto many = parse_exposition("a{" + labels + "} 1\n");
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().message, HasSubstr("more than 1,000 labels"));
}

TEST(ParseExposition, ReadsThePrometheusFormat) {
  const auto page = parse_exposition(
      "# HELP b What it counts \\n and more\n"
      "# TYPE b counter\n"
      "# a remark\n"
      "\n"
      "b{z=\"1\",a=\"x\\\\y\\\"z\\n\",} 1.5e3 1395066363000\n"
      "\tb { } +Inf\n"
      "a NaN\n");
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->samples.size(), 3U);
  EXPECT_EQ(page->types.at("b"), "counter");
  EXPECT_TRUE(std::isnan(page->samples[0].value));
  EXPECT_TRUE(std::isinf(page->samples[1].value));
  const std::vector<Label> labels = {{"a", "x\\y\"z\n"}, {"z", "1"}};
  EXPECT_EQ(page->samples[2].labels, labels);
  EXPECT_DOUBLE_EQ(page->samples[2].value, 1500);
  EXPECT_EQ(page->samples[2].at, Timestamp{std::chrono::milliseconds{1395066363000}});
}

TEST(ParseExposition, ReadsOpenMetrics) {
  const auto page = parse_exposition(
      "# TYPE foo histogram\n# UNIT foo seconds\n"
      "foo_bucket{le=\"0.1\"} 8 # {trace_id=\"x\"} 0.054\n"
      "foo_bucket{le=\"+Inf\"} 17 1520879607.789 # {} 3 1520430001\n"
      "# EOF\n");
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->samples.size(), 2U);
  EXPECT_EQ(page->samples[0].at, Timestamp{std::chrono::milliseconds{1520879607789}});
}

TEST(IncreaseBetween, CountsAsPrometheusDoes) {
  const auto before = parse_exposition("# TYPE r counter\nr{c=\"1\"} 10\nr{c=\"2\"} 50\nr{c=\"4\"} 7\ns 5\n");
  const auto after = parse_exposition("# TYPE r counter\nr{c=\"1\"} 13\nr{c=\"2\"} 4\nr{c=\"3\"} 6\ns 6\n");
  ASSERT_TRUE(before && after);
  const auto filter = SeriesFilter::compile({"r", {}});
  ASSERT_TRUE(filter);
  const auto increase = increase_between(*before, *after, *filter);
  ASSERT_TRUE(increase) << increase.error().message;
  const std::vector<SeriesIncrease> expected = {{{{"c", "1"}}, 3}, {{{"c", "2"}}, 4}, {{{"c", "3"}}, 6}};
  EXPECT_EQ(increase->series, expected);
  EXPECT_EQ(increase->reset, 1U);
  EXPECT_EQ(increase->appeared, 1U);
  EXPECT_EQ(increase->vanished, 1U);
}

TEST(IncreaseBetween, RefusesWhatIsNoCounter) {
  struct Row {
    const char* name;
    const char* after;
    const char* why;
  };
  const Row rows[] = {
      {"a gauge", "# TYPE r gauge\nr 1\n", "r is a gauge, not a counter"},
      {"NaN", "r NaN\n", "line 1: r is nan"},
      {"infinite", "s 1\nr +Inf\n", "line 2: r is inf"},
      {"negative", "r -1\n", "r is -1"},
  };
  const auto filter = SeriesFilter::compile({"r", {}});
  ASSERT_TRUE(filter);
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto page = parse_exposition(row.after);
    ASSERT_TRUE(page) << page.error().message;
    const auto increase = increase_between({}, *page, *filter);
    ASSERT_FALSE(increase);
    EXPECT_THAT(increase.error().message, HasSubstr(row.why));
  }
}

}  // namespace
}  // namespace gate::load
