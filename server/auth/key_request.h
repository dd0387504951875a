#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "server/api/call.h"
#include "server/auth/key_record.h"
#include "server/auth/principal.h"

namespace server::auth {

// How long keys live.
inline constexpr std::chrono::hours kDefaultLife{90 * 24};
inline constexpr std::chrono::hours kLongestLife{366 * 24};

// What somebody asks for: a record that lacks id, digest and maker.
struct KeyRequest {
  KeyRecord key;
  std::string reason;
};

// Reads {"owner", "role" or "scopes", "expires_in" or "expires_at", "services", "rates", "reason"}. Nobody
// gives what he lacks: scopes that the maker has not, services out of his reach, a life beyond his key's and
// rates over both the default and his own are `forbidden`; the default life ends with his key at the latest.
// The local owner gives what he likes.
std::variant<KeyRequest, api::Problem> read_key_request(const api::Call& call, gate::Timestamp now);

}  // namespace server::auth
