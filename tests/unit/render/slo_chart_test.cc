#include "gate/render/slo_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::render {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::Not;

// A slice a minute of 100 requests with so many bad ones; below 0: no requests.
ChartLine line_of(std::string name, const std::vector<int>& bad) {
  ChartLine line{std::move(name), "99", 0.01, {}};
  for (std::size_t i = 0; i < bad.size(); ++i) {
    const double total = bad[i] < 0 ? 0 : 100;
    line.course.push_back({Timestamp{minutes{i}}, {total, 0, std::max(0.0, double(bad[i]))}});
  }
  return line;
}

std::size_t count_of(std::string_view part, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(SloChart, BreaksTheCurveWhereNothingIsKnown) {
  const std::string svg = slo_chart({line_of("checkout", {0, 1, -1, 2, 3})});
  EXPECT_EQ(count_of("<polyline", svg), 2U);
  EXPECT_THAT(svg, HasSubstr("checkout: burn rate, objective 99 %"));
  EXPECT_THAT(svg, HasSubstr("1970-01-01T00:04Z"));
}

TEST(SloChart, BreaksTheCurveWhereSlicesAreMissing) {
  ChartLine line = line_of("checkout", {0, 1, 2, 3, 4, 5});
  line.course.erase(line.course.begin() + 2, line.course.begin() + 4);
  EXPECT_EQ(count_of("<polyline", slo_chart({line})), 2U);
}

TEST(SloChart, DrawsABurnRateOfOneOnItsLine) {
  const std::string svg = slo_chart({line_of("a", {1, 1})});
  const std::size_t rule = svg.find("stroke=\"#cf222e\"");
  ASSERT_NE(rule, std::string::npos);
  const std::size_t y = svg.rfind("y1=\"", rule);
  const std::string height = svg.substr(y + 4, svg.find('"', y + 4) - y - 4);
  EXPECT_THAT(svg, HasSubstr("points=\"48.0," + height + " 704.0," + height + "\""));
}

TEST(SloChart, SaysWhereThereIsNoData) {
  EXPECT_THAT(slo_chart({line_of("quiet", {})}), HasSubstr("no data"));
  EXPECT_THAT(slo_chart({}), HasSubstr("</svg>"));
}

TEST(SloChart, ShowsNamesAsText) {
  const std::string svg = slo_chart({line_of("<script>alert(1)</script> & \"x\"\n\x1b[31m", {1})});
  EXPECT_THAT(svg, Not(HasSubstr("<script>")));
  EXPECT_THAT(svg, Not(HasSubstr("\x1b")));
  EXPECT_THAT(svg, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;"));
}

}  // namespace
}  // namespace gate::render
