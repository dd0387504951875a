#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "gate/base/result.h"
#include "server/http/message.h"

namespace server::http {

struct UpstreamRequest {
  std::string url_base;  // "http://127.0.0.1:9001": scheme, host and port
  std::string method;
  std::string target;  // origin form
  Headers headers;     // end to end ones; Host and the framing are added
  std::string body;
  std::chrono::milliseconds deadline{5'000};  // absolute, from now to the reply's last byte
  std::size_t reply_limit = 4U << 20U;
};

// Sends requests to other servers without blocking, over connections that it keeps. Plain HTTP and HTTPS
// (verified against the system's roots). No redirects, no cookies. Safe to share between threads.
class Upstream {
 public:
  static std::unique_ptr<Upstream> make();
  virtual ~Upstream() = default;

  // `done` is called once, on a thread of its own: with whatever the other side said, or with the error
  // unavailable where nothing of it was sent, unconfirmed where it was sent and no whole reply came, timeout,
  // budget for a reply over the limit, or usage for what is no request. After the end
  // of the Upstream it is not called any more. A request is sent once; a kept connection that turns out
  // closed before any byte of the reply came is tried once more on a new one, for methods that are idempotent
  // (RFC 9110, 9.2.2) alone.
  virtual void send(UpstreamRequest request, std::function<void(gate::Result<Response>)> done) = 0;
};

}  // namespace server::http
