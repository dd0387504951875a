#pragma once

#include <string_view>

namespace server::exemptions {

// JSON Schemas (2020-12) of what the routes take and answer. The texts live as long as the process.
std::string_view health_schema();
std::string_view report_schema();
std::string_view expired_schema();
std::string_view register_schema();
std::string_view coverage_schema();
std::string_view cleanup_schema();
std::string_view revalidation_schema();
std::string_view reset_schema();
std::string_view push_schema();

std::string_view coverage_request_schema();
std::string_view reason_request_schema();
std::string_view reset_request_schema();
std::string_view push_request_schema();

}  // namespace server::exemptions
