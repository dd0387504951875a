#include "server/commands/owner.h"

#include <array>
#include <future>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/uuid.h"
#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "gate/ports/http_client.h"
#include "server/app/app.h"
#include "server/commands/world.h"

namespace server::commands {
namespace {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Value;

struct Answer {
  int status = 0;
  std::string body;
};

std::string text_of(const Value& body, std::string_view name) {
  const Value* member = body.find(name);
  const std::string* text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string{} : *text;
}

Result<Value> read(const Answer& answer) {
  const auto document = gate::load::parse_json(answer.body);
  if (!document)
    return Error{ErrorCode::unavailable, fmt::format("the server answered {} without JSON", answer.status)};
  Value body = gate::load::to_value(document->root);
  if (answer.status < 300) return body;
  const bool unknown = text_of(body, "code") == "outcome_unknown" || answer.status == 504;
  const ErrorCode code = unknown                ? ErrorCode::unconfirmed
                         : answer.status == 422 ? ErrorCode::usage
                         : answer.status >= 500 ? ErrorCode::unavailable
                                                : ErrorCode::refused;
  return Error{code, text_of(body, "detail")};
}

std::string fresh_key(gate::cli::Context& io) {
  std::array<std::uint8_t, 10> bytes{};
  io.random.fill(bytes);
  return gate::uuid_v7(io.clock.now(), bytes);
}

Result<Answer> over_socket(const DataOptions& where, std::string_view method, const std::string& target,
                           const std::string& body, gate::cli::Context& io) {
  gate::ports::HttpRequest request;
  request.method = method;
  request.url = "http://localhost" + target;
  request.unix_socket = control_socket_of(where.data);
  request.timeout = std::chrono::minutes{5};  // a backup takes as long as the disk does
  if (method != "GET") request.headers.emplace_back("Idempotency-Key", fresh_key(io));
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = body;
  auto reply = io.http->send(request);
  if (!reply) return reply.error();
  return Answer{reply->status, std::move(reply->body)};
}

http::Head head_of(std::string_view method, const std::string& target, const std::string& body,
                   gate::cli::Context& io) {
  http::Head head;
  head.method = method;
  head.target = target;
  head.path = target.substr(0, target.find('?'));
  head.peer.is_local_owner = true;
  head.correlation_id = fresh_key(io);
  head.has_body = !body.empty();
  head.content_length = body.size();
  head.headers = {{"content-type", "application/json"}};
  return head;
}

Result<Answer> in_process(const DataOptions& where, std::string_view method, const std::string& target,
                          const std::string& body, gate::cli::Context& io) {
  auto settings = settings_of(where, io);
  if (!settings) return settings.error();
  settings->log_file = "/dev/null";  // what is to be said goes to the terminal
  auto app = app::App::open(std::move(*settings), world_of(io));
  if (!app) return app.error();
  auto admission = (*app)->application().admit(head_of(method, target, body, io));
  if (auto* refused = std::get_if<http::Response>(&admission)) return Answer{refused->status, refused->body};
  std::promise<http::Response> promise;
  std::get<http::Admitted>(admission).run(
      body, http::Responder{[&](http::Response response) { promise.set_value(std::move(response)); }});
  http::Response response = promise.get_future().get();
  (*app)->close();
  return Answer{response.status, std::move(response.body)};
}

}  // namespace

std::string control_socket_of(const std::string& data) {
  return data + "/control.sock";
}

Result<Value> ask_owner(const DataOptions& where, std::string_view method, const std::string& target,
                        const Value& body, gate::cli::Context& io) {
  const std::string text = body.is_null() ? std::string{} : gate::to_compact_json(body);
  if (io.files.status(where.data).kind != gate::ports::FileKind::folder) {
    return Error{ErrorCode::usage, fmt::format("{}: there is no such data folder", where.data)};
  }
  if (io.files.status(where.data + "/release-gate.db").kind == gate::ports::FileKind::missing) {
    return Error{
        ErrorCode::usage,
        fmt::format("{}: there is no state of a gate-server here: is the volume mounted?", where.data)};
  }
  const bool may_run = io.files.status(control_socket_of(where.data)).kind != gate::ports::FileKind::missing;
  if (may_run) {
    auto answer = over_socket(where, method, target, text, io);
    if (answer) return read(*answer);
    if (answer.error().code != ErrorCode::unavailable) {
      return Error{ErrorCode::unconfirmed, answer.error().message}.within(control_socket_of(where.data));
    }
  }
  auto answer = in_process(where, method, target, text, io);
  if (!answer) return answer.error();
  return read(*answer);
}

}  // namespace server::commands
