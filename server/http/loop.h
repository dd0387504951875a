#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "server/http/admission.h"
#include "server/http/connection.h"
#include "server/http/descriptor.h"

namespace server::http {

// A client that was let in.
struct Accepted {
  Descriptor socket;
  Peer peer;
  Lease lease;
  // shared: reading the files anew must not take it from connections that are about to begin
  std::shared_ptr<boost::asio::ssl::context> tls;
};

// One thread's share of the connections: each of them lives on one loop, so nothing in it is guarded.
class Loop {
 public:
  explicit Loop(const ConnectionWorld& world);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until stop(), on the thread that calls it.
  void run();

  // The following may be called from any thread.
  void take(Accepted accepted);
  // Does it on the loop's thread.
  void post(std::function<void()> work);
  void drain();
  // Closes every connection, and run() returns.
  void stop();
  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] std::chrono::milliseconds lag() const;

  [[nodiscard]] boost::asio::io_context& io();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace server::http
