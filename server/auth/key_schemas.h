#pragma once

#include <string_view>

namespace server::auth {

// JSON Schemas of what the key routes take and answer.
std::string_view key_request_schema();
std::string_view key_list_schema();
std::string_view created_key_schema();
std::string_view revoked_key_schema();

}  // namespace server::auth
