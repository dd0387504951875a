#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gate::test {

// A request as it came over the wire.
struct WireRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// What the server does then: writes the bytes, whatever they are, and keeps the connection for the next
// request, closes it, or leaves it open and says no more.
struct WireReply {
  enum class Then { keep, close, stall };
  std::string bytes;
  Then then = Then::keep;
};

// A well-formed reply with that body.
WireReply wire_reply(int status, const std::string& body, const std::string& headers = {});

// An HTTP/1.1 server on a free port of 127.0.0.1 that can answer anything, well-formed or not. One thread a
// connection, none of them left when it ends.
class LoopbackServer {
 public:
  using Handler = std::function<WireReply(const WireRequest&)>;

  // The handler is called by several threads at once.
  explicit LoopbackServer(Handler handler);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int socket);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::mutex guard_;  // over everything below
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A port of 127.0.0.1 on which nobody listens at the moment.
int free_port();

}  // namespace gate::test
