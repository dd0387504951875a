#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/ports/random.h"

namespace server::auth {

// Whose keys a server takes: a demonstration's are good for nothing else.
enum class KeyEnvironment : std::uint8_t { live, demo };

std::string_view name_of(KeyEnvironment environment);

// What is kept of a key: SHA-256 of its text. A key has 178 random bits, so that a fast hash is enough.
using KeyDigest = std::array<std::uint8_t, 32>;

// What the text of a key says by itself.
struct KeyName {
  KeyEnvironment environment = KeyEnvironment::live;
  std::string_view id;  // 8 characters, part of the text that was read
};

// `rgk_<env>_<id>_<secret>_<checksum>`: 8, 30 and 6 characters of base62, the last ones the CRC-32 of all
// that stands before their `_`. So a scanner finds keys in a repository, and a typo is refused without a
// lookup. nullopt where the text is no key; which part of it is wrong is nobody's business.
std::optional<KeyName> parse_key(std::string_view text);

KeyDigest digest_of(std::string_view key_text);

// The text with nothing but the id left of every key that stands in it: for what is answered, logged or kept.
std::string without_secrets(std::string_view text);

// Takes as long whichever bytes differ.
bool equal(const KeyDigest& a, const KeyDigest& b);

std::string to_hex(const KeyDigest& digest);
std::optional<KeyDigest> digest_from_hex(std::string_view hex);

// A key that was just made. It is shown once: no formatter takes it, no stream, no gate::Value; whoever calls
// reveal() is easy to find.
class ApiKey {
 public:
  static ApiKey make(KeyEnvironment environment, const gate::ports::Random& random);

  [[nodiscard]] std::string_view id() const;
  [[nodiscard]] KeyDigest digest() const { return digest_of(text_); }
  [[nodiscard]] const std::string& reveal() const { return text_; }

 private:
  explicit ApiKey(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace server::auth
