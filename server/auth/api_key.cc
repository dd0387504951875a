#include "server/auth/api_key.h"

// As gate/base/hash.cc does it: EVP costs more than the hash of 55 bytes.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

#include <fmt/format.h>

namespace server::auth {
namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kIdSize = 8;
constexpr std::size_t kSecretSize = 30;
constexpr std::size_t kChecksumSize = 6;
constexpr std::size_t kPrefixSize = std::string_view{"rgk_live_"}.size();
constexpr std::size_t kCheckedSize = kPrefixSize + kIdSize + 1 + kSecretSize;
constexpr std::size_t kTextSize = kCheckedSize + 1 + kChecksumSize;

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? 0xEDB88320U : 0U);
    table[byte] = rest;
  }
  return table;
}

// CRC-32 as zlib and IEEE 802.3 have it.
std::uint32_t crc32(std::string_view text) {
  static constexpr auto kTable = crc_table();
  std::uint32_t sum = 0xFFFFFFFFU;
  for (const char c : text) sum = kTable[(sum ^ static_cast<std::uint8_t>(c)) & 0xFFU] ^ (sum >> 8U);
  return ~sum;
}

std::array<char, kChecksumSize> checksum_of(std::string_view text) {
  std::array<char, kChecksumSize> digits{};
  std::size_t rest = crc32(text);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = kBase62[rest % kBase62.size()];
    rest /= kBase62.size();
  }
  return digits;
}

std::string_view view_of(const std::array<char, kChecksumSize>& digits) {
  return {digits.data(), digits.size()};
}

bool is_base62(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

// Each character equally likely: bytes beyond the last whole multiple of 62 are drawn again.
std::string random_base62(std::size_t size, const gate::ports::Random& random) {
  constexpr std::size_t kFair = 256 / kBase62.size() * kBase62.size();
  std::string text;
  std::array<std::uint8_t, 48> bytes{};
  while (text.size() < size) {
    random.fill(bytes);
    for (const std::uint8_t byte : bytes) {
      if (byte < kFair && text.size() < size) text.push_back(kBase62[byte % kBase62.size()]);
    }
  }
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

std::optional<KeyEnvironment> environment_of(std::string_view prefix) {
  if (prefix == "rgk_live_") return KeyEnvironment::live;
  if (prefix == "rgk_demo_") return KeyEnvironment::demo;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(KeyEnvironment environment) {
  switch (environment) {
    case KeyEnvironment::live: return "live";
    case KeyEnvironment::demo: return "demo";
  }
  return "?";
}

std::optional<KeyName> parse_key(std::string_view text) {
  if (text.size() != kTextSize) return std::nullopt;
  const auto environment = environment_of(text.substr(0, kPrefixSize));
  const std::string_view id = text.substr(kPrefixSize, kIdSize);
  const std::string_view secret = text.substr(kCheckedSize - kSecretSize, kSecretSize);
  const bool separated = text[kPrefixSize + kIdSize] == '_' && text[kCheckedSize] == '_';
  if (!environment || !separated || !is_base62(id) || !is_base62(secret)) return std::nullopt;
  if (text.substr(kCheckedSize + 1) != view_of(checksum_of(text.substr(0, kCheckedSize))))
    return std::nullopt;
  return KeyName{*environment, id};
}

std::string without_secrets(std::string_view text) {
  static const std::string kOfKeys = std::string{kBase62} + '_';
  std::string shown;
  for (std::size_t at = text.find("rgk_"); at != std::string_view::npos; at = text.find("rgk_")) {
    const std::size_t end = std::min(text.size(), text.find_first_not_of(kOfKeys, at));
    const std::size_t open = std::min(end - at, kPrefixSize + kIdSize);
    shown.append(text.substr(0, at + open));
    if (at + open < end) shown.append("…");
    text.remove_prefix(end);
  }
  return shown.append(text);
}

KeyDigest digest_of(std::string_view key_text) {
  KeyDigest digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, key_text.data(), key_text.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

bool equal(const KeyDigest& a, const KeyDigest& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(const KeyDigest& digest) {
  std::string hex;
  for (const std::uint8_t byte : digest) {
    hex.push_back(kHex[byte >> 4U]);
    hex.push_back(kHex[byte & 0xFU]);
  }
  return hex;
}

std::optional<KeyDigest> digest_from_hex(std::string_view hex) {
  KeyDigest digest{};
  if (hex.size() != digest.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const auto high = kHex.find(hex[2 * i]);
    const auto low = kHex.find(hex[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  return digest;
}

ApiKey ApiKey::make(KeyEnvironment environment, const gate::ports::Random& random) {
  const std::string drawn = random_base62(kIdSize + kSecretSize, random);
  const std::string_view characters = drawn;
  std::string text = fmt::format("rgk_{}_{}_{}", name_of(environment), characters.substr(0, kIdSize),
                                 characters.substr(kIdSize));
  const auto checksum = checksum_of(text);
  text.push_back('_');
  text.append(view_of(checksum));
  return ApiKey{std::move(text)};
}

std::string_view ApiKey::id() const {
  return std::string_view{text_}.substr(kPrefixSize, kIdSize);
}

}  // namespace server::auth
