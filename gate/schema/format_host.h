#pragma once

#include <cstddef>
#include <string_view>

namespace gate::schema {

constexpr std::size_t kLongestLabel = 63;  // octets, of an internationalized one in its A-label

enum class NonAscii { refused, allowed };

// A label of letters, digits and inner hyphens (RFC 1123, 2.1) that is short enough. Characters beyond
// ASCII, where allowed, count as letters: whether IDNA2008 takes them is not asked.
bool is_label(std::string_view text, NonAscii non_ascii);

}  // namespace gate::schema
