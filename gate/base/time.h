#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "gate/base/result.h"

namespace gate {

// A moment, UTC, to the millisecond.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// A calendar day, UTC.
using Date = std::chrono::sys_days;

// RFC 3339 with `Z` and milliseconds: 2026-11-20T05:01:23.000Z.
std::string to_string(Timestamp moment);

// 2026-11-20.
std::string to_string(Date day);

// RFC 3339 date-time with an offset (`Z` or ±hh:mm); a leap second :60 counts as the next second.
// Error: malformed.
Result<Timestamp> parse_timestamp(std::string_view text);

// YYYY-MM-DD of a day that exists. Error: malformed.
Result<Date> parse_date(std::string_view text);

// A timestamp, or a date as its midnight: what `--as-of` takes. Error: malformed.
Result<Timestamp> parse_moment(std::string_view text);

// A positive whole amount and its unit, as settings write it: "250ms", "90s", "10m", "24h", "30d";
// at most 3,660 days. Error: malformed.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

Date date_of(Timestamp moment);

// "340 ms", "12.3 s", "4 min 05 s", "2 h 03 min": for people, never for machines.
std::string human_duration(std::chrono::milliseconds duration);

}  // namespace gate
