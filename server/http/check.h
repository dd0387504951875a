#pragma once

#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/http/server.h"

namespace server::http {

// Whether a server could listen on all of them at once. Binds nothing: whether somebody else has one of them
// is not asked. Error: usage for what is no address, or cannot be had beside one before it.
[[nodiscard]] gate::Status check_addresses(const std::vector<std::string>& addresses);

// Whether those files fit together as Server::open wants them. Error: usage.
[[nodiscard]] gate::Status check_tls(const TlsFiles& files);

// The same, and whether the certificate is valid at that moment. Error: usage.
[[nodiscard]] gate::Status check_validity(const TlsFiles& files, gate::Timestamp now);

}  // namespace server::http
