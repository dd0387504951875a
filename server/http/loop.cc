#include "server/http/loop.h"

#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/http/lag.h"

namespace server::http {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kTick{10};

}  // namespace

class Loop::Impl {
 public:
  explicit Impl(const ConnectionWorld& world)
      : world_(world), timer_(io), way_back_(std::make_shared<WayBack>(*this)) {}

  ~Impl() { way_back_->cut(); }

  void run() {
    thread_ = std::this_thread::get_id();
    timer_.expires_after(kTick);
    wait_for_tick();
    io.run();
    thread_ = std::thread::id{};
  }

  void take(Accepted accepted) {
    ++connections;
    asio::post(io, [this, accepted = std::move(accepted)]() mutable { begin(std::move(accepted)); });
  }

  void drain() {
    is_draining_ = true;
    for (const auto& [id, connection] : open_) connection->drain();
  }

  void end() {
    for (const auto& [id, connection] : open_) connection->close();
    io.stop();
  }

  asio::io_context io{1};
  std::atomic<std::size_t> connections{0};
  std::atomic<std::chrono::milliseconds::rep> lag{0};

 private:
  // How answers find their connection. Shared with Responders, which may outlive the loop.
  class WayBack {
   public:
    explicit WayBack(Impl& loop) : loop_(&loop) {}

    void cut() {
      const std::lock_guard lock{guard_};
      loop_ = nullptr;
    }

    void bring(std::uint64_t id, std::uint64_t number, Response response) {
      {
        const std::lock_guard lock{guard_};
        if (loop_ == nullptr) return;
        if (loop_->thread_ != std::this_thread::get_id()) {
          asio::post(loop_->io, [loop = loop_, id, number, response = std::move(response)]() mutable {
            loop->deliver(id, number, std::move(response));
          });
          return;
        }
      }
      loop_->deliver(id, number, std::move(response));  // the loop's own thread: it is there while this runs
    }

   private:
    std::mutex guard_;
    Impl* loop_;
  };

  void begin(Accepted accepted) {
    const std::uint64_t id = next_id_++;
    auto responder = [way = way_back_, id](std::uint64_t number) {
      return Responder{[way, id, number](Response response) { way->bring(id, number, std::move(response)); }};
    };
    auto stream = make_stream(io, std::move(accepted.socket), accepted.tls.get());
    auto connection = std::make_unique<Connection>(world_, std::move(stream), std::move(accepted.peer),
                                                   std::move(accepted.lease), std::move(responder));
    Connection& begun = *connection;
    open_.emplace(id, std::move(connection));
    if (is_draining_) begun.drain();
    begun.start();
  }

  void deliver(std::uint64_t id, std::uint64_t number, Response response) {
    const auto found = open_.find(id);
    if (found != open_.end()) found->second->deliver(number, std::move(response));
  }

  void wait_for_tick() {
    timer_.async_wait([this](boost::system::error_code fault) {
      if (!fault) tick();
    });
  }

  void tick() {
    const auto late = std::chrono::steady_clock::now() - timer_.expiry();
    lag_.add(std::chrono::duration_cast<std::chrono::milliseconds>(late));
    lag = lag_.typical().count();
    const auto now = world_.clock.elapsed();
    for (auto entry = open_.begin(); entry != open_.end();) {
      entry->second->look_at_clock(now);
      if (!entry->second->may_be_destroyed()) {
        ++entry;
        continue;
      }
      entry = open_.erase(entry);
      --connections;
    }
    timer_.expires_after(kTick);
    wait_for_tick();
  }

  const ConnectionWorld& world_;
  asio::steady_timer timer_;
  // shared: with the Responders of requests that were not answered yet
  std::shared_ptr<WayBack> way_back_;
  std::atomic<std::thread::id> thread_{};
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> open_;
  std::uint64_t next_id_ = 0;
  Lag lag_;
  bool is_draining_ = false;
};

Loop::Loop(const ConnectionWorld& world) : impl_(std::make_unique<Impl>(world)) {}
Loop::~Loop() = default;

void Loop::run() {
  impl_->run();
}

void Loop::take(Accepted accepted) {
  impl_->take(std::move(accepted));
}

void Loop::post(std::function<void()> work) {
  asio::post(impl_->io, std::move(work));
}

void Loop::drain() {
  post([this] { impl_->drain(); });
}

void Loop::stop() {
  post([this] { impl_->end(); });
}

std::size_t Loop::connections() const {
  return impl_->connections;
}

std::chrono::milliseconds Loop::lag() const {
  return std::chrono::milliseconds{impl_->lag.load()};
}

asio::io_context& Loop::io() {
  return impl_->io;
}

}  // namespace server::http
