#include <chrono>
#include <string_view>

#include "gate/load/tzif.h"
#include "gate/slo/calendar.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using slo::Calendar;
using std::chrono::hours;
using std::chrono::sys_seconds;

bool is_offset(std::chrono::seconds offset) {
  return offset >= -hours{26} && offset <= hours{26};
}

void check_zone(const slo::TimeZone& zone) {
  require(is_offset(zone.before), "an offset is less than two days");
  const slo::TimeZone::Change* before = nullptr;
  for (const slo::TimeZone::Change& change : zone.changes) {
    require(is_offset(change.offset), "an offset is less than two days");
    require(before == nullptr || before->at < change.at, "changes come one after another");
    require(slo::offset_at(zone, change.at) == change.offset, "a change counts from its moment on");
    before = &change;
  }
}

void check_periods(const slo::TimeZone& zone, Timestamp now) {
  for (const auto unit : {Calendar::Unit::day, Calendar::Unit::week, Calendar::Unit::month,
                          Calendar::Unit::quarter, Calendar::Unit::year}) {
    const Calendar calendar{unit, 1, Timestamp{Date{std::chrono::year{2024} / 1 / 1}}, ""};
    const slo::Period period = slo::current_period(calendar, zone, now);
    require(period.elapsed.count() > 0 && period.elapsed <= period.length, "a period holds its moment");
  }
}

}  // namespace

void fuzz_tzif(std::string_view input) {
  const auto zone = load::parse_tzif(input);
  if (!zone) {
    require(!zone.error().message.empty(), "a refusal says why");
    return;
  }
  require(zone->changes.size() <= 110'000, "a zone is bounded");
  check_zone(*zone);
  for (const int year : {1985, 2024, 2026, 2199})
    check_periods(*zone, Timestamp{Date{std::chrono::year{year} / 3 / 31}} + hours{1});
}

}  // namespace gate::fuzz
