#pragma once

#include <string_view>

namespace server::limits {

// JSON Schemas of what RateLimitService takes and answers.
std::string_view override_request_schema();
std::string_view reason_request_schema();
std::string_view status_schema();
std::string_view events_schema();
std::string_view config_schema();
std::string_view configured_schema();
std::string_view ended_schema();
std::string_view cleared_schema();
std::string_view reset_schema();

}  // namespace server::limits
