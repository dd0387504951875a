#include "gate/load/report_time.h"

#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

namespace gate::load {
namespace {

struct Row {
  const char* text;
  std::optional<std::int64_t> nanos;
  bool doubtful;
};

TEST(ReportTime, ReadsSecondsAsToolsWriteThem) {
  const Row rows[] = {
      {"", std::nullopt, false},
      {"0", 0, false},
      {"1", 1'000'000'000, false},
      {"0.004", 4'000'000, false},
      {".5", 500'000'000, false},
      {" 1.5 ", 1'500'000'000, false},
      {"1.5E-4", 150'000, false},
      {"5e-05", 50'000, false},
      {"1,234.567", 1'234'567'000'000, false},
      {"14,029.255", 14'029'255'000'000, false},
      {"1,234,567.8", 1'234'567'800'000'000, false},
      {"1.234,5", 1'234'500'000'000, false},
      {"0,160", 160'000'000, false},
      {"1,5", 1'500'000'000, false},
      {"1,234,567", 1'234'567'000'000'000, false},
      {"-0.5", 0, true},
      {"-3", 0, true},
      {"80.803us", std::nullopt, true},
      {"12ms", std::nullopt, true},
      {"3 s", std::nullopt, true},
      {"NaN", std::nullopt, true},
      {"nan", std::nullopt, true},
      {"inf", std::nullopt, true},
      {"1e400", std::nullopt, true},
      {"1967986371", std::nullopt, true},
      {"1,23,456.7", std::nullopt, true},
      {"1.2.3", std::nullopt, true},
      {"abc", std::nullopt, true},
      {",", std::nullopt, true},
      {".", std::nullopt, true},
      {"+1", std::nullopt, true},
      {"0x10", std::nullopt, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const ReportTime time = parse_seconds(row.text);
    const auto nanos = time.duration ? std::optional{time.duration->count()} : std::nullopt;
    EXPECT_EQ(nanos, row.nanos);
    EXPECT_EQ(time.doubt != nullptr, row.doubtful);
  }
}

TEST(ReportTime, ReadsClockTimes) {
  const Row rows[] = {
      {"00:00:00.1084258", 108'425'800, false},
      {"00:00:01", 1'000'000'000, false},
      {"01:02:03", 3'723'000'000'000, false},
      {"1.02:03:04", 93'784'000'000'000, false},
      {"", std::nullopt, false},
      {"12", std::nullopt, true},
      {"00:01", std::nullopt, true},
      {"a:b:c", std::nullopt, true},
      {"1:2:3:4", std::nullopt, true},
      {"-1:00:00", std::nullopt, true},
      {"::", std::nullopt, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const ReportTime time = parse_clock_time(row.text);
    const auto nanos = time.duration ? std::optional{time.duration->count()} : std::nullopt;
    EXPECT_EQ(nanos, row.nanos);
    EXPECT_EQ(time.doubt != nullptr, row.doubtful);
  }
}

TEST(ReportTime, ReadsMomentsAndWhetherTheyNameTheirOffset) {
  const auto at = parse_timestamp("2026-11-20T03:49:21.500Z");
  ASSERT_TRUE(at);
  struct MomentRow {
    const char* text;
    bool known;
    bool zoned;
  };
  const MomentRow rows[] = {
      {"2026-11-20T03:49:21.500Z", true, true},
      {"2026-11-20T03:49:21.5", true, false},
      {"2026-11-20 03:49:21.500", true, false},
      {"2026-11-20T05:49:21.5000000+02:00", true, true},
      {"2026-11-20T03:49:21.500000000001Z", true, true},
      {"Fri, 20 Nov 2026 03:50:14 GMT", false, false},
      {"2021-03-07T10:36:56 UTC", false, false},
      {"2026-13-20T03:49:21", false, false},
      {"", false, false},
  };
  for (const MomentRow& row : rows) {
    SCOPED_TRACE(row.text);
    const auto moment = parse_report_moment(row.text);
    ASSERT_EQ(moment.has_value(), row.known);
    if (!moment) continue;
    EXPECT_EQ(to_string(moment->at), to_string(*at));
    EXPECT_EQ(moment->zoned, row.zoned);
  }
}

}  // namespace
}  // namespace gate::load
