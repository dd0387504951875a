#include "server/http/stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <type_traits>

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace server::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;
using TlsSocket = asio::ssl::stream<Socket>;

Socket adopted(asio::io_context& io, Descriptor descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor.get(), reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family != AF_UNIX) {
    const int on = 1;
    ::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  Socket socket{io};
  error_code ignored;  // a socket that cannot be used says so at its first operation
  socket.assign({address.ss_family, SOCK_STREAM}, descriptor.get(), ignored);
  if (!ignored) descriptor.release();
  return socket;
}

// Every handler runs on the one thread of its io_context, so nothing here is guarded.
template <class Transport>
class AsioStream final : public Stream {
 public:
  template <class... Arguments>
  explicit AsioStream(asio::ssl::stream_base::handshake_type side, Arguments&&... arguments)
      : side_(side), transport_(std::forward<Arguments>(arguments)...) {}

  void open(StreamUser& user) override {
    user_ = &user;
    if constexpr (kIsTls) {
      ++under_way_;
      transport_.async_handshake(side_,
                                 [this](error_code fault) { done(fault, [this] { user_->on_open(); }); });
    } else {
      user_->on_open();
    }
  }

  void read(std::span<char> into) override {
    ++under_way_;
    is_reading_ = true;
    transport_.async_read_some(asio::buffer(into.data(), into.size()),
                               [this](error_code fault, std::size_t count) {
                                 is_reading_ = false;
                                 done(fault, [&] { is_finishing_ ? drop_rest() : user_->on_read(count); });
                               });
  }

  void write(std::string_view bytes) override {
    ++under_way_;
    asio::async_write(transport_, asio::buffer(bytes), [this](error_code fault, std::size_t) {
      done(fault, [this] { user_->on_written(); });
    });
  }

  void finish() override {
    is_finishing_ = true;
    // A read under way would be in the way of TLS's farewell; the length of the answer says enough then.
    if (is_reading_) return end_sending();
    if constexpr (kIsTls) {
      ++under_way_;
      transport_.async_shutdown([this](error_code) {
        done({}, [this] {
          end_sending();
          drop_rest();
        });
      });
    } else {
      end_sending();
      drop_rest();
    }
  }

  void close() override {
    is_closed_ = true;
    error_code ignored;
    socket().close(ignored);
  }

  [[nodiscard]] bool is_busy() const override { return under_way_ > 0; }

  [[nodiscard]] bool has_unread() const override {
    error_code fault;
    return transport_.lowest_layer().available(fault) > 0;
  }

 private:
  static constexpr bool kIsTls = std::is_same_v<Transport, TlsSocket>;

  Socket& socket() {
    if constexpr (kIsTls) {
      return transport_.next_layer();
    } else {
      return transport_;
    }
  }

  template <class Then>
  void done(error_code fault, Then then) {
    --under_way_;
    if (is_closed_) return;
    if (fault) {
      user_->on_end(fault == asio::error::eof ? StreamUser::End::in_order : StreamUser::End::fault);
    } else {
      then();
    }
  }

  void end_sending() {
    error_code ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
  }

  void drop_rest() {
    static thread_local std::array<char, 65'536> nowhere;  // nobody reads what is in it
    ++under_way_;
    socket().async_read_some(asio::buffer(nowhere),
                             [this](error_code fault, std::size_t) { done(fault, [this] { drop_rest(); }); });
  }

  asio::ssl::stream_base::handshake_type side_;
  Transport transport_;
  StreamUser* user_ = nullptr;
  int under_way_ = 0;
  bool is_reading_ = false;
  bool is_finishing_ = false;
  bool is_closed_ = false;
};

}  // namespace

std::unique_ptr<Stream> make_stream(asio::io_context& io, Descriptor socket, asio::ssl::context* tls) {
  Socket adopted_socket = adopted(io, std::move(socket));
  if (tls == nullptr)
    return std::make_unique<AsioStream<Socket>>(TlsSocket::server, std::move(adopted_socket));
  return std::make_unique<AsioStream<TlsSocket>>(TlsSocket::server, std::move(adopted_socket), *tls);
}

std::unique_ptr<Stream> make_client_stream(asio::io_context& io, Descriptor socket, asio::ssl::context* tls,
                                           const std::string& host) {
  Socket adopted_socket = adopted(io, std::move(socket));
  if (tls == nullptr)
    return std::make_unique<AsioStream<Socket>>(TlsSocket::client, std::move(adopted_socket));
  TlsSocket secure{std::move(adopted_socket), *tls};
  error_code fault;
  if (asio::ip::make_address(host, fault); fault)
    SSL_set_tlsext_host_name(secure.native_handle(), host.c_str());
  secure.set_verify_callback(asio::ssl::host_name_verification{host});
  return std::make_unique<AsioStream<TlsSocket>>(TlsSocket::client, std::move(secure));
}

}  // namespace server::http
