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
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace gate
