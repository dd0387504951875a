#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gate/base/result.h"
#include "server/http/descriptor.h"

namespace server::http {

// An address as the system names it: "127.0.0.1", "::1". IPv4 within IPv6 stands in its own form.
struct ListenAddress {
  std::string host;
  unsigned port = 0;
};

// Reads "127.0.0.1:8080" or "[::1]:0"; looks no name up. Error: usage for what is no address.
[[nodiscard]] gate::Result<ListenAddress> parse_listen_address(const std::string& address);

// Listens on "127.0.0.1:8080" or "[::1]:0". Errors: usage for what is no address, is taken or is not ours.
[[nodiscard]] gate::Result<Descriptor> listen_on_address(const std::string& address);

// Listens on a UNIX socket that is nobody's but the owner's from the moment it exists. The file of a server
// that is gone is replaced. Errors: usage where a live one listens, where another file is in the way, or for
// a path that is too long; io.
[[nodiscard]] gate::Result<Descriptor> listen_on_path(const std::string& path);

// The address a socket is bound to, as listen_on_address() takes it.
[[nodiscard]] std::string bound_address(int socket);

// What came of one accept.
struct AcceptedSocket {
  enum class State {
    accepted,
    none,      // nobody is waiting
    retry,     // that one is gone; there may be another
    exhausted  // there is no room for one more at the moment: descriptors, memory
  };
  State state = State::none;
  Descriptor socket;
  std::string address;  // of the client, without a port; an IPv4 one in its own form; empty of a UNIX socket
};

[[nodiscard]] AcceptedSocket accept_from(int listener);

// The user at the other end of a UNIX socket; nullopt where the system does not say.
[[nodiscard]] std::optional<std::uint32_t> peer_user(int socket);

// The user this process acts as.
[[nodiscard]] std::uint32_t own_user();

// Removes the file of a UNIX socket on which nobody listens any more.
void remove_dead_socket(const std::string& path);

}  // namespace server::http
