#include "server/http/upstream_connection.h"

namespace server::http {
namespace {

// Most servers close what is idle for longer than that.
constexpr std::chrono::seconds kKeptIdle{4};

gate::Error unavailable(std::string message) {
  return {gate::ErrorCode::unavailable, std::move(message)};
}

}  // namespace

void UpstreamConnection::connected(std::unique_ptr<Stream> stream) {
  stream_ = std::move(stream);
  stream_->open(*this);
}

void UpstreamConnection::on_open() {
  is_open_ = true;
  send();
  stream_->read(received_.room());
}

void UpstreamConnection::carry(Exchange exchange) {
  exchange_ = std::move(exchange);
  is_kept_ = true;
  send();
}

void UpstreamConnection::send() {
  reply_.emplace(UpstreamReply::Expected{exchange_->is_head, exchange_->reply_limit});
  const bool may_be_needed_again = is_kept_ && exchange_->may_repeat;
  writing_ = may_be_needed_again ? exchange_->bytes : std::move(exchange_->bytes);
  is_writing_ = true;
  exchange_->was_sent = true;
  stream_->write(writing_);
}

void UpstreamConnection::on_written() {
  is_writing_ = false;
}

void UpstreamConnection::on_read(std::size_t count) {
  received_.add(count);
  // Nobody asked: whose reply it is cannot be known.
  if (!exchange_) return close();
  std::string_view bytes = received_.view();
  auto reply = reply_->take(bytes);
  received_.drop(received_.view().size() - bytes.size());
  take_reply(std::move(reply));
}

void UpstreamConnection::take_reply(gate::Result<std::optional<Response>> reply) {
  if (!reply) return fail(reply.error());
  if (!*reply) return stream_->read(received_.room());
  if (reply_->keeps_connection() && !is_writing_ && received_.empty()) {
    idle_since_ = std::chrono::steady_clock::now();
    stream_->read(received_.room());
  } else {
    close();
  }
  conclude(std::move(**reply));
}

void UpstreamConnection::on_end(End how) {
  close();
  if (!exchange_) return;
  if (is_kept_ && exchange_->may_repeat && !reply_->has_begun())
    return repeat_(*std::exchange(exchange_, {}));
  if (!is_open_) return conclude(unavailable("no secure connection could be agreed upon"));
  if (how == End::fault || !reply_->has_begun())
    return conclude(unavailable("the connection ended before the reply did"));
  auto reply = reply_->end();
  if (!reply) return conclude(reply.error());
  conclude(std::move(**reply));
}

void UpstreamConnection::look_at_clock(std::chrono::steady_clock::time_point now) {
  if (is_idle() && now - idle_since_ > kKeptIdle) close();
  if (exchange_ && now >= exchange_->deadline)
    fail({gate::ErrorCode::timeout, "the reply took longer than its deadline"});
}

void UpstreamConnection::fail(gate::Error error) {
  close();
  if (exchange_) conclude(std::move(error));
}

void UpstreamConnection::close() {
  is_closed_ = true;
  if (stream_ != nullptr) stream_->close();
}

void UpstreamConnection::conclude(gate::Result<Response> result) {
  if (!result && exchange_->was_sent && result.error().code == gate::ErrorCode::unavailable)
    result = gate::Error{gate::ErrorCode::unconfirmed, result.error().message};
  const auto done = std::move(exchange_->done);
  exchange_.reset();
  done(std::move(result));
}

}  // namespace server::http
