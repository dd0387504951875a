#pragma once

#include <optional>
#include <string_view>

#include "gate/base/time.h"
#include "gate/testing/test_case.h"

namespace gate::load {

// A duration as a report spells it, and what is odd about it.
struct ReportTime {
  std::optional<testing::Duration> duration;  // absent: not given, or not a time
  const char* doubt = nullptr;                // why it is not taken as it stands
};

// Seconds as test tools write them: "1.5", "1,234.567", "1.234,5", "0,160" (a lone comma is the
// decimal point), "1.5E-4". Negative is 0. Not a time: units ("80us"), NaN, over a year.
ReportTime parse_seconds(std::string_view text);

// hh:mm:ss.fffffff, as TRX has it, with days in front where there are any ("1.02:03:04").
ReportTime parse_clock_time(std::string_view text);

// ISO 8601 as reports have it: with or without fraction; `zoned` says whether it names its offset.
struct ReportMoment {
  Timestamp at{};
  bool zoned = false;
};
std::optional<ReportMoment> parse_report_moment(std::string_view text);

}  // namespace gate::load
