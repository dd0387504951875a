#include "server/data/forwarding.h"

#include <algorithm>
#include <array>

namespace server::data {
namespace {

constexpr std::array<std::string_view, 9> kForwarded{
    "accept",    "accept-language",   "content-type",  "idempotency-key",
    "if-match",  "if-modified-since", "if-none-match", "if-unmodified-since",
    "user-agent"};
// Accept-Encoding is not forwarded; a service that encodes its answer all the same must say how.
constexpr std::array<std::string_view, 7> kReturned{
    "allow", "content-encoding", "content-language", "etag", "last-modified", "location", "retry-after"};
constexpr std::size_t kLongestValue = 256;
constexpr std::size_t kLongestLocation = 8U << 10U;

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Visible ASCII, blanks between: what no reader takes for another header.
bool is_sendable(std::string_view value, std::size_t longest = kLongestValue) {
  const auto fits = [](char c) { return (c >= ' ' && c < '\x7f') || c == '\t'; };
  return !value.empty() && value.size() <= longest && std::all_of(value.begin(), value.end(), fits);
}

}  // namespace

std::string_view name_of(Track track) {
  switch (track) {
    case Track::stable: return "stable";
    case Track::canary: return "canary";
  }
  return "?";
}

http::Headers forwarded_headers(const http::Head& head) {
  http::Headers headers;
  for (const auto& [name, value] : head.headers) {
    if (is_among(kForwarded, name) && is_sendable(value)) headers.emplace_back(name, value);
  }
  headers.emplace_back("x-correlation-id", head.correlation_id);
  if (!head.traceparent.empty()) {
    headers.emplace_back("traceparent", head.traceparent);
    const std::string_view state = head.header("tracestate");
    if (is_sendable(state)) headers.emplace_back("tracestate", state);
  }
  return headers;
}

http::Response forwarded_answer(http::Response reply, const Service& service, Track track) {
  http::Response answer;
  answer.status = reply.status;
  answer.body = std::move(reply.body);
  answer.content_type = is_sendable(reply.content_type) ? reply.content_type : "application/octet-stream";
  for (auto& [name, value] : reply.headers) {
    const std::size_t longest = name == "location" ? kLongestLocation : kLongestValue;
    if (is_among(kReturned, name) && is_sendable(value, longest))
      answer.headers.emplace_back(name, std::move(value));
  }
  answer.headers.emplace_back("content-security-policy", "sandbox");
  answer.headers.emplace_back("x-served-by", name_of(track));
  const std::string& version = track == Track::stable ? service.stable_version : service.canary_version;
  if (is_sendable(version)) answer.headers.emplace_back("x-served-version", version);
  return answer;
}

}  // namespace server::data
