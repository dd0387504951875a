#include "tests/support/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::test {
namespace {

sockaddr_in ipv4(const std::string& host, const std::string& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("no address: " + host);
  return address;
}

template <class Address>
const sockaddr* as_any(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

RawReply parsed(std::string_view head) {
  RawReply reply;
  const auto lines = split(head, '\n');
  reply.status = std::stoi(std::string{lines.front().substr(9, 3)});
  for (const std::string_view line : lines) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos)
      reply.headers[lower(line.substr(0, colon))] = trim(line.substr(colon + 2));
  }
  return reply;
}

}  // namespace

RawClient::RawClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}

RawClient::RawClient(const std::string& address, const std::string& from) : RawClient() {
  connect(address, from);
}

void RawClient::connect(const std::string& address, const std::string& from) {
  const std::size_t colon = address.rfind(':');
  const sockaddr_in to = ipv4(address.substr(0, colon), address.substr(colon + 1));
  const sockaddr_in own = ipv4(from.empty() ? "127.0.0.1" : from, "0");
  const bool is_bound = from.empty() || ::bind(socket_, as_any(own), sizeof own) == 0;
  if (!is_bound || ::connect(socket_, as_any(to), sizeof to) != 0)
    throw std::runtime_error("cannot connect to " + address);
}

RawClient RawClient::on_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  RawClient client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (::connect(client.socket_, as_any(address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to " + path);
  return client;
}

RawClient::RawClient(RawClient&& other) noexcept
    : patience(other.patience),
      socket_(std::exchange(other.socket_, -1)),
      is_ended_(other.is_ended_),
      received_(std::move(other.received_)) {}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd waiting{socket_, POLLOUT, 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawClient::end_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void RawClient::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

void RawClient::narrow_window() {
  const int bytes = 4'096;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool RawClient::receive() {
  pollfd waiting{socket_, POLLIN, 0};
  if (is_ended_ || ::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
  std::array<char, 65'536> buffer;
  const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
  is_ended_ = count <= 0;
  return !is_ended_;
}

std::optional<RawReply> RawClient::reply(bool without_body) {
  std::size_t end = received_.find("\r\n\r\n");
  for (; end == std::string::npos; end = received_.find("\r\n\r\n")) {
    if (!receive()) return std::nullopt;
  }
  RawReply reply = parsed(std::string_view{received_}.substr(0, end));
  received_.erase(0, end + 4);
  const auto length = reply.headers.find("content-length");
  const std::size_t bytes = length == reply.headers.end() || without_body ? 0 : std::stoul(length->second);
  while (received_.size() < bytes) {
    if (!receive()) return std::nullopt;
  }
  reply.body = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return reply;
}

std::string RawClient::rest() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

bool RawClient::is_ended() {
  while (receive()) {
  }
  return is_ended_;
}

std::string get(std::string_view path, std::string_view more_headers) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: here\r\n{}\r\n", path, more_headers);
}

}  // namespace gate::test
