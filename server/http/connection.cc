#include "server/http/connection.h"

#include <array>
#include <utility>

#include "gate/base/uuid.h"
#include "server/http/answer.h"

namespace server::http {
namespace {

// How long a client that was told of the end may go on sending before it is cut off.
constexpr std::chrono::milliseconds kLinger{1'000};

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(const ConnectionWorld& world, std::unique_ptr<Stream> stream, Peer peer, Lease lease,
                       MakeResponder responder)
    : world_(world),
      stream_(std::move(stream)),
      peer_(std::move(peer)),
      lease_(std::move(lease)),
      responder_(std::move(responder)) {}

void Connection::start() {
  enter(Phase::opening, world_.clock.elapsed(), world_.limits.header_deadline);
  stream_->open(*this);
}

void Connection::enter(Phase phase, std::chrono::nanoseconds since, std::chrono::milliseconds deadline) {
  phase_ = phase;
  deadline_ = since + deadline;
}

void Connection::on_open() {
  if (lease_.kind() == Lease::Kind::turned_away) return refuse(503, "there are too many connections");
  next_request();
}

void Connection::next_request() {
  request_ = {};
  scanned_ = 0;
  ++number_;
  if (!received_.empty()) return begin_head();
  if (is_draining_ && !stream_->has_unread()) return close();
  enter(Phase::idle, world_.clock.elapsed(), world_.limits.idle);
  read_more();
}

void Connection::begin_head() {
  begun_ = world_.clock.elapsed();
  enter(Phase::head, begun_, world_.limits.header_deadline);
  take_head();
}

void Connection::read_more() {
  stream_->read(received_.room());
}

// A read may end after its request was given up: what it brought is dropped then.
void Connection::on_read(std::size_t count) {
  if (phase_ != Phase::idle && phase_ != Phase::head && phase_ != Phase::body) return;
  received_.add(count);
  if (phase_ == Phase::idle) return begin_head();
  if (phase_ == Phase::head) return take_head();
  take_body();
}

void Connection::take_head() {
  const HeadEnd end = find_head_end(received_.view(), scanned_);
  if (end.state == HeadEnd::State::malformed)
    return refuse_as_malformed({400, "the head holds a byte that none may hold"});
  if (end.state == HeadEnd::State::incomplete) {
    scanned_ = received_.view().size();
    if (scanned_ >= world_.limits.header_bytes)
      return refuse_as_malformed(too_long(received_.view(), world_.limits));
    return read_more();
  }
  auto checked = check_head(received_.view().substr(0, end.bytes), world_.limits);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return refuse_as_malformed(*refusal);
  received_.drop(end.bytes);
  take_request(std::move(std::get<CheckedHead>(checked)));
}

void Connection::take_request(CheckedHead checked) {
  Head& head = checked.head;
  if (head.correlation_id.empty()) head.correlation_id = new_correlation_id();
  head.peer = peer_;
  request_.method = head.method;
  request_.correlation_id = head.correlation_id;
  request_.traceparent = head.traceparent;
  request_.content_length = head.content_length;
  request_.has_body = head.has_body;
  request_.is_chunked = checked.is_chunked;
  request_.expects_continue = checked.expects_continue;
  request_.keeps_alive = checked.keeps_alive;
  auto decided = decide(std::move(head));
  if (auto* refused = std::get_if<Response>(&decided)) {
    if (request_.has_body) refused->then_close = true;
    return send(std::move(*refused));
  }
  begin_body(std::move(std::get<Admitted>(decided)));
}

// What an exception says is nothing for a client.
std::variant<Response, Admitted> Connection::decide(Head head) {
  try {
    return world_.application.admit(std::move(head));
  } catch (...) {
    return refusal(500, "the request could not be looked at");
  }
}

void Connection::begin_body(Admitted admitted) {
  request_.run = std::move(admitted.run);
  if (!request_.has_body) return run({});
  if (request_.content_length.value_or(0) > admitted.body_limit) return refuse(413, "the body is too long");
  if (request_.is_chunked) request_.chunks.emplace(admitted.body_limit);
  if (request_.expects_continue && received_.empty()) {
    enter(Phase::continuing, begun_, world_.limits.request_deadline);
    return stream_->write(kContinue);
  }
  enter(Phase::body, begun_, world_.limits.request_deadline);
  take_body();
}

void Connection::take_body() {
  if (request_.chunks) return take_chunks();
  const auto length = static_cast<std::size_t>(*request_.content_length);
  if (received_.view().size() < length) return read_more();
  std::string body{received_.view().substr(0, length)};
  received_.drop(length);
  run(std::move(body));
}

void Connection::take_chunks() {
  std::string_view bytes = received_.view();
  const ChunkedBody::State state = request_.chunks->take(bytes);
  received_.drop(received_.view().size() - bytes.size());
  switch (state) {
    case ChunkedBody::State::incomplete: return read_more();
    case ChunkedBody::State::complete: return run(std::move(request_.chunks->body()));
    case ChunkedBody::State::malformed: return refuse_as_malformed({400, "the body's chunks are ill-formed"});
    case ChunkedBody::State::too_long: return refuse(413, "the body is too long");
  }
}

void Connection::run(std::string body) {
  enter(Phase::answering, world_.clock.elapsed(), world_.limits.answer_deadline);
  const auto run = std::move(request_.run);
  const std::uint64_t number = number_;
  try {
    run(std::move(body), responder_(number));
  } catch (...) {
    deliver(number, refusal(500, "the request could not be run"));
  }
}

void Connection::deliver(std::uint64_t number, Response response) {
  if (phase_ != Phase::answering || number != number_) return;
  const bool nobody_answered = response.status == 500 && response.body.empty();
  send(nobody_answered ? refusal(500, "the request was left without an answer") : std::move(response));
}

Response Connection::refusal(int status, std::string_view why) {
  if (request_.correlation_id.empty()) request_.correlation_id = new_correlation_id();
  Response response{status, {}, "text/plain", {}, true};
  try {
    response = world_.application.refuse(status, why, request_.correlation_id);
  } catch (...) {  // then the bare status says it
  }
  response.then_close = true;
  return response;
}

void Connection::refuse(int status, std::string_view why) {
  send(refusal(status, why));
}

void Connection::refuse_as_malformed(const Refusal& refusal) {
  ++world_.counts.malformed;
  refuse(refusal.status, refusal.why);
}

void Connection::send(Response response) {
  if (!is_sendable(response)) response = refusal(500, "the answer cannot be sent");
  if (!is_sendable(response)) response = {500, {}, "text/plain", {}, true};
  closes_ = closes_ || response.then_close || is_draining_ || !request_.keeps_alive;
  const std::string date = http_date(world_.clock.now());
  writing_ = wire_form(
      response, {request_.correlation_id, request_.traceparent, date, closes_, request_.method == "HEAD"});
  enter(Phase::writing, world_.clock.elapsed(), world_.limits.write_deadline);
  stream_->write(writing_);
}

void Connection::on_written() {
  if (phase_ == Phase::continuing) {
    enter(Phase::body, begun_, world_.limits.request_deadline);
    return take_body();
  }
  std::string{}.swap(writing_);
  if (!closes_) return next_request();
  enter(Phase::finishing, world_.clock.elapsed(), kLinger);
  stream_->finish();
}

void Connection::on_end(End) {
  close();
}

void Connection::look_at_clock(std::chrono::nanoseconds now) {
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::head: return time_out(408, "the headers took too long");
    case Phase::body: return time_out(408, "the body took too long");
    case Phase::answering: return time_out(504, "the answer took too long");
    case Phase::opening:
    case Phase::continuing:
    case Phase::writing: ++world_.counts.timed_out; return close();
    case Phase::idle:
    case Phase::finishing: return close();
    case Phase::closed: return;
  }
}

void Connection::time_out(int status, std::string_view why) {
  ++world_.counts.timed_out;
  refuse(status, why);
}

void Connection::drain() {
  is_draining_ = true;
  if (phase_ == Phase::idle && !stream_->has_unread()) close();
}

void Connection::close() {
  phase_ = Phase::closed;
  request_ = {};
  lease_.reset();
  stream_->close();
}

std::string Connection::new_correlation_id() const {
  std::array<std::uint8_t, 10> bytes{};
  world_.random.fill(bytes);
  return gate::uuid_v7(world_.clock.now(), bytes);
}

}  // namespace server::http
