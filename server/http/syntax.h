#pragma once

#include <string_view>

namespace server::http {

// The words of HTTP, by the letter of RFC 9110, RFC 9112 and RFC 3986, and nothing that is merely usual.

// A header's name or a method: letters, digits and !#$%&'*+-.^_`|~
[[nodiscard]] bool is_token(std::string_view text);

// What a header may hold: printable ASCII, space and tab. Bytes above it are legal and mean nothing.
[[nodiscard]] bool is_field_value(std::string_view text);

// A name, an IPv4 address or an IPv6 one in brackets, with or without a port.
[[nodiscard]] bool is_host(std::string_view text);

// A path that starts with `/` and has no dot segments, then perhaps a query; escapes are whole, none is NUL.
[[nodiscard]] bool is_origin_form(std::string_view text);

// 1 to 64 letters, digits, dots, underscores and hyphens.
[[nodiscard]] bool is_correlation_id(std::string_view text);

// W3C Trace Context, 3.2.
[[nodiscard]] bool is_traceparent(std::string_view text);

}  // namespace server::http
