#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server::http {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case
using Query = std::vector<std::pair<std::string, std::string>>;    // decoded, in the order of the target

// Who is at the other end of a connection.
struct Peer {
  std::string address;          // "127.0.0.1"; empty on the control socket
  bool is_local_owner = false;  // came through the control socket, from the server's own user or root
  std::uint32_t uid = 0;        // of a peer on the control socket
};

// The head of a request whose framing is beyond doubt (framing.h).
struct Head {
  std::string method;  // "GET"
  std::string target;  // as sent, in origin form: "/api/v1/slo/breaches?hours=1"
  std::string path;    // the target up to its `?`, not decoded
  Query query;
  Headers headers;
  bool has_body = false;
  std::optional<std::uint64_t> content_length;  // absent: no body, or chunks
  Peer peer;
  std::string correlation_id;  // the client's X-Correlation-Id where it is well formed, else one made here
  std::string traceparent;     // the client's where it is well formed (W3C Trace Context), else empty

  // The first header of that name, given in lower case; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  // The same; nullopt where there is none.
  [[nodiscard]] std::optional<std::string_view> find_header(std::string_view name) const;
  // The first value of that parameter; nullopt where there is none.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  Headers headers;          // beside those every answer has: server, date, cache-control, correlation id …
  bool then_close = false;  // the connection ends with this answer
  std::string cause = {};   // of a 5xx, for the log alone: never sent

  bool operator==(const Response&) const = default;
};

// Answers one request, once, from any thread; a second answer is dropped. Where the last copy goes without
// an answer the client gets a 500: nobody waits for ever.
class Responder {
 public:
  explicit Responder(std::function<void(Response)> send);
  void operator()(Response response) const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared: it is kept in std::function, which copies
};

}  // namespace server::http
