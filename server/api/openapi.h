#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/api/route.h"

namespace server::api {

// The OpenAPI 3.1 document of the routes that can be reached over the network: what /openapi.json answers.
// All of it is read from the rows and the list of problems. REQUIRES: check_routes(routes), and schemas that
// are JSON.
std::string openapi_document(std::span<const Route> routes, std::string_view version);

}  // namespace server::api
