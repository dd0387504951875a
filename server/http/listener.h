#pragma once

#include <functional>
#include <memory>

#include "server/http/descriptor.h"
#include "server/http/sockets.h"
#include "server/http/stream.h"

namespace server::http {

// Waits for clients on one socket and hands them on. While the process is out of descriptors it pauses: the
// clients wait in the backlog, and no thread spins.
class Listener {
 public:
  using Take = std::function<void(AcceptedSocket)>;

  Listener(boost::asio::io_context& io, Descriptor socket, Take take);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] int socket() const;

  // On the thread of the io_context from here on.
  void start();
  // Hands on whoever waits in the backlog, then listens no more.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace server::http
