#pragma once

#include <span>
#include <string>

namespace server::http {

// A request that nobody may run, and what it is answered with.
struct MalformedHead {
  const char* name;
  std::string bytes;  // what stands behind the head's empty line belongs to no head
  int status = 400;
};

// Ours: every way that is known to us by which two readers of HTTP come to differ about one request.
[[nodiscard]] std::span<const MalformedHead> malformed_heads();

}  // namespace server::http
