#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/base/result.h"

namespace gate::ports {

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // http:// or https://
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds timeout{10'000};  // from start to the last byte
  std::uint64_t reply_limit = 16U << 20U;     // bytes of body
  std::string ca_file;                        // besides the system's; empty: none
  std::string unix_socket;                    // path: where to connect instead of the URL's host; empty: none
  bool changes = false;                       // the other side's state: see send()
};

struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // The first header of that name, in lower case; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const auto& [known, value] : headers) {
      if (known == name) return value;
    }
    return {};
  }
};

// Follows no redirect: it would carry keys to another host. Safe to share between threads.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // Whatever the server says is a reply, 500 too. Errors: usage for a URL that is none; unavailable where no
  // whole reply came; timeout; budget over the reply limit; in place of those three unconfirmed for a request
  // that `changes` something and may have arrived. Messages hold no credentials of the URL or headers.
  [[nodiscard]] virtual Result<HttpReply> send(const HttpRequest& request) const = 0;
};

}  // namespace gate::ports
