#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "server/http/message.h"

namespace server::http {

// A request that may be done. `run` is called once its body is there; it must not block.
struct Admitted {
  std::uint64_t body_limit = 0;  // more is refused with 413; 0: no body is taken
  std::function<void(std::string body, Responder respond)> run;
};

// What a server serves. Safe to share between threads.
class Application {
 public:
  virtual ~Application() = default;

  // Called on an I/O thread once a head is there and before its body is read: what is refused here costs no
  // body. A refused request that has a body ends its connection.
  [[nodiscard]] virtual std::variant<Response, Admitted> admit(Head head) = 0;

  // The answer to what never became a request: 400 for framing, 408, 413, 431 … The connection ends with it.
  [[nodiscard]] virtual Response refuse(int status, std::string_view why,
                                        const std::string& correlation_id) = 0;
};

}  // namespace server::http
