#include "gate/load/promql_selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/load/promql_scan.h"

namespace gate::load {
namespace {

using testing::HasSubstr;

TEST(ParsePromqlSelector, RefusesWhatIsNone) {
  struct Row {
    const char* name;
    const char* text;
    const char* why;
  };
  const Row rows[] = {
      {"nothing", "", "selects every series"},
      {"no matchers", "{}", "selects every series"},
      {"a matcher that holds for the empty text", "{a!=\"x\"}", "selects every series"},
      {"a function", "rate(x[5m])", "at offset 4: a series selector is wanted"},
      {"a range", "x[5m]", "at offset 1"},
      {"a sum of two", "x + y", "at offset 2"},
      {"an offset", "x offset 5m", "at offset 2"},
      {"a number", "5", "at offset 0"},
      {"no closing brace", "x{a=\"b\"", "',' or '}' is wanted"},
      {"no value", "x{a=}", "a quoted value is wanted"},
      {"no label", "x{=\"b\"}", "a label is wanted"},
      {"an open quote", "x{a=\"b}", "the quote is not closed"},
      {"a strange operator", "x{a==\"b\"}", "a quoted value is wanted"},
      {"a strange escape", "x{a=\"\\q\"}", "this escape is not understood"},
      {"a backslash at the end", "x{a=\"\\", "this escape is not understood"},
      {"a template", "x{a=\"b\"}[{{window}}]", "a series selector is wanted"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto selector = parse_promql_selector(row.text);
    ASSERT_FALSE(selector);
    EXPECT_EQ(selector.error().code, ErrorCode::malformed);
    EXPECT_THAT(selector.error().message, HasSubstr(row.why));
  }
}

TEST(ParsePromqlSelector, ReadsEveryPart) {
  const auto selector = parse_promql_selector(
      " http:requests_total { job = \"a\\\"b\" , code=~'5..', path!=`\\d`,m!~\"GET|PUT\",} ");
  ASSERT_TRUE(selector) << selector.error().message;
  EXPECT_EQ(selector->metric, "http:requests_total");
  const std::vector<LabelMatcher> expected = {{"job", LabelMatch::equal, "a\"b"},
                                              {"code", LabelMatch::regex, "5.."},
                                              {"path", LabelMatch::not_equal, "\\d"},
                                              {"m", LabelMatch::not_regex, "GET|PUT"}};
  EXPECT_EQ(selector->matchers, expected);
}

TEST(FirstSelector, FindsWhatSeriesAnExpressionReads) {
  struct Row {
    const char* name;
    const char* promql;
    const char* selector;
  };
  const Row rows[] = {
      {"a selector", "x_total", "x_total"},
      {"a template", "sum(rate(x_total[{{window}}]))", "x_total"},
      {"with matchers", "sum(rate(x{a=\"b\"}[{{window}}]))", "x{a=\"b\"}"},
      {"with spaces", "rate( x {a=\"b\"} [{{ window }}])", "x {a=\"b\"}"},
      {"a brace in a value", "rate(x{a=\"}{\"}[{{window}}])", "x{a=\"}{\"}"},
      {"a quoted quote", "rate(x{a=\"\\\"{\"}[{{window}}])", "x{a=\"\\\"{\"}"},
      {"no metric", "rate({__name__=\"x\"}[5m])", "{__name__=\"x\"}"},
      {"the first of two", "rate(a[{{window}}]) / rate(b[{{window}}])", "a"},
      {"a subquery", "max_over_time((a/b)[{{window}}:1m])", "a"},
      {"an aggregation by labels", "histogram_quantile(0.95, sum by (le, job) (rate(d_bucket[5m])))",
       "d_bucket"},
      {"labels behind it", "sum(rate(x[5m])) by (job)", "x"},
      {"an aggregation without labels", "max without (pod) (q)", "q"},
      {"a name within a text", "label_replace(x, \"a\", \"b\", \"c\", \"d\")", "x"},
      {"numbers and durations first", "1e3 + 5m + x offset 5m", "x"},
      {"a template's window alone", "share({{window}})", ""},
      {"no series", "vector(1)", ""},
      {"an open brace", "x{a=\"b\"", ""},
      {"an open quote", "x{a=\"b", ""},
      {"a backslash at the end", "x{a=\"\\", ""},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(first_selector(row.promql), row.selector);
  }
}

TEST(SeriesFilter, SelectsAsPrometheusDoes) {
  const std::vector<Label> labels = {{"code", "503"}, {"job", "a.b"}, {"line", "x\ry"}};
  struct Row {
    const char* name;
    const char* selector;
    bool matches;
  };
  const Row rows[] = {
      {"the metric alone", "m", true},
      {"another metric", "n", false},
      {"its name as a label", "{__name__=\"m\"}", true},
      {"its name by expression", "{__name__=~\"m|n\"}", true},
      {"a label", "m{job=\"a.b\"}", true},
      {"a label that differs", "m{job!=\"a.b\"}", false},
      {"an absent label is empty", "m{none=\"\"}", true},
      {"an absent label by expression", "m{none=~\".*\"}", true},
      {"an expression", "m{code=~\"5..\"}", true},
      {"anchored at both ends", "m{code=~\"50\"}", false},
      {"anchored around alternatives", "m{code=~\"5|0|3\"}", false},
      {"a negated expression", "m{code!~\"5..\"}", false},
      {"a quoted point", "m{job=~\"a\\\\.b\"}", true},
      {"a point is any but a line feed", "m{line=~\"x.y\"}", true},
      {"classes", "m{code=~\"[45][0-9]{2}\"}", true},
      {"a negated class", "m{code=~\"[^5].*\"}", false},
      {"digits", "m{code=~\"\\\\d+\"}", true},
      {"two matchers", "m{code=~\"5..\",job=\"c\"}", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto selector = parse_promql_selector(row.selector);
    ASSERT_TRUE(selector) << selector.error().message;
    const auto filter = SeriesFilter::compile(*selector);
    ASSERT_TRUE(filter) << filter.error().message;
    const auto matches = filter->matches("m", labels);
    ASSERT_TRUE(matches) << matches.error().message;
    EXPECT_EQ(*matches, row.matches);
  }
}

TEST(SeriesFilter, RefusesWhatTwoDialectsReadDifferently) {
  for (const char* expression :
       {"(?i)get", "(?P<n>a)", "(?=a)", "a)|(b", "(a", "\\s+", "\\bx", "\\Qa\\E", "\\pL", "\\x41",
        "[[:alpha:]]", "[]a]", "a++", "a**", "[a", "a\\", "\\1", "\xff"}) {
    SCOPED_TRACE(expression);
    const auto filter = SeriesFilter::compile({"m", {{"a", LabelMatch::regex, expression}}});
    ASSERT_FALSE(filter);
    EXPECT_EQ(filter.error().code, ErrorCode::malformed);
    EXPECT_THAT(filter.error().message, HasSubstr("a: \""));
  }
}

TEST(SeriesFilter, EndsOnAnExpressionThatTakesForever) {
  const auto filter = SeriesFilter::compile({"m", {{"a", LabelMatch::regex, "(a|aa)+(b|c)+(a|aa)+d"}}});
  ASSERT_TRUE(filter) << filter.error().message;
  const auto matches = filter->matches("m", {{"a", std::string(200, 'a') + "b" + std::string(200, 'a')}});
  EXPECT_TRUE(!matches || !*matches);
}

}  // namespace
}  // namespace gate::load
