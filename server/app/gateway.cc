#include "server/app/gateway.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "server/auth/api_key.h"

namespace server::app {
namespace {

using api::Anybody;
using api::as_response;
using api::Call;
using api::Core;
using api::Handler;
using api::Idempotency;
using api::Match;
using api::NoMatch;
using api::Problem;
using api::Route;
using api::Router;
using limits::RateClass;

// What the label `status` may be.
constexpr std::array<std::string_view, 7> kStatusLabels{"2xx", "3xx", "4xx", "401", "429", "5xx", "503"};

std::size_t status_label(int status) {
  switch (status) {
    case 401: return 3;
    case 429: return 4;
    case 503: return 6;
    default: break;
  }
  return status < 300 ? 0 : status < 400 ? 1 : status < 500 ? 2 : 5;
}

const std::vector<double> kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                   0.1,    0.25,  0.5,    1,     2.5,  5,     10};

bool is_json(std::string_view content_type) {
  return gate::equal_ignoring_case(gate::trim(content_type.substr(0, content_type.find(';'))),
                                   "application/json");
}

// Whether the body, as the head announces it, is one that the route takes.
std::optional<Problem> check_body(const Call& call) {
  const Route& route = *call.route;
  const bool has_body = call.head.has_body && call.head.content_length.value_or(1) > 0;
  if (!has_body) {
    if (!route.body_required) return std::nullopt;
    return Problem{"invalid_request", "this route needs a JSON body", {{"", "is required"}}, {}};
  }
  if (route.body_limit == 0) return Problem{"too_large", "this route takes no body", {}, {}};
  if (call.head.content_length.value_or(0) > route.body_limit) {
    return Problem{"too_large", fmt::format("the body may have {} bytes", route.body_limit), {}, {}};
  }
  if (route.body_type == "*" || is_json(call.head.header("content-type"))) return std::nullopt;
  return Problem{"unsupported_media_type", "the body must be application/json", {}, {}};
}

// What cannot be done for one service alone.
bool is_about_everything(auth::Scope scope) {
  const auto& over_all = auth::kScopesOverAll;
  return std::find(over_all.begin(), over_all.end(), scope) != over_all.end();
}

std::string allowed(const NoMatch& none) {
  std::vector<std::string> methods{none.allowed.begin(), none.allowed.end()};
  std::sort(methods.begin(), methods.end());
  return gate::join(methods, ", ");
}

Problem no_route(const NoMatch& none, const http::Head& head) {
  if (none.allowed.empty()) {
    return {"not_found",
            fmt::format("nothing is at {}", gate::json_quoted(gate::shortened(head.path, 200))),
            {},
            {}};
  }
  const std::string methods = allowed(none);
  return {"method_not_allowed",
          fmt::format("{} is not one of {}", gate::shortened(head.method, 20), methods),
          {},
          {{"allow", methods}}};
}

std::string limit_reached(const limits::Outcome& outcome) {
  return fmt::format("the limit {} is {} requests in {} for each key", outcome.limit, outcome.rate.requests,
                     gate::human_duration(outcome.rate.window));
}

std::string_view code_of_status(int status) {
  switch (status) {
    case 408: return "request_timeout";
    case 413: return "too_large";
    case 414: return "target_too_long";
    case 415: return "unsupported_media_type";
    case 417: return "expectation_failed";
    case 431: return "header_too_large";
    case 500: return "internal";
    case 503: return "overloaded";
    case 504: return "gateway_timeout";
    case 505: return "version_not_supported";
    default: return "malformed_request";
  }
}

}  // namespace

struct Gateway::Series {
  Series(observe::Metrics& metrics, std::string_view route)
      : seconds(metrics.histogram("release_gate_http_request_seconds", "Time to the answer, by route.",
                                  kSeconds, {{"route", std::string{route}}})) {
    for (const std::string_view label : kStatusLabels) {
      answers.push_back(&metrics.counter("release_gate_http_requests_total",
                                         "Requests answered, by route and status.",
                                         {{"route", std::string{route}}, {"status", std::string{label}}}));
    }
  }

  std::vector<observe::Counter*> answers;
  observe::Histogram& seconds;
};

struct Gateway::About {
  About(const Call& call, std::chrono::nanoseconds began)
      : route(call.route),
        method(call.head.method),
        path(auth::without_secrets(call.head.path)),
        key(call.caller.id),
        owner(call.caller.owner),
        peer(call.head.peer.address),
        correlation_id(call.head.correlation_id),
        start(began) {}

  const Route* route;
  std::string method;
  std::string path;
  std::string key;
  std::string owner;
  std::string peer;
  std::string correlation_id;
  std::chrono::nanoseconds start;
};

Gateway::Gateway(const Router& router, auth::KeyBook& keys, limits::Limiter& limiter, Core core)
    : router_(router),
      keys_(keys),
      limiter_(limiter),
      core_(core),
      elsewhere_(std::make_unique<Series>(core.metrics, "none")) {
  for (const Route& route : router.routes())
    series_[&route] = std::make_unique<Series>(core.metrics, route.name);
}

Gateway::~Gateway() = default;

bool Gateway::is_overloaded(const Route& route) const {
  const bool always =
      route.rate_class == RateClass::rollback || !std::holds_alternative<auth::Scope>(route.access);
  return !always && lag_ && lag_() > kOverloaded;
}

// A key that is right is let in whatever others at its address did: nobody can lock a rollback out.
std::optional<Problem> Gateway::by_key(Call& call, http::Headers& headers) {
  const std::string& address = call.head.peer.address;
  auto found = keys_.authenticate(call.head, core_.clock.now());
  if (auto* caller = std::get_if<auth::Principal>(&found)) {
    call.caller = std::move(*caller);
    return std::nullopt;
  }
  const auto failure = std::get<auth::AuthFailure>(found);
  if (failure != auth::AuthFailure::missing) {
    if (const auto outcome = limiter_.may_authenticate(address); !outcome.decision.allowed) {
      headers = limits::headers_of(outcome);
      return Problem{"rate_limited", "too many failed authentications from this address", {}, {}};
    }
    limiter_.authentication_failed(address);
  }
  return Problem{"unauthenticated",
                 std::string{auth::explain(failure)},
                 {},
                 {{"www-authenticate", R"(Bearer realm="release-gate")"}}};
}

std::optional<Problem> Gateway::identify(Call& call, http::Headers& headers) {
  if (std::holds_alternative<Anybody>(call.route->access)) return std::nullopt;
  if (call.head.peer.is_local_owner) {
    call.caller.id = fmt::format("local:uid {}", call.head.peer.uid);
    call.caller.owner = "local";
    for (const auth::Scope scope : auth::kScopes) call.caller.scopes.add(scope);
    return std::nullopt;
  }
  const auto* scope = std::get_if<auth::Scope>(&call.route->access);
  if (scope == nullptr) return Problem{"not_found", "nothing is there", {}, {}};
  if (auto problem = by_key(call, headers)) return problem;
  if (is_about_everything(*scope) && !call.caller.services.empty()) {
    return Problem{
        "forbidden", "the key is narrowed to some services, and this is about all of them", {}, {}};
  }
  if (call.caller.scopes.has(*scope)) return std::nullopt;
  return Problem{"forbidden",
                 fmt::format("this needs the scope {}, which the key does not have", auth::name_of(*scope)),
                 {},
                 {}};
}

void Gateway::count(const About& about, const http::Response& response) const {
  const auto found = series_.find(about.route);
  const Series& series = found == series_.end() ? *elsewhere_ : *found->second;
  const std::chrono::duration<double> took = core_.clock.elapsed() - about.start;
  series.answers[status_label(response.status)]->add();
  series.seconds.observe(took.count());
  const bool changes = about.route != nullptr && about.route->idempotency != Idempotency::safe;
  const bool failed = response.status >= 500;
  const bool refused = response.status >= 400;
  if (!changes && !failed && !refused) return;
  core_.log.write(failed    ? observe::Level::error
                  : refused ? observe::Level::warning
                            : observe::Level::info,
                  "request",
                  {{"method", about.method},
                   {"path", about.path},
                   {"status", response.status},
                   {"key", about.key},
                   {"owner", about.owner},
                   {"peer", about.peer},
                   {"ms", took.count() * 1000},
                   {"correlation_id", about.correlation_id},
                   {"cause", response.cause}});
}

http::Responder Gateway::counting(About about, http::Headers headers, const http::Responder& respond) const {
  return http::Responder{
      [this, about = std::move(about), headers = std::move(headers), respond](http::Response response) {
        if (response.status == 500 && response.body.empty()) {
          response =
              as_response({"internal", "the request ended without an answer", {}, {}}, about.correlation_id);
        }
        response.headers.insert(response.headers.end(), headers.begin(), headers.end());
        count(about, response);
        respond(std::move(response));
      }};
}

std::variant<http::Response, http::Admitted> Gateway::admit(http::Head head) {
  const auto start = core_.clock.elapsed();
  Call call;
  call.head = std::move(head);
  call.head.correlation_id = auth::without_secrets(call.head.correlation_id);
  http::Headers headers;
  const auto refused = [&](const Problem& problem) {
    http::Response response = as_response(problem, call.head.correlation_id);
    response.headers.insert(response.headers.end(), headers.begin(), headers.end());
    count(About{call, start}, response);
    return response;
  };
  // HEAD is GET without its body, which the transport leaves out (RFC 9110, 9.3.2).
  const std::string_view method = call.head.method == "HEAD" ? "GET" : std::string_view{call.head.method};
  const auto found = router_.find(method, call.head.path);
  if (const auto* none = std::get_if<NoMatch>(&found)) return refused(no_route(*none, call.head));
  call.route = std::get<Match>(found).route;
  call.rest = std::get<Match>(found).rest;
  if (is_overloaded(*call.route)) {
    return refused({"overloaded",
                    "the server has more to do than it can; nothing was done",
                    {},
                    {{"retry-after", "1"}}});
  }
  if (const auto problem = identify(call, headers)) return refused(*problem);
  if (call.route->rate_class != RateClass::none && !call.head.peer.is_local_owner) {
    const limits::Holder holder{call.caller.id, call.caller.owner, call.caller.rates};
    const auto outcome = limiter_.take(holder, call.route->rate_class, call.route->endpoint);
    headers = limits::headers_of(outcome);
    if (!outcome.decision.allowed) return refused({"rate_limited", limit_reached(outcome), {}, {}});
  }
  if (const auto problem = check_body(call)) return refused(*problem);
  if (call.route->body_type != "*") {
    if (const auto problem = api::check_parameters(call)) return refused(*problem);
  }
  const std::uint64_t limit = call.route->body_limit;
  return http::Admitted{
      limit, [this, call = std::move(call), headers = std::move(headers), start](
                 std::string body, const http::Responder& respond) mutable {
        const http::Responder counted = counting(About{call, start}, std::move(headers), respond);
        call.body = std::move(body);
        const Handler& handler = call.route->handler;
        handler(std::move(call), counted);
      }};
}

http::Response Gateway::refuse(int status, std::string_view why, const std::string& correlation_id) {
  http::Response response = as_response({code_of_status(status), std::string{why}, {}, {}}, correlation_id);
  response.then_close = true;
  elsewhere_->answers[status_label(status)]->add();
  return response;
}

}  // namespace server::app
