#pragma once

#include <memory>

#include "gate/ports/http_client.h"

namespace gate::platform {

// HTTP by libcurl. Connections stay open between requests, as many as were ever made at once; TLS is always
// verified; the proxy is the usual environment variables' (http_proxy, https_proxy, no_proxy). A URL that
// holds a user or a password is refused: headers carry them.
class CurlHttpClient final : public ports::HttpClient {
 public:
  CurlHttpClient();
  ~CurlHttpClient() override;
  CurlHttpClient(const CurlHttpClient&) = delete;
  CurlHttpClient& operator=(const CurlHttpClient&) = delete;

  [[nodiscard]] Result<ports::HttpReply> send(const ports::HttpRequest& request) const override;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace gate::platform
