#include "gate/slo/calendar.h"

#include <algorithm>

namespace gate::slo {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;
using Unit = Calendar::Unit;

int days_of(Unit unit) {
  return unit == Unit::day ? 1 : unit == Unit::week ? 7 : 0;
}

int months_of(Unit unit) {
  return unit == Unit::month ? 1 : unit == Unit::quarter ? 3 : unit == Unit::year ? 12 : 0;
}

// What the clocks show when the period `index` begins; 0 is the calendar's own start.
sys_seconds wall_start(const Calendar& calendar, int index) {
  const auto start = floor<seconds>(calendar.start);
  if (const int length = days_of(calendar.unit)) return start + days{index * calendar.count * length};
  const auto day = floor<days>(start);
  const year_month_day first{day};
  const auto month =
      first.year() / first.month() + std::chrono::months{index * calendar.count * months_of(calendar.unit)};
  const auto last = (month / std::chrono::last).day();
  return std::chrono::sys_days{month / std::min(first.day(), last)} + (start - day);
}

// Near the index of the period that the clocks are in: off by one at most.
int estimate(const Calendar& calendar, sys_seconds wall) {
  const auto since = wall - floor<seconds>(calendar.start);
  if (const int length = days_of(calendar.unit))
    return static_cast<int>(since / (days{1} * length * calendar.count));
  const auto month_length = std::chrono::seconds{2'629'746};
  return static_cast<int>(since / month_length / (months_of(calendar.unit) * calendar.count));
}

}  // namespace

seconds offset_at(const TimeZone& zone, sys_seconds moment) {
  const auto next =
      std::upper_bound(zone.changes.begin(), zone.changes.end(), moment,
                       [](sys_seconds at, const TimeZone::Change& change) { return at < change.at; });
  return next == zone.changes.begin() ? zone.before : std::prev(next)->offset;
}

sys_seconds moment_of(const TimeZone& zone, sys_seconds wall) {
  const seconds earlier = offset_at(zone, wall - days{1});
  const seconds later = offset_at(zone, wall + days{1});
  if (offset_at(zone, wall - earlier) == earlier) return wall - earlier;
  if (offset_at(zone, wall - later) == later) return wall - later;
  return wall - earlier;
}

Period current_period(const Calendar& calendar, const TimeZone& zone, Timestamp now) {
  const auto moment = floor<seconds>(now);
  const auto start_of = [&](int index) { return moment_of(zone, wall_start(calendar, index)); };
  int index = estimate(calendar, moment + offset_at(zone, moment));
  while (start_of(index) > moment) --index;
  while (start_of(index + 1) <= moment) ++index;
  Period period;
  period.length = start_of(index + 1) - start_of(index);
  period.elapsed = std::max(seconds{1}, moment - start_of(index));
  period.calendar = calendar;
  return period;
}

}  // namespace gate::slo
