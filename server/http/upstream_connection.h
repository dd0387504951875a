#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gate/base/result.h"
#include "server/http/read_buffer.h"
#include "server/http/stream.h"
#include "server/http/upstream_reply.h"

namespace server::http {

// A request on its way, and whom to tell of its reply.
struct Exchange {
  std::string bytes;
  bool is_head = false;
  bool may_repeat = false;  // another connection may try it if this one turns out dead
  bool was_sent = false;    // on this connection or the one before: it may have been done
  std::size_t reply_limit = 0;
  std::chrono::steady_clock::time_point deadline;
  std::function<void(gate::Result<Response>)> done;
};

// A connection to another server: carries one exchange after the other. Belongs to one thread; done() is
// called from within its calls and its events, as the last thing they do.
class UpstreamConnection final : public StreamUser {
 public:
  using Repeat = std::function<void(Exchange)>;

  // `repeat` is given an exchange that a kept connection could not begin.
  UpstreamConnection(std::string place, Repeat repeat)
      : place_(std::move(place)), repeat_(std::move(repeat)) {}

  // The first exchange; the stream follows once there is one.
  void begin(Exchange exchange) { exchange_ = std::move(exchange); }
  void connected(std::unique_ptr<Stream> stream);
  void fail(gate::Error error);
  // Another exchange on an idle connection.
  void carry(Exchange exchange);
  void look_at_clock(std::chrono::steady_clock::time_point now);

  [[nodiscard]] const std::string& place() const { return place_; }
  [[nodiscard]] bool is_idle() const { return is_open_ && !is_closed_ && !exchange_; }
  [[nodiscard]] bool may_be_destroyed() const {
    return is_closed_ && (stream_ == nullptr || !stream_->is_busy());
  }

  void on_open() override;
  void on_read(std::size_t count) override;
  void on_written() override;
  void on_end(End how) override;

 private:
  void send();
  void close();
  void conclude(gate::Result<Response> result);
  void take_reply(gate::Result<std::optional<Response>> reply);

  std::string place_;  // the url_base it leads to
  Repeat repeat_;
  std::unique_ptr<Stream> stream_;
  ReadBuffer received_;
  std::optional<Exchange> exchange_;
  std::optional<UpstreamReply> reply_;
  std::string writing_;  // stays while the stream writes it, even if the exchange is over
  std::chrono::steady_clock::time_point idle_since_;
  bool is_open_ = false;
  bool is_writing_ = false;
  bool is_kept_ = false;  // it carried an exchange before
  bool is_closed_ = false;
};

}  // namespace server::http
