#include "server/http/server.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include "server/http/listener.h"
#include "server/http/loop.h"
#include "server/http/sockets.h"
#include "server/http/tls.h"

namespace server::http {
namespace {

// shared: with connections that began with it
using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

class AsioServer final : public Server {
 public:
  AsioServer(ServerSettings settings, Application& application, const gate::ports::Clock& clock,
             const gate::ports::Random& random)
      : settings_(std::move(settings)),
        world_{application, settings_.limits, clock, random, counts_},
        admission_(settings_.limits, counts_) {
    for (std::size_t i = 0; i < std::max<std::size_t>(settings_.threads, 1); ++i)
      loops_.push_back(std::make_unique<Loop>(world_));
  }

  ~AsioServer() override { stop(std::chrono::milliseconds{0}); }
  AsioServer(const AsioServer&) = delete;
  AsioServer& operator=(const AsioServer&) = delete;

  gate::Status bind() {
    if (const auto loaded = reload_tls(); !loaded) return loaded.error();
    for (const std::string& address : settings_.listen) {
      auto socket = listen_on_address(address);
      if (!socket) return socket.error();
      addresses_.push_back(bound_address(socket->get()));
      listen(std::move(*socket), [this](AcceptedSocket accepted) { take_remote(std::move(accepted)); });
    }
    if (settings_.control_socket.empty()) return gate::done();
    auto socket = listen_on_path(settings_.control_socket);
    if (!socket) return socket.error();
    has_control_socket_ = true;
    listen(std::move(*socket), [this](AcceptedSocket accepted) { take_local(std::move(accepted)); });
    return gate::done();
  }

  void start() override {
    for (const auto& listener : listeners_) listener->start();
    for (const auto& loop : loops_) threads_.emplace_back([&loop = *loop] { loop.run(); });
  }

  using Server::stop;
  void stop(std::chrono::milliseconds drain, const std::function<bool()>& is_hurried) override {
    const std::lock_guard lock{stopping_};
    if (!threads_.empty()) {
      stop_listening();
      for (const auto& loop : loops_) loop->drain();
      await_end_of_connections(drain, is_hurried);
      for (const auto& loop : loops_) loop->stop();
      for (std::thread& thread : threads_) thread.join();
      threads_.clear();
    }
    listeners_.clear();
    if (std::exchange(has_control_socket_, false)) remove_dead_socket(settings_.control_socket);
  }

  gate::Status reload_tls() override {
    if (!settings_.tls) return gate::done();
    auto loaded = load_tls(*settings_.tls);
    if (!loaded) return loaded.error();
    const std::lock_guard lock{tls_guard_};
    tls_ = std::move(*loaded);
    return gate::done();
  }

  [[nodiscard]] std::vector<std::string> addresses() const override { return addresses_; }

  [[nodiscard]] std::chrono::milliseconds lag() const override {
    std::chrono::milliseconds longest{0};
    for (const auto& loop : loops_) longest = std::max(longest, loop->lag());
    return longest;
  }

  [[nodiscard]] const ServerCounts& counts() const override { return counts_; }

 private:
  void listen(Descriptor socket, Listener::Take take) {
    listeners_.push_back(
        std::make_unique<Listener>(loops_.front()->io(), std::move(socket), std::move(take)));
  }

  void take_remote(AcceptedSocket accepted) {
    ++counts_.accepted;
    Lease lease = admission_.admit(accepted.address);
    TlsContext tls = current_tls();
    // A handshake is too dear for somebody who is only to be turned away.
    if (!lease.is_held() || (tls && lease.kind() == Lease::Kind::turned_away)) return;
    Peer peer{std::move(accepted.address), false, 0};
    hand_on({std::move(accepted.socket), std::move(peer), std::move(lease), std::move(tls)});
  }

  void take_local(AcceptedSocket accepted) {
    ++counts_.accepted;
    const auto user = peer_user(accepted.socket.get());
    if (!user || (*user != own_user() && *user != 0)) {
      ++counts_.refused_connections;
      return;
    }
    hand_on({std::move(accepted.socket), Peer{{}, true, *user}, admission_.admit_local(), nullptr});
  }

  void hand_on(Accepted accepted) {
    const auto least = std::min_element(loops_.begin(), loops_.end(), [](const auto& a, const auto& b) {
      return a->connections() < b->connections();
    });
    (*least)->take(std::move(accepted));
  }

  [[nodiscard]] TlsContext current_tls() {
    const std::lock_guard lock{tls_guard_};
    return tls_;
  }

  // Whoever the system has connected already is still let in.
  void stop_listening() {
    std::promise<void> stopped;
    loops_.front()->post([&] {
      for (const auto& listener : listeners_) listener->stop();
      stopped.set_value();
    });
    stopped.get_future().wait();
  }

  // In real time: clients are real, whatever clock the server was given.
  void await_end_of_connections(std::chrono::milliseconds at_most, const std::function<bool()>& is_hurried) {
    constexpr std::chrono::milliseconds kStep{5};
    const auto end = std::chrono::steady_clock::now() + at_most;
    const auto is_open = [](const auto& loop) { return loop->connections() > 0; };
    while (std::any_of(loops_.begin(), loops_.end(), is_open) && std::chrono::steady_clock::now() < end &&
           !is_hurried())
      std::this_thread::sleep_for(kStep);
  }

  const ServerSettings settings_;
  ServerCounts counts_;
  const ConnectionWorld world_;
  Admission admission_;
  std::mutex tls_guard_;  // over tls_
  TlsContext tls_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::unique_ptr<Listener>> listeners_;  // on the first loop; gone before it
  std::vector<std::string> addresses_;
  std::mutex stopping_;  // over what follows
  std::vector<std::thread> threads_;
  bool has_control_socket_ = false;
};

}  // namespace

gate::Result<std::unique_ptr<Server>> Server::open(ServerSettings settings, Application& application,
                                                   const gate::ports::Clock& clock,
                                                   const gate::ports::Random& random) {
  auto server = std::make_unique<AsioServer>(std::move(settings), application, clock, random);
  if (const auto bound = server->bind(); !bound) return bound.error();
  return std::unique_ptr<Server>{std::move(server)};
}

}  // namespace server::http
