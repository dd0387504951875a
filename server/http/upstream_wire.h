#pragma once

#include <string>
#include <string_view>

#include "gate/base/result.h"
#include "server/http/upstream.h"

namespace server::http {

// Where an upstream is, from its `url_base`.
struct UpstreamAddress {
  bool is_tls = false;
  std::string host;       // a name or an address, without brackets
  std::string port;       // "80"
  std::string authority;  // as the Host header names it: "[::1]:8080"

  bool operator==(const UpstreamAddress&) const = default;
};

// "http://name:8080", "https://[::1]"; without a path. Error: usage.
[[nodiscard]] gate::Result<UpstreamAddress> parse_upstream_address(std::string_view url_base);

// The bytes of the request. Hop-by-hop headers are left out. Error: usage for a method, target or header that
// cannot stand in a request.
[[nodiscard]] gate::Result<std::string> request_bytes(const UpstreamRequest& request,
                                                      const UpstreamAddress& address);

// The reply without its body, and without the headers that are meant for its connection alone (RFC 9110,
// 7.6.1). `received` has its names in lower case. Error: unavailable for a reply whose end two readers could
// see at different places, and for one that could not be passed on.
[[nodiscard]] gate::Result<Response> checked_reply(int status, const Headers& received);

// Whether to do it twice is to do it once (RFC 9110, 9.2.2).
[[nodiscard]] bool is_idempotent(std::string_view method);

}  // namespace server::http
