#include "server/http/upstream.h"

#include <algorithm>
#include <list>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gate/base/text.h"
#include "server/http/tls.h"
#include "server/http/upstream_connection.h"
#include "server/http/upstream_wire.h"

namespace server::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kTick{10};

// Looks a name up and connects to the first of its addresses that answers. Shared: the system cannot be made
// to stop looking, so it may outlive the exchange that wanted it.
class Dialler : public std::enable_shared_from_this<Dialler> {
 public:
  using Done = std::function<void(error_code, Descriptor)>;

  Dialler(asio::io_context& io, Done done) : resolver_(io), socket_(io), done_(std::move(done)) {}

  void dial(const UpstreamAddress& address) {
    const auto flags = tcp::resolver::numeric_service;
    resolver_.async_resolve(address.host, address.port, flags,
                            [self = shared_from_this()](error_code fault, const auto& found) {
                              if (fault || self->is_given_up_) return self->end(fault);
                              self->connect(found);
                            });
  }

  void give_up() {
    is_given_up_ = true;
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void connect(const tcp::resolver::results_type& found) {
    asio::async_connect(socket_, found, [self = shared_from_this()](error_code fault, const tcp::endpoint&) {
      self->end(fault);
    });
  }

  void end(error_code fault) {
    if (is_given_up_) return;
    error_code unreleased;
    Descriptor socket{fault ? -1 : socket_.release(unreleased)};
    done_(fault ? fault : unreleased, std::move(socket));
  }

  tcp::resolver resolver_;
  tcp::socket socket_;
  Done done_;
  bool is_given_up_ = false;
};

// Everything but send() happens on its one thread.
class AsioUpstream final : public Upstream {
 public:
  AsioUpstream() : timer_(io_), work_(asio::make_work_guard(io_)), thread_([this] { io_.run(); }) {}

  ~AsioUpstream() override {
    io_.stop();
    thread_.join();
  }
  AsioUpstream(const AsioUpstream&) = delete;
  AsioUpstream& operator=(const AsioUpstream&) = delete;

  void send(UpstreamRequest request, std::function<void(gate::Result<Response>)> done) override {
    asio::post(io_, [this, request = std::move(request), done = std::move(done)]() mutable {
      begin(request, std::move(done));
    });
  }

 private:
  struct Line {
    UpstreamAddress address;
    std::unique_ptr<UpstreamConnection> connection;
    std::shared_ptr<Dialler> dialler;  // shared: see there
  };

  void begin(const UpstreamRequest& request, std::function<void(gate::Result<Response>)> done) {
    auto address = parse_upstream_address(request.url_base);
    if (!address) return done(address.error());  // unquoted: what is no address may hold a password
    auto bytes = request_bytes(request, *address);
    if (!bytes) return done(bytes.error().within(request.url_base));
    Exchange exchange{std::move(*bytes),
                      request.method == "HEAD",
                      is_idempotent(request.method),
                      false,
                      request.reply_limit,
                      std::chrono::steady_clock::now() + request.deadline,
                      std::move(done)};
    const auto idle = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) {
      return line.connection->is_idle() && line.connection->place() == request.url_base;
    });
    if (idle != lines_.end()) return idle->connection->carry(std::move(exchange));
    dial(request.url_base, *address, std::move(exchange));
  }

  void dial(const std::string& place, const UpstreamAddress& address, Exchange exchange) {
    auto repeat = [this, place, address](Exchange again) { dial(place, address, std::move(again)); };
    Line& line = lines_.emplace_back(Line{address, std::make_unique<UpstreamConnection>(place, repeat), {}});
    line.connection->begin(std::move(exchange));
    line.dialler = std::make_shared<Dialler>(io_, [this, &line](error_code fault, Descriptor socket) {
      fault ? line.connection->fail(unreachable(fault)) : connected(line, std::move(socket));
    });
    line.dialler->dial(address);
    if (!is_ticking_) wait_for_tick();
  }

  void connected(Line& line, Descriptor socket) {
    if (line.address.is_tls && tls_ == nullptr) {
      auto loaded = load_client_tls();
      if (!loaded) return line.connection->fail(loaded.error());
      tls_ = std::move(*loaded);
    }
    asio::ssl::context* tls = line.address.is_tls ? tls_.get() : nullptr;
    line.connection->connected(make_client_stream(io_, std::move(socket), tls, line.address.host));
  }

  static gate::Error unreachable(const error_code& fault) {
    return {gate::ErrorCode::unavailable, gate::lower(fault.message())};
  }

  // Runs while there is a connection at all.
  void wait_for_tick() {
    is_ticking_ = true;
    timer_.expires_after(kTick);
    timer_.async_wait([this](error_code fault) {
      if (!fault) tick();
    });
  }

  void tick() {
    const auto now = std::chrono::steady_clock::now();
    for (auto line = lines_.begin(); line != lines_.end();) {
      line->connection->look_at_clock(now);
      if (!line->connection->may_be_destroyed()) {
        ++line;
        continue;
      }
      line->dialler->give_up();
      line = lines_.erase(line);
    }
    is_ticking_ = false;
    if (!lines_.empty()) wait_for_tick();
  }

  asio::io_context io_{1};
  asio::steady_timer timer_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  // shared: load_client_tls() gives it so
  std::shared_ptr<asio::ssl::context> tls_;
  std::list<Line> lines_;
  bool is_ticking_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Upstream> Upstream::make() {
  return std::make_unique<AsioUpstream>();
}

}  // namespace server::http
