#include "server/data/data_service.h"

#include <algorithm>

#include <fmt/format.h>

#include "server/data/target.h"

namespace server::data {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kBodyLimit = 1U << 20U;

Outcome outcome_of_reply(const gate::Result<http::Response>& reply) {
  if (reply) return outcome_of(reply->status);
  switch (reply.error().code) {
    case gate::ErrorCode::timeout: return Outcome::timed_out;
    case gate::ErrorCode::budget: return Outcome::too_large;
    case gate::ErrorCode::unconfirmed: return Outcome::failed;
    default: return Outcome::unreachable;
  }
}

// Which request of whom failed.
struct Failed {
  const Service& service;
  Track track;
  bool changes;  // its method is not safe: a second try may do it twice
  std::string correlation_id;
};

std::string detail_of(Outcome outcome, const Failed& failed) {
  const std::string who = fmt::format("{} of the service {}", name_of(failed.track), failed.service.name);
  const std::string_view doubt = failed.changes ? "; it may have been done" : "";
  switch (outcome) {
    case Outcome::timed_out:
      return fmt::format("{} did not answer within {} ms{}", who, failed.service.deadline.count(), doubt);
    case Outcome::too_large: return fmt::format("{} answered more than may be passed on{}", who, doubt);
    case Outcome::failed:
      return fmt::format("{} was sent the request and gave no whole answer{}", who, doubt);
    default: return who + " could not be reached";
  }
}

// The reason stands in the log: it may name hosts that a caller need not know.
http::Response failure(const gate::Error& error, Outcome outcome, const Failed& failed) {
  const std::string_view code = outcome == Outcome::timed_out ? "gateway_timeout" : "bad_gateway";
  http::Response response =
      api::as_response({code, detail_of(outcome, failed), {}, {}}, failed.correlation_id);
  response.cause = error.message;
  return response;
}

api::Problem resting(const Service& service, Track track, milliseconds wait) {
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  return {"upstream_unavailable",
          fmt::format("{} of the service {} failed too often", name_of(track), service.name),
          {},
          {{"retry-after", std::to_string(seconds)}}};
}

}  // namespace

DataService::DataService(const api::Core& core, std::unique_ptr<http::Upstream> upstream,
                         DataSettings settings)
    : core_(core),
      settings_(std::move(settings)),
      stable_meters_(core.metrics, Track::stable),
      canary_meters_(core.metrics, Track::canary),
      upstream_(std::move(upstream)) {
  for (const Service& service : settings_.services) {
    lanes_.push_back(
        {std::make_unique<Lane>(service, Track::stable, stable_meters_, core_.clock, core_.log),
         std::make_unique<Lane>(service, Track::canary, canary_meters_, core_.clock, core_.log)});
  }
}

std::vector<api::Route> DataService::routes() {
  return {
      route("GET", "getData", "Asks a service behind the canary."),
      route("POST", "postData", "Sends to a service behind the canary."),
      route("PUT", "putData", "Replaces in a service behind the canary."),
      route("PATCH", "patchData", "Changes in a service behind the canary."),
      route("DELETE", "deleteData", "Deletes in a service behind the canary."),
  };
}

api::Route DataService::route(std::string_view method, std::string_view name, std::string_view summary) {
  const bool reads = method == "GET";
  api::Route row;
  row.method = method;
  row.path = "/api/v1/data/{rest}";
  row.access = reads ? auth::Scope::read : auth::Scope::canary_write;
  row.rate_class = limits::RateClass::data;
  row.endpoint = "dataProxy";
  row.idempotency = reads ? api::Idempotency::safe : api::Idempotency::forwarded;
  row.body_limit = reads ? 0 : kBodyLimit;
  row.body_type = "*";
  row.name = name;
  row.summary = summary;
  row.handler = [this](api::Call call, const http::Responder& respond) { forward(std::move(call), respond); };
  return row;
}

Lane& DataService::lane_of(const Choice& choice) {
  return *lanes_[choice.service][static_cast<std::size_t>(choice.track)];
}

void DataService::forward(api::Call call, const http::Responder& respond) {
  const std::string& correlation_id = call.head.correlation_id;
  const auto refuse = [&](const api::Problem& problem) {
    respond(api::as_response(problem, correlation_id));
  };
  auto target = forwarded_target(call.rest, call.head.target);
  if (!target) return refuse({"bad_path", target.error().message, {}, {}});
  const auto chosen = choose(settings_, call);
  if (const auto* problem = std::get_if<api::Problem>(&chosen)) return refuse(*problem);

  const auto& choice = std::get<Choice>(chosen);
  const Service& service = settings_.services[choice.service];
  const Track track = choice.track;
  Lane& lane = lane_of(choice);
  const auto permit = lane.ask();
  if (!permit) return refuse(resting(service, track, lane.wait()));

  http::UpstreamRequest request;
  request.url_base = track == Track::stable ? service.stable : service.canary;
  request.method = call.head.method;
  request.target = std::move(*target);
  request.headers = forwarded_headers(call.head);
  request.body = std::move(call.body);
  request.deadline = service.deadline;
  const Failed failed{service, track, call.head.method != "GET", correlation_id};
  upstream_->send(std::move(request), [=, &lane, permit = *permit](gate::Result<http::Response> reply) {
    const Outcome outcome = outcome_of_reply(reply);
    lane.tell(permit, outcome);
    respond(reply ? forwarded_answer(std::move(*reply), failed.service, track)
                  : failure(reply.error(), outcome, failed));
  });
}

}  // namespace server::data
