#include "server/http/sockets.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace server::http {
namespace {

using gate::Error;
using gate::ErrorCode;
using gate::Result;

constexpr int kBacklog = 1'024;

std::string system_fault(int number) {
  return gate::lower(std::error_code{number, std::generic_category()}.message());
}

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

bool is_port(std::string_view text) {
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, fault] = std::from_chars(text.data(), end, port);
  return fault == std::errc{} && stopped == end && port <= 65'535;
}

// Numbers only: a name would have to be looked up, and may mean something else tomorrow.
Addresses resolved(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || !is_port(std::string_view{address}.substr(colon + 1))) return nullptr;
  std::string host = address.substr(0, colon);
  const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  addrinfo wanted{};
  wanted.ai_family = is_bracketed ? AF_INET6 : AF_INET;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), address.c_str() + colon + 1, &wanted, &found) != 0) return nullptr;
  return Addresses{found};
}

Descriptor stream_socket(int family) {
  return Descriptor{::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

Result<sockaddr_un> path_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{ErrorCode::usage,
                 fmt::format("the path is longer than the {} bytes that a socket's may have",
                             sizeof address.sun_path - 1)};
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

const sockaddr* as_any(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Takes away what a server that is gone left behind, and nothing else.
gate::Status make_way(const std::string& path, const sockaddr_un& address) {
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0) return gate::done();
  if (!S_ISSOCK(file.st_mode)) return Error{ErrorCode::usage, "a file that is no socket is in the way"};
  const Descriptor probe = stream_socket(AF_UNIX);
  const bool is_live = ::connect(probe.get(), as_any(address), sizeof address) == 0 || errno != ECONNREFUSED;
  if (is_live) return Error{ErrorCode::usage, "another server listens there"};
  if (::unlink(path.c_str()) != 0) return Error{ErrorCode::io, system_fault(errno)};
  return gate::done();
}

std::string without_mapping(std::string address) {
  constexpr std::string_view kMapped = "::ffff:";
  const bool is_mapped = address.starts_with(kMapped) && address.find('.') != std::string::npos;
  return is_mapped ? address.substr(kMapped.size()) : address;
}

std::string host_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.ss_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  if (address.ss_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (bytes == nullptr) return {};
  ::inet_ntop(address.ss_family, bytes, text.data(), text.size());
  return without_mapping(text.data());
}

unsigned port_of(const sockaddr_storage& address) {
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);  // where sockaddr_in6 has it too
}

Error no_address(const std::string& address) {
  return {ErrorCode::usage,
          fmt::format("{}: no address and port, such as 127.0.0.1:8080 or [::1]:8080", address)};
}

AcceptedSocket::State state_of_fault(int number) {
  switch (number) {
    case EAGAIN: return AcceptedSocket::State::none;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: return AcceptedSocket::State::exhausted;
    case EBADF:
    case EINVAL:
    case ENOTSOCK: return AcceptedSocket::State::none;
    default: return AcceptedSocket::State::retry;
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<ListenAddress> parse_listen_address(const std::string& address) {
  const Addresses found = resolved(address);
  if (found == nullptr) return no_address(address);
  sockaddr_storage whole{};
  std::memcpy(&whole, found->ai_addr, found->ai_addrlen);
  return ListenAddress{host_of(whole), port_of(whole)};
}

Result<Descriptor> listen_on_address(const std::string& address) {
  const Addresses found = resolved(address);
  if (found == nullptr) return no_address(address);
  Descriptor socket = stream_socket(found->ai_family);
  const int on = 1;
  if (socket.is_open()) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (!socket.is_open() || ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.get(), kBacklog) != 0)
    return Error{ErrorCode::usage, fmt::format("{}: {}", address, system_fault(errno))};
  return socket;
}

Result<Descriptor> listen_on_path(const std::string& path) {
  const auto address = path_address(path);
  if (!address) return address.error().within(path);
  if (const auto free = make_way(path, *address); !free) return free.error().within(path);
  Descriptor socket = stream_socket(AF_UNIX);
  // Linux gives the file the mode of the socket, so it is never open to others, whatever the umask.
  if (!socket.is_open() || ::fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(socket.get(), as_any(*address), sizeof *address) != 0 ||
      ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket.get(), kBacklog) != 0)
    return Error{ErrorCode::io, fmt::format("{}: {}", path, system_fault(errno))};
  return socket;
}

std::string bound_address(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  const std::string host = host_of(address);
  const unsigned port = port_of(address);
  return address.ss_family == AF_INET6 ? fmt::format("[{}]:{}", host, port)
                                       : fmt::format("{}:{}", host, port);
}

AcceptedSocket accept_from(int listener) {
  AcceptedSocket accepted;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  accepted.socket = Descriptor{
      ::accept4(listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (accepted.socket.is_open()) {
    accepted.state = AcceptedSocket::State::accepted;
    accepted.address = host_of(address);
  } else {
    accepted.state = state_of_fault(errno);
  }
  return accepted;
}

std::optional<std::uint32_t> peer_user(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  return credentials.uid;
}

std::uint32_t own_user() {
  return ::geteuid();
}

void remove_dead_socket(const std::string& path) {
  if (const auto address = path_address(path)) static_cast<void>(make_way(path, *address));
}

}  // namespace server::http
