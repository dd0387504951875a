#pragma once

#include <cstddef>
#include <string_view>

// The character classes of RFC 5234, appendix B.1, and how to eat text by them.
namespace gate::schema {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// How many characters at the start of `text` are of a class.
template <typename IsOne>
std::size_t run_length(std::string_view text, IsOne is_one) {
  std::size_t n = 0;
  while (n < text.size() && is_one(text[n])) ++n;
  return n;
}

// Removes `c` from the start of `text`, where it stands.
inline bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace gate::schema
