#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "server/http/descriptor.h"

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace server::http {

// Told what became of the operations of a stream, on the thread that runs it; from within a call only of
// open().
class StreamUser {
 public:
  enum class End {
    in_order,  // the other side ended it
    fault      // an operation failed
  };

  virtual ~StreamUser() = default;
  virtual void on_open() = 0;                   // the other side may be read from and written to
  virtual void on_read(std::size_t count) = 0;  // so many bytes came; never 0
  virtual void on_written() = 0;                // all of it
  virtual void on_end(End how) = 0;             // nothing more will come; close() follows
};

// Bytes to and from one client. At most one read and one write at a time; the memory they were given stays
// where it is until they are done or the stream is no longer busy. Belongs to one thread.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual void open(StreamUser& user) = 0;
  virtual void read(std::span<char> into) = 0;
  virtual void write(std::string_view bytes) = 0;

  // Says that no more will come and drops what does until the other side has ended: on_end() then. So what
  // was written reaches a client that is still sending, whom a close() would reset.
  virtual void finish() = 0;

  // At once. The user hears no more.
  virtual void close() = 0;

  // An operation is under way: the stream and its user must stay where they are.
  [[nodiscard]] virtual bool is_busy() const = 0;

  // There are bytes that nobody has read yet.
  [[nodiscard]] virtual bool has_unread() const = 0;
};

// A stream over a connected socket, with TLS where there is a context. Errors of the system show in on_end().
[[nodiscard]] std::unique_ptr<Stream> make_stream(boost::asio::io_context& io, Descriptor socket,
                                                  boost::asio::ssl::context* tls);

// The same from the client's side, which holds the other to be `host` only if its certificate says so.
[[nodiscard]] std::unique_ptr<Stream> make_client_stream(boost::asio::io_context& io, Descriptor socket,
                                                         boost::asio::ssl::context* tls,
                                                         const std::string& host);

}  // namespace server::http
