#include "server/http/upstream_wire.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "server/http/answer.h"
#include "server/http/syntax.h"

namespace server::http {
namespace {

using gate::Error;
using gate::ErrorCode;
using gate::Result;

// Headers for one connection alone, and those that frame its messages.
constexpr std::string_view kHopByHop[] = {
    "connection",          "content-length",   "expect", "host",    "keep-alive",        "proxy-authenticate",
    "proxy-authorization", "proxy-connection", "te",     "trailer", "transfer-encoding", "upgrade",
};

Error unavailable(std::string message) {
  return {ErrorCode::unavailable, std::move(message)};
}

// The options of all Connection headers, in lower case: they name more headers of that kind.
std::vector<std::string> connection_options(const Headers& headers) {
  std::vector<std::string> options;
  for (const auto& [name, value] : headers) {
    if (gate::lower(name) != "connection") continue;
    for (const std::string_view option : gate::split(value, ','))
      options.push_back(gate::lower(gate::trim(option)));
  }
  return options;
}

bool is_hop_by_hop(const std::string& name, const std::vector<std::string>& options) {
  const std::string known = gate::lower(name);
  return std::find(std::begin(kHopByHop), std::end(kHopByHop), known) != std::end(kHopByHop) ||
         std::find(options.begin(), options.end(), known) != options.end();
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

gate::Status check_framing(const Headers& headers) {
  int lengths = 0;
  int codings = 0;
  for (const auto& [name, value] : headers) {
    if (name == "content-length" && (++lengths > 1 || !is_number(value)))
      return unavailable("the reply's Content-Length is not one number");
    if (name == "transfer-encoding" && (++codings > 1 || !gate::equal_ignoring_case(value, "chunked")))
      return unavailable("the reply's Transfer-Encoding is not chunked");
  }
  if (lengths + codings > 1) return unavailable("the reply has two lengths");
  return gate::done();
}

bool may_have_body(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "DELETE";
}

gate::Status check_request(const UpstreamRequest& request) {
  if (!is_token(request.method)) return Error{ErrorCode::usage, "the method is none"};
  if (!is_origin_form(request.target)) return Error{ErrorCode::usage, "the target is no path"};
  const bool are_fit = std::all_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
    return is_token(header.first) && is_field_value(header.second);
  });
  if (!are_fit) return Error{ErrorCode::usage, "a header cannot be sent"};
  return gate::done();
}

}  // namespace

Result<UpstreamAddress> parse_upstream_address(std::string_view url_base) {
  UpstreamAddress address;
  address.is_tls = url_base.starts_with("https://");
  if (!address.is_tls && !url_base.starts_with("http://"))
    return Error{ErrorCode::usage, "the URL starts with neither http:// nor https://"};
  std::string_view authority = url_base.substr(address.is_tls ? 8 : 7);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (!is_host(authority))
    return Error{ErrorCode::usage, "the URL is not of a scheme, a host and a port alone"};
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  address.authority = authority;
  address.host = authority.substr(0, colon);
  if (bracket != std::string_view::npos) address.host = authority.substr(1, bracket - 1);
  address.port = address.is_tls ? "443" : "80";
  if (colon != std::string_view::npos) address.port = authority.substr(colon + 1);
  return address;
}

Result<std::string> request_bytes(const UpstreamRequest& request, const UpstreamAddress& address) {
  if (const auto checked = check_request(request); !checked) return checked.error();
  std::string bytes =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.target, address.authority);
  const auto to = std::back_inserter(bytes);
  const auto options = connection_options(request.headers);
  for (const auto& [name, value] : request.headers) {
    if (!is_hop_by_hop(name, options)) fmt::format_to(to, "{}: {}\r\n", name, value);
  }
  if (!request.body.empty() || may_have_body(request.method))
    fmt::format_to(to, "Content-Length: {}\r\n", request.body.size());
  return bytes + "\r\n" + request.body;
}

Result<Response> checked_reply(int status, const Headers& received) {
  if (const auto framed = check_framing(received); !framed) return framed.error();
  Response reply{status, {}, "application/octet-stream", {}, false};
  const auto options = connection_options(received);
  for (const auto& [name, value] : received) {
    if (name == "content-type") {
      reply.content_type = value;
    } else if (!is_hop_by_hop(name, options)) {
      reply.headers.emplace_back(name, value);
    }
  }
  if (!is_sendable(reply)) return unavailable("the reply's head cannot be passed on");
  return reply;
}

bool is_idempotent(std::string_view method) {
  constexpr std::string_view kMethods[] = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};
  return std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods);
}

}  // namespace server::http
