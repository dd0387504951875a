#include "gate/base/time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate {
namespace {

using std::chrono::milliseconds;

TEST(ParseTimestamp, RefusesWhatIsNoMoment) {
  for (const char* text : {"",
                           "2026",
                           "2026-11-20",
                           "2026-11-20T",
                           "2026-11-20T05:01Z",
                           "2026-11-20T05:01:23",
                           "2026-11-20T24:00:00Z",
                           "2026-11-20T23:60:00Z",
                           "2026-11-20T23:59:61Z",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-04-31T00:00:00Z",
                           "26-01-01T00:00:00Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00,5Z",
                           "2026-01-01T00:00:00+0100",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00+01:60",
                           "2026-01-01T00:00:00ZZ",
                           "2026-01-01T00:00:00Z ",
                           " 2026-01-01T00:00:00Z",
                           "2026-1-1T00:00:00Z",
                           "+2026-01-01T00:00:00Z",
                           "2026-01-01T-1:00:00Z",
                           "2026-01-01x00:00:00Z",
                           "1767225600",
                           "tomorrow",
                           "2026-01-01T00:00:00\u0660Z"}) {
    const auto moment = parse_timestamp(text);
    ASSERT_FALSE(moment) << text;
    EXPECT_EQ(moment.error().code, ErrorCode::malformed);
    EXPECT_THAT(moment.error().message, testing::HasSubstr(text));
  }
}

TEST(ParseTimestamp, ReadsEveryFormOfTheStandard) {
  struct Row {
    const char* text;
    const char* same;
  };
  const Row rows[] = {
      {"2026-11-20T05:01:23Z", "2026-11-20T05:01:23.000Z"},
      {"2026-11-20t05:01:23z", "2026-11-20T05:01:23.000Z"},
      {"2026-11-20 05:01:23Z", "2026-11-20T05:01:23.000Z"},
      {"2026-11-20T05:01:23.5Z", "2026-11-20T05:01:23.500Z"},
      {"2026-11-20T05:01:23.0009Z", "2026-11-20T05:01:23.000Z"},
      {"2026-11-20T05:01:23.123456789123456789Z", "2026-11-20T05:01:23.123Z"},
      {"2026-11-20T05:01:23+05:30", "2026-11-19T23:31:23.000Z"},
      {"2026-11-20T23:30:00-00:45", "2026-11-21T00:15:00.000Z"},
      {"2026-11-20T05:01:23-00:00", "2026-11-20T05:01:23.000Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
      {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
      {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"},
      {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
  };
  for (const Row& row : rows) {
    const auto moment = parse_timestamp(row.text);
    ASSERT_TRUE(moment) << row.text;
    EXPECT_EQ(to_string(*moment), row.same) << row.text;
  }
}

TEST(ParseDate, TakesDaysThatExist) {
  for (const char* text : {"2026-11-20", "2024-02-29", "2000-02-29", "9999-12-31"}) {
    const auto day = parse_date(text);
    ASSERT_TRUE(day) << text;
    EXPECT_EQ(to_string(*day), text);
  }
  for (const char* text :
       {"", "2026-11-31", "2100-02-29", "2026-11-20 ", "2026/11/20", "20261120", "2026-11-20T00:00:00Z"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(ParseMoment, TakesADateAsItsMidnight) {
  EXPECT_EQ(to_string(*parse_moment("2026-11-20")), "2026-11-20T00:00:00.000Z");
  EXPECT_EQ(to_string(*parse_moment("2026-11-20T01:00:00+02:00")), "2026-11-19T23:00:00.000Z");
  EXPECT_THAT(parse_moment("noon").error().message, testing::HasSubstr("\"noon\" is neither a date"));
}

TEST(ParseDuration, NeedsANumberAndAUnit) {
  EXPECT_EQ(*parse_duration("1ms"), milliseconds{1});
  EXPECT_EQ(*parse_duration("90s"), milliseconds{90'000});
  EXPECT_EQ(*parse_duration("10m"), milliseconds{600'000});
  EXPECT_EQ(*parse_duration("24h"), milliseconds{86'400'000});
  EXPECT_EQ(*parse_duration("30d"), milliseconds{2'592'000'000});
  for (const char* text : {"", "s", "10", "-1s", "0s", "1.5h", "1 h", "1H", "1w", "99999999999999999999s",
                           "9223372036854775807d", "1000000d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(DateOf, RoundsDownBeforeTheEpochToo) {
  EXPECT_EQ(to_string(date_of(*parse_timestamp("2026-11-20T23:59:59.999Z"))), "2026-11-20");
  EXPECT_EQ(to_string(date_of(*parse_timestamp("1969-12-31T23:59:59.999Z"))), "1969-12-31");
}

TEST(HumanDuration, ChoosesItsUnit) {
  struct Row {
    milliseconds duration;
    const char* text;
  };
  const Row rows[] = {
      {milliseconds{0}, "0 ms"},
      {milliseconds{999}, "999 ms"},
      {milliseconds{1'000}, "1.0 s"},
      {milliseconds{12'349}, "12.3 s"},
      {milliseconds{59'999}, "59.9 s"},
      {milliseconds{60'000}, "1 min 00 s"},
      {milliseconds{245'000}, "4 min 05 s"},
      {milliseconds{3'599'999}, "59 min 59 s"},
      {milliseconds{7'380'000}, "2 h 03 min"},
  };
  for (const Row& row : rows) EXPECT_EQ(human_duration(row.duration), row.text);
}

}  // namespace
}  // namespace gate
