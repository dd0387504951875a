#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "gate/ports/clock.h"
#include "gate/ports/random.h"
#include "server/http/admission.h"
#include "server/http/application.h"
#include "server/http/chunked.h"
#include "server/http/framing.h"
#include "server/http/read_buffer.h"
#include "server/http/server.h"
#include "server/http/stream.h"

namespace server::http {

// What all connections of a server share.
struct ConnectionWorld {
  Application& application;
  const Limits& limits;
  const gate::ports::Clock& clock;
  const gate::ports::Random& random;
  ServerCounts& counts;
};

// One client from its first byte to its last: reads a request, has it answered, writes the answer, and only
// then looks at the next. It does one thing at a time, with one deadline for it, on one thread.
class Connection final : public StreamUser {
 public:
  // How answers to the request of that number find back here, from any thread.
  using MakeResponder = std::function<Responder(std::uint64_t number)>;

  Connection(const ConnectionWorld& world, std::unique_ptr<Stream> stream, Peer peer, Lease lease,
             MakeResponder responder);

  void start();
  // The answer to the request of that number; too late, and it is dropped.
  void deliver(std::uint64_t number, Response response);
  // To be called every few milliseconds: does what follows from a deadline that has passed.
  void look_at_clock(std::chrono::nanoseconds now);
  // Ends with the request under way, or at once where there is none.
  void drain();
  void close();

  // Closed, and nothing is under way that would come back to it.
  [[nodiscard]] bool may_be_destroyed() const { return phase_ == Phase::closed && !stream_->is_busy(); }

  void on_open() override;
  void on_read(std::size_t count) override;
  void on_written() override;
  void on_end(End how) override;

 private:
  enum class Phase { opening, idle, head, continuing, body, answering, writing, finishing, closed };

  // The request at hand.
  struct Request {
    std::string method;
    std::string correlation_id;
    std::string traceparent;
    std::optional<std::uint64_t> content_length;
    bool has_body = false;
    bool is_chunked = false;
    bool expects_continue = false;
    bool keeps_alive = false;
    std::optional<ChunkedBody> chunks;
    std::function<void(std::string, Responder)> run;
  };

  void enter(Phase phase, std::chrono::nanoseconds since, std::chrono::milliseconds deadline);
  void next_request();
  void begin_head();
  void read_more();
  void take_head();
  void take_request(CheckedHead checked);
  [[nodiscard]] std::variant<Response, Admitted> decide(Head head);
  void begin_body(Admitted admitted);
  void take_body();
  void take_chunks();
  void run(std::string body);
  void refuse(int status, std::string_view why);
  void refuse_as_malformed(const Refusal& refusal);
  void time_out(int status, std::string_view why);
  [[nodiscard]] Response refusal(int status, std::string_view why);
  void send(Response response);
  [[nodiscard]] std::string new_correlation_id() const;

  const ConnectionWorld& world_;
  std::unique_ptr<Stream> stream_;
  Peer peer_;
  Lease lease_;
  MakeResponder responder_;
  Phase phase_ = Phase::opening;
  std::chrono::nanoseconds begun_{0};  // the first byte of the request
  std::chrono::nanoseconds deadline_{0};
  ReadBuffer received_;
  std::size_t scanned_ = 0;  // of received_: holds no end of a head
  std::uint64_t number_ = 0;
  Request request_;
  std::string writing_;
  bool closes_ = false;
  bool is_draining_ = false;
};

}  // namespace server::http
