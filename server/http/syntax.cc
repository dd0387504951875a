#include "server/http/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "gate/base/text.h"

namespace server::http {
namespace {

// The classes a character belongs to, one bit each.
enum Class : std::uint8_t { kToken = 1, kUri = 2, kName = 4, kHex = 8, kLowerHex = 16 };

constexpr bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  const auto add = [&](std::string_view characters, int bits) {
    for (const char c : characters) classes[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(bits);
  };
  for (int c = 0; c < 128; ++c) {
    if (is_alphanumeric(static_cast<char>(c))) classes[static_cast<std::size_t>(c)] = kToken | kUri | kName;
  }
  add("!#$%&'*+-.^_`|~", kToken);
  add("-._~!$&'()*+,;=:@/?%", kUri);
  add("-._", kName);
  add("0123456789abcdef", kHex | kLowerHex);
  add("ABCDEF", kHex);
  return classes;
}();

bool consists_of(std::string_view text, Class wanted) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0;
  });
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, port);
  return fault == std::errc{} && stopped == end && port <= 65'535;
}

// Letters, digits and their escapes as they may stand in a URI. An escaped NUL ends strings elsewhere.
bool has_whole_escapes(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3)) {
    const std::string_view digits = text.substr(at + 1, 2);
    if (digits.size() != 2 || !consists_of(digits, kHex) || digits == "00") return false;
  }
  return true;
}

bool is_dot_segment(std::string_view segment) {
  if (segment.size() > 6) return false;
  const std::string plain = gate::replace_all(gate::lower(segment), "%2e", ".");
  return plain == "." || plain == "..";
}

bool has_dot_segment(std::string_view path) {
  if (path.find("/.") == std::string_view::npos && path.find("/%2") == std::string_view::npos) return false;
  const auto segments = gate::split(path, '/');
  return std::any_of(segments.begin(), segments.end(), is_dot_segment);
}

}  // namespace

bool is_token(std::string_view text) {
  return consists_of(text, kToken);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); });
}

bool is_host(std::string_view text) {
  const bool is_bracketed = text.starts_with('[');
  const std::size_t colon = text.find(':', is_bracketed ? text.find(']') : 0);
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return false;
  std::string_view name = text.substr(0, colon);
  if (!is_bracketed) return consists_of(name, kName);
  if (name.size() < 4 || !name.ends_with(']')) return false;
  name = name.substr(1, name.size() - 2);
  return std::all_of(name.begin(), name.end(), [](char c) {
    return c == ':' || c == '.' || (kClasses[static_cast<unsigned char>(c)] & kHex) != 0;
  });
}

bool is_origin_form(std::string_view text) {
  return text.starts_with('/') && consists_of(text, kUri) && has_whole_escapes(text) &&
         !has_dot_segment(text.substr(0, text.find('?')));
}

bool is_correlation_id(std::string_view text) {
  return text.size() <= 64 && consists_of(text, kName);
}

bool is_traceparent(std::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view version = text.substr(0, 2);
  const std::string_view trace = text.substr(3, 32);
  const std::string_view parent = text.substr(36, 16);
  const bool are_digits = consists_of(version, kLowerHex) && consists_of(trace, kLowerHex) &&
                          consists_of(parent, kLowerHex) && consists_of(text.substr(53), kLowerHex);
  return are_digits && version != "ff" && trace.find_first_not_of('0') != std::string_view::npos &&
         parent.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace server::http
