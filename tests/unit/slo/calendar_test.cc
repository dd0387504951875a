#include "gate/slo/calendar.h"

#include <string>

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Unit = Calendar::Unit;

Timestamp at(const char* text) {
  return *parse_moment(text);
}

// Central Europe's clocks in 2026: forward on 29 March, back on 25 October, both at 01:00 UTC.
TimeZone berlin() {
  const auto change = [](const char* moment, int offset) {
    return TimeZone::Change{std::chrono::floor<seconds>(at(moment)), hours{offset}};
  };
  return {hours{1}, {change("2026-03-29T01:00:00Z", 2), change("2026-10-25T01:00:00Z", 1)}};
}

TEST(CurrentPeriod, OfEveryUnit) {
  const struct {
    Unit unit;
    int count;
    const char* start;
    const char* now;
    const char* began;
    int days;
  } rows[] = {
      {Unit::day, 1, "2022-01-01T12:00:00Z", "2026-11-20T11:59:59Z", "2026-11-19T12:00:00Z", 1},
      {Unit::week, 1, "2022-01-03T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-16T00:00:00Z", 7},
      {Unit::month, 1, "2022-01-01T00:00:00Z", "2026-02-28T23:59:59Z", "2026-02-01T00:00:00Z", 28},
      {Unit::month, 1, "2022-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", 31},
      {Unit::month, 1, "2022-01-31T00:00:00Z", "2026-02-28T12:00:00Z", "2026-02-28T00:00:00Z", 31},
      {Unit::month, 2, "2026-01-01T00:00:00Z", "2026-04-05T00:00:00Z", "2026-03-01T00:00:00Z", 61},
      {Unit::quarter, 1, "2022-01-01T00:00:00Z", "2026-11-20T00:00:00Z", "2026-10-01T00:00:00Z", 92},
      {Unit::year, 1, "2020-02-29T00:00:00Z", "2026-11-20T00:00:00Z", "2026-02-28T00:00:00Z", 365},
      {Unit::month, 1, "2030-01-01T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-01T00:00:00Z", 30},
  };
  for (const auto& row : rows) {
    const Period period = current_period({row.unit, row.count, at(row.start), ""}, {}, at(row.now));
    EXPECT_EQ(period.length, hours{row.days * 24}) << row.now;
    const seconds elapsed = std::max(seconds{1}, std::chrono::floor<seconds>(at(row.now) - at(row.began)));
    EXPECT_EQ(period.elapsed, elapsed) << row.now;
  }
}

TEST(CurrentPeriod, FollowsTheClocksOfTheZone) {
  const Calendar months{Unit::month, 1, at("2026-01-01T00:00:00Z"), "Europe/Berlin"};
  const Period march = current_period(months, berlin(), at("2026-03-31T22:00:00Z") - seconds{1});
  EXPECT_EQ(march.length, hours{31 * 24 - 1});  // the night of 29 March is an hour shorter
  EXPECT_EQ(march.elapsed, march.length - seconds{1});
  const Period april = current_period(months, berlin(), at("2026-03-31T22:00:00Z"));
  EXPECT_EQ(april.length, hours{30 * 24});
}

TEST(MomentOf, AtTheChanges) {
  const auto wall = [](const char* text) { return std::chrono::floor<seconds>(at(text)); };
  EXPECT_EQ(moment_of(berlin(), wall("2026-01-01T00:00:00Z")), wall("2025-12-31T23:00:00Z"));
  EXPECT_EQ(moment_of(berlin(), wall("2026-10-25T02:30:00Z")), wall("2026-10-25T00:30:00Z"));  // of two
  EXPECT_EQ(moment_of(berlin(), wall("2026-03-29T02:30:00Z")), wall("2026-03-29T01:30:00Z"));  // of none
}

}  // namespace
}  // namespace gate::slo
