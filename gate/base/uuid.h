#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gate/base/time.h"

namespace gate {

// UUID version 7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then 74 of the given random bits.
std::string uuid_v7(Timestamp now, const std::array<std::uint8_t, 10>& random_bytes);

// The textual form 8-4-4-4-12 in hex digits, of any version.
bool is_uuid(std::string_view text);

}  // namespace gate
