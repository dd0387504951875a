#include "gate/base/uuid.h"

#include <fmt/format.h>

namespace gate {

std::string uuid_v7(Timestamp now, const std::array<std::uint8_t, 10>& random_bytes) {
  const auto ms = static_cast<std::uint64_t>(now.time_since_epoch().count()) & 0xFFFF'FFFF'FFFFULL;
  const unsigned version_and_random = 0x7000U | ((random_bytes[0] & 0x0FU) << 8U) | random_bytes[1];
  const unsigned variant_and_random = 0x8000U | ((random_bytes[2] & 0x3FU) << 8U) | random_bytes[3];
  std::uint64_t tail = 0;
  for (std::size_t i = 4; i < random_bytes.size(); ++i) tail = (tail << 8U) | random_bytes[i];
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", ms >> 16U, ms & 0xFFFFU, version_and_random,
                     variant_and_random, tail);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
    return false;
  // Without a way out on the way, the compiler looks at several characters at once.
  unsigned hex_digits = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    hex_digits += (byte - unsigned{'0'} < 10 ? 1U : 0U) + ((byte | 0x20U) - unsigned{'a'} < 6 ? 1U : 0U);
  }
  return hex_digits == 32;
}

}  // namespace gate
