#include "tests/support/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A socket bound to a free port, and that port.
std::pair<int, int> bound_socket() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (socket < 0 || ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no free port");
  return {socket, ntohs(address.sin_port)};
}

// Adds what comes next; false at the end.
bool receive(int socket, std::string& into) {
  std::array<char, 16384> buffer;
  const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

WireRequest parsed(std::string_view head) {
  WireRequest request;
  const std::vector<std::string_view> lines = split(head, '\n');
  const std::vector<std::string_view> words = split(trim(lines.front()), ' ');
  if (words.size() == 3) {
    request.method = words[0];
    request.target = words[1];
  }
  for (const std::string_view line : lines) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && line.data() != lines.front().data())
      request.headers[lower(trim(line.substr(0, colon)))] = trim(line.substr(colon + 1));
  }
  return request;
}

// Takes one request from what was received, receiving more where needed; false at the end.
bool next_request(int socket, std::string& received, WireRequest& request) {
  std::size_t end = received.find("\r\n\r\n");
  for (; end == std::string::npos; end = received.find("\r\n\r\n")) {
    if (!receive(socket, received)) return false;
  }
  request = parsed(std::string_view{received}.substr(0, end));
  received.erase(0, end + 4);
  const auto length = request.headers.find("content-length");
  const std::size_t wanted = length == request.headers.end() ? 0 : std::stoul(length->second);
  while (received.size() < wanted) {
    if (!receive(socket, received)) return false;
  }
  request.body = received.substr(0, wanted);
  received.erase(0, wanted);
  return true;
}

}  // namespace

WireReply wire_reply(int status, const std::string& body, const std::string& headers) {
  return {
      fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body),
      WireReply::Then::keep};
}

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  std::tie(listener_, port_) = bound_socket();
  if (::listen(listener_, 128) != 0) throw std::runtime_error("cannot listen");
  acceptor_ = std::thread{[this] { accept_all(); }};
}

LoopbackServer::~LoopbackServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock{guard_};
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) ::close(socket);
}

std::string LoopbackServer::url() const {
  return fmt::format("http://127.0.0.1:{}", port_);
}

void LoopbackServer::accept_all() {
  for (int socket = 0; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    const std::lock_guard lock{guard_};
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void LoopbackServer::serve(int socket) {
  std::string received;
  WireRequest request;
  while (next_request(socket, received, request)) {
    const WireReply reply = handler_(request);
    if (!send_all(socket, reply.bytes)) break;
    if (reply.then == WireReply::Then::close) break;
    if (reply.then == WireReply::Then::stall) {
      while (receive(socket, received)) received.clear();
    }
  }
  ::shutdown(socket, SHUT_RDWR);
}

int free_port() {
  const auto [socket, port] = bound_socket();
  ::close(socket);
  return port;
}

}  // namespace gate::test
