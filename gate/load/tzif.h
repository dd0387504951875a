#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/slo/calendar.h"

namespace gate::load {

// Reads a compiled time zone (RFC 8536), version 2 or later, as systems keep them. What its last rule says is
// written out up to the year 2200. Error: malformed.
Result<slo::TimeZone> parse_tzif(std::string_view bytes);

}  // namespace gate::load
