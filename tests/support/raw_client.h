#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gate::test {

// A reply as it came over the wire.
struct RawReply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// A client that sends whatever bytes it is told to, and when. Nothing it waits for takes longer than the
// patience it was given.
class RawClient {
 public:
  // Not connected yet.
  RawClient();
  explicit RawClient(const std::string& address, const std::string& from = {});
  static RawClient on_path(const std::string& path);
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient();

  // Throws std::runtime_error where it cannot. `from` is the address of its own end.
  void connect(const std::string& address, const std::string& from = {});

  // False where the other side is gone.
  bool send(std::string_view bytes);
  void end_sending();
  // Ends the connection as a crash would.
  void reset();
  // Takes little at a time, from now on.
  void narrow_window();

  // One reply with a Content-Length; nullopt where none came.
  std::optional<RawReply> reply(bool without_body = false);
  // Everything until the end of the connection, or what had come when patience ended.
  std::string rest();
  // The other side has ended the connection, or does so now.
  bool is_ended();

  std::chrono::milliseconds patience{10'000};

 private:
  explicit RawClient(int socket) : socket_(socket) {}
  bool receive();

  int socket_ = -1;
  bool is_ended_ = false;
  std::string received_;
};

// "GET /path HTTP/1.1" with a Host.
std::string get(std::string_view path, std::string_view more_headers = {});

}  // namespace gate::test
