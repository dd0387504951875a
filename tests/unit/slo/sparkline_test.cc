#include "gate/slo/sparkline.h"

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::minutes;

// One slice a minute: a share of 1,000 requests; below 0: no requests.
std::vector<Slice> course_of(const std::vector<double>& shares) {
  std::vector<Slice> course;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double total = shares[i] < 0 ? 0 : 1'000;
    const double bad = total * shares[i];
    course.push_back({Timestamp{minutes{i}}, {total, bad, bad}});
  }
  return course;
}

TEST(Sparkline, DoublesTheBurnRateForEachBlock) {
  struct Row {
    const char* name;
    std::vector<double> shares;
    std::size_t width;
    const char* line;
  };
  const Row rows[] = {
      {"nothing", {}, 24, ""},
      {"no width", {0.1}, 0, ""},
      {"health", {0, 0, 0}, 24, "▁▁▁"},
      {"half the budget's pace is still low", {0.005, 0.0051}, 24, "▁▂"},
      {"each doubling", {0.0101, 0.0201, 0.0401, 0.0801, 0.1601, 0.3201}, 24, "▃▄▅▆▇█"},
      {"down", {0, 1, 1, 0}, 24, "▁██▁"},
      {"a gap is no health", {0, -1, 0}, 24, "▁·▁"},
      {"stretches are weighted by traffic", {0, 1, 0, 0}, 2, "█▁"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(sparkline(course_of(row.shares), 0.01, row.width), row.line);
  }
}

TEST(Sparkline, CountsWhatMayBeBadAsBad) {
  EXPECT_EQ(sparkline({{Timestamp{}, {100, 0, 100}}}, 0.01), "█");
}

}  // namespace
}  // namespace gate::slo
