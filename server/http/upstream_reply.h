#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "gate/base/result.h"
#include "server/http/message.h"

namespace server::http {

// Puts one reply together as its bytes come.
class UpstreamReply {
 public:
  struct Expected {
    bool has_no_body = false;  // of a HEAD
    std::size_t limit = 0;     // of the body
  };

  explicit UpstreamReply(Expected expected);
  ~UpstreamReply();

  // Takes from the front of `bytes`; what it leaves is to be offered again with more behind it. The reply
  // once it is whole, nullopt before. Errors: unavailable, budget.
  [[nodiscard]] gate::Result<std::optional<Response>> take(std::string_view& bytes);

  // The same at the end of the connection, in order: the end of a reply that named no length.
  [[nodiscard]] gate::Result<std::optional<Response>> end();

  [[nodiscard]] bool has_begun() const;
  // Whether the connection can carry another request after it.
  [[nodiscard]] bool keeps_connection() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace server::http
