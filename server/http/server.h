#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/ports/clock.h"
#include "gate/ports/random.h"
#include "server/http/application.h"

namespace server::http {

// What one client may cost. Deadlines are absolute: a byte now and then moves none of them.
struct Limits {
  std::size_t header_bytes = 8U << 10U;  // request line and headers: 431 (of the target alone: 414)
  std::size_t header_fields = 100;       // 431
  std::size_t target_bytes = 4U << 10U;  // 414
  std::size_t connections = 2'000;       // more are closed with a 503
  std::size_t connections_per_address = 64;
  std::chrono::milliseconds header_deadline{5'000};    // from the first byte of a request to its last header
  std::chrono::milliseconds request_deadline{10'000};  // from the first byte to the body's last: 408
  std::chrono::milliseconds idle{15'000};              // between two requests
  std::chrono::milliseconds write_deadline{10'000};    // of one answer
  std::chrono::milliseconds answer_deadline{30'000};   // from the body's last byte to the answer: 504
};

struct TlsFiles {
  std::string certificate;  // PEM, the chain
  std::string key;          // PEM
};

struct ServerSettings {
  std::vector<std::string> listen;  // "127.0.0.1:8080", "[::1]:0"; port 0: any free one
  std::string control_socket;       // path of a UNIX socket, mode 0600; empty: none
  std::optional<TlsFiles> tls;      // of every address but the control socket
  Limits limits;
  std::size_t threads = 2;
};

// What a server counted since its start.
struct ServerCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_connections{0};  // over a cap
  std::atomic<std::uint64_t> malformed{0};            // framing
  std::atomic<std::uint64_t> timed_out{0};
  std::atomic<std::int64_t> open{0};
};

// HTTP/1.1 on TCP, TLS and a UNIX socket. Its threads start and end with start() and stop().
class Server {
 public:
  // Binds, and starts nothing. Errors: usage for an address that is none, is taken, or for TLS files that do
  // not fit; io.
  static gate::Result<std::unique_ptr<Server>> open(ServerSettings settings, Application& application,
                                                    const gate::ports::Clock& clock,
                                                    const gate::ports::Random& random);
  virtual ~Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  virtual void start() = 0;

  // Accepts no more, lets requests under way end until the deadline or until `is_hurried`, which is asked
  // every few milliseconds; ends idle connections at once.
  virtual void stop(std::chrono::milliseconds drain, const std::function<bool()>& is_hurried) = 0;
  void stop(std::chrono::milliseconds drain) {
    stop(drain, [] { return false; });
  }

  // The same with TLS files read anew, for connections from now on. On an error the old ones stay.
  virtual gate::Status reload_tls() = 0;

  // The addresses bound, with their real ports, in the order of the settings.
  [[nodiscard]] virtual std::vector<std::string> addresses() const = 0;

  // How long work waits for a thread now: the late arrival of a timer. The measure of overload.
  [[nodiscard]] virtual std::chrono::milliseconds lag() const = 0;

  [[nodiscard]] virtual const ServerCounts& counts() const = 0;

 protected:
  Server() = default;
};

}  // namespace server::http
