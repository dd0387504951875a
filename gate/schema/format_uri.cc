#include <array>
#include <cstdint>

#include "gate/base/utf8.h"
#include "gate/schema/format_ascii.h"
#include "gate/schema/format_checks.h"
#include "gate/schema/uri.h"

namespace gate::schema {
namespace {

// The places of RFC 3986, appendix A, and RFC 6570, 2, whose characters differ.
enum Place : std::uint8_t { kHost = 1, kUserinfo = 2, kPath = 4, kQuery = 8, kLiteral = 16, kVariable = 32 };

constexpr void allow(std::array<std::uint8_t, 128>& places, std::string_view characters, unsigned in) {
  for (const char c : characters) {
    auto& place = places[static_cast<unsigned char>(c)];
    place = static_cast<std::uint8_t>(place | in);
  }
}

// Where each ASCII character may stand as itself.
constexpr std::array<std::uint8_t, 128> kPlaces = [] {
  constexpr std::string_view kAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr unsigned kAnywhere = kHost | kUserinfo | kPath | kQuery | kLiteral;
  std::array<std::uint8_t, 128> places{};
  allow(places, kAlphanumeric, kAnywhere | kVariable);
  allow(places, "_", kVariable);
  allow(places, "-._~!$&'()*+,;=", kAnywhere);
  allow(places, ":", kUserinfo | kPath | kQuery | kLiteral);
  allow(places, "@/", kPath | kQuery | kLiteral);
  allow(places, "?", kQuery | kLiteral);
  allow(places, "#[]", kLiteral);
  return places;
}();

// The characters beyond ASCII that may stand as themselves (RFC 3987, 2.2).
enum class Beyond { none, ucschar, ucschar_and_private };

bool is_private(char32_t c) {
  return (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xF0000 && (c & 0xFFFF) <= 0xFFFD);
}

bool is_ucschar(char32_t c) {
  if (c >= 0x10000) return c < 0xF0000 && (c & 0xFFFF) <= 0xFFFD && (c < 0xE0000 || c >= 0xE1000);
  return c >= 0xA0 && c < 0xFFF0 && !(c >= 0xD800 && c < 0xF900) && !(c > 0xFDCF && c < 0xFDF0);
}

// RFC 3987, 4.1, keeps them out of every IRI.
bool is_bidi_control(char32_t c) {
  return c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E);
}

bool is_allowed(char32_t c, Beyond beyond) {
  if (beyond == Beyond::none) return false;
  return (is_ucschar(c) && !is_bidi_control(c)) || (beyond == Beyond::ucschar_and_private && is_private(c));
}

bool is_escape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && is_hex_digit(text[1]) && is_hex_digit(text[2]);
}

// Removes from the start of `text` all that may stand in a place, percent-encoded or as itself.
void skip(std::string_view& text, Place place, Beyond beyond) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (is_ascii(c) && (kPlaces[static_cast<unsigned char>(c)] & place) != 0) {
      ++at;
    } else if (c == '%' && is_escape(text.substr(at))) {
      at += 3;
    } else if (!is_ascii(c)) {
      const CodePoint next = decode_utf8(text.substr(at));
      if (!is_allowed(next.value, beyond)) break;
      at += next.bytes;
    } else {
      break;
    }
  }
  text.remove_prefix(at);
}

bool is_only(std::string_view text, Place place, Beyond beyond) {
  skip(text, place, beyond);
  return text.empty();
}

// What stands between the brackets of a host: IPv6address or IPvFuture.
bool is_ip_literal(std::string_view text) {
  if (is_ipv6(text)) return true;
  if (!take(text, 'v') && !take(text, 'V')) return false;
  const std::size_t version = run_length(text, is_hex_digit);
  text.remove_prefix(version);
  if (version == 0 || !take(text, '.') || text.empty() || text.find('%') != std::string_view::npos)
    return false;
  return is_only(text, kUserinfo, Beyond::none);
}

bool is_authority(std::string_view text, Beyond beyond) {
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (!is_only(text.substr(0, at), kUserinfo, beyond)) return false;
    text.remove_prefix(at + 1);
  }
  if (take(text, '[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_ip_literal(text.substr(0, end))) return false;
    text.remove_prefix(end + 1);
  } else {
    skip(text, kHost, beyond);
  }
  return text.empty() || (take(text, ':') && run_length(text, is_digit) == text.size());
}

enum class Scheme { required, optional };

bool is_reference(std::string_view text, Scheme scheme, Beyond beyond) {
  // A colon in front of these ends a scheme: no relative path has one in its first segment.
  const std::size_t colon = text.find_first_of(":/?#");
  if (colon != std::string_view::npos && text[colon] == ':') {
    if (!is_absolute_uri(text.substr(0, colon + 1))) return false;
    text.remove_prefix(colon + 1);
  } else if (scheme == Scheme::required) {
    return false;
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::string_view authority = text.substr(0, text.find_first_of("/?#"));
    if (!is_authority(authority, beyond)) return false;
    text.remove_prefix(authority.size());
  }
  skip(text, kPath, beyond);
  if (take(text, '?')) skip(text, kQuery, beyond == Beyond::none ? beyond : Beyond::ucschar_and_private);
  if (take(text, '#')) skip(text, kQuery, beyond);
  return text.empty();
}

// `varspec`: a name in parts between dots, with a longest length or an explosion after it.
bool is_variable(std::string_view text) {
  do {
    const std::size_t before = text.size();
    skip(text, kVariable, Beyond::none);
    if (text.size() == before) return false;
  } while (take(text, '.'));
  if (take(text, '*') || text.empty()) return text.empty();
  if (!take(text, ':') || text.empty() || text.front() == '0') return false;
  return text.size() <= 4 && run_length(text, is_digit) == text.size();
}

// What stands between the braces of a template.
bool is_expression(std::string_view text) {
  constexpr std::string_view kOperators = "+#./;?&=,!@|";
  if (!text.empty() && kOperators.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (true) {
    const std::string_view variable = text.substr(0, text.find(','));
    if (!is_variable(variable)) return false;
    text.remove_prefix(variable.size());
    if (!take(text, ',')) return true;
  }
}

}  // namespace

bool is_uri(std::string_view text) {
  return is_reference(text, Scheme::required, Beyond::none);
}

bool is_uri_reference(std::string_view text) {
  return is_reference(text, Scheme::optional, Beyond::none);
}

bool is_iri(std::string_view text) {
  return is_reference(text, Scheme::required, Beyond::ucschar);
}

bool is_iri_reference(std::string_view text) {
  return is_reference(text, Scheme::optional, Beyond::ucschar);
}

bool is_uri_template(std::string_view text) {
  while (true) {
    skip(text, kLiteral, Beyond::ucschar_and_private);
    if (text.empty()) return true;
    if (!take(text, '{')) return false;
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos || !is_expression(text.substr(0, end))) return false;
    text.remove_prefix(end + 1);
  }
}

}  // namespace gate::schema
