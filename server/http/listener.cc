#include "server/http/listener.h"

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace server::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Long enough to cost nothing, short enough for nobody to notice.
constexpr std::chrono::milliseconds kPause{50};

// Then those who are connected already get their turn.
constexpr int kAtOnce = 64;

}  // namespace

class Listener::Impl {
 public:
  Impl(asio::io_context& io, Descriptor socket, Take take)
      : socket_(io, socket.release()), pause_(io), take_(std::move(take)) {}

  void wait() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code fault) {
      if (!fault) accept();
    });
  }

  void stop() {
    accept_waiting(kBacklogAtMost);
    error_code ignored;
    pause_.cancel(ignored);
    socket_.close(ignored);
  }

  [[nodiscard]] int socket() { return socket_.native_handle(); }

 private:
  static constexpr int kBacklogAtMost = 4'096;

  void accept() {
    if (accept_waiting(kAtOnce) != AcceptedSocket::State::exhausted) return wait();
    pause_.expires_after(kPause);
    pause_.async_wait([this](error_code fault) {
      if (!fault) wait();
    });
  }

  // The last state: none, exhausted, or accepted where there may be more.
  AcceptedSocket::State accept_waiting(int at_most) {
    AcceptedSocket::State state = AcceptedSocket::State::accepted;
    for (int i = 0; i < at_most; ++i) {
      AcceptedSocket accepted = accept_from(socket());
      state = accepted.state;
      if (state == AcceptedSocket::State::none || state == AcceptedSocket::State::exhausted) break;
      if (state == AcceptedSocket::State::accepted) take_(std::move(accepted));
    }
    return state;
  }

  asio::posix::stream_descriptor socket_;
  asio::steady_timer pause_;
  Take take_;
};

Listener::Listener(asio::io_context& io, Descriptor socket, Take take)
    : impl_(std::make_unique<Impl>(io, std::move(socket), std::move(take))) {}
Listener::~Listener() = default;

int Listener::socket() const {
  return impl_->socket();
}

void Listener::start() {
  impl_->wait();
}

void Listener::stop() {
  impl_->stop();
}

}  // namespace server::http
