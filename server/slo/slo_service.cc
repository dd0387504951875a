#include "server/slo/slo_service.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/slo/reasons.h"

namespace server::slo {
namespace {

using api::Problem;
using api::Route;
using gate::Timestamp;
using gate::checks::EvaluatedObjective;
using gate::slo::Outcome;
using std::chrono::minutes;

constexpr std::size_t kMostJobs = 8;  // sources that are asked at a time
constexpr minutes kForgetEvery{10};
constexpr std::array kOutcomes{Outcome::passed, Outcome::warned, Outcome::failed, Outcome::undecided};

gate::slo::Missing unreachable(const gate::Error& error) {
  return {gate::slo::Doubt::unreachable, error.message};
}

// Services of objectives may post too, where only some may.
std::vector<std::string> known_services(const SloSettings& settings, const Objectives& objectives) {
  std::vector<std::string> known = settings.services;
  for (const auto& [service, thresholds] : objectives.thresholds_ms) {
    if (known.empty()) break;
    if (std::find(known.begin(), known.end(), service) == known.end()) known.push_back(service);
  }
  return known;
}

std::vector<std::string> services_of(const Objectives& objectives) {
  std::vector<std::string> services;
  for (const auto& objective : objectives.loaded.set.objectives) services.push_back(objective.service);
  return services;
}

constexpr api::QueryParameter kServiceParameter{"service", R"({"type":"string"})", "This service alone."};

// What all rows have in common; a GET's idempotency.
Route row(std::string_view method, std::string_view path, auth::Scope scope, limits::RateClass rate_class) {
  Route route;
  route.method = method;
  route.path = path;
  route.access = scope;
  route.rate_class = rate_class;
  route.endpoint = "sloMonitoring";
  route.idempotency = api::Idempotency::safe;
  return route;
}

}  // namespace

gate::Result<std::unique_ptr<SloService>> SloService::open(const api::Core& core, const SloSettings& settings,
                                                           const SloReach& reach) {
  auto objectives =
      load_objectives(settings.objectives_file, settings.built_in, core.files, core.clock.now());
  if (!objectives) return objectives.error();
  return std::make_unique<SloService>(core, settings, reach, std::move(*objectives));
}

SloService::SloService(const api::Core& core, const SloSettings& settings, const SloReach& reach,
                       Objectives objectives)
    : core_(core),
      settings_(settings),
      reach_(reach),
      objectives_(std::move(objectives)),
      evaluation_seconds_(core.metrics.histogram("release_gate_slo_evaluation_seconds",
                                                 "How long an evaluation of all objectives took.",
                                                 {0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30})),
      posted_(core, objectives_, known_services(settings, objectives_)),
      spans_(core, settings.interval, services_of(objectives_)) {
  for (const Outcome outcome : kOutcomes) {
    by_verdict_[outcome] = &core.metrics.gauge("release_gate_slo_objectives",
                                               "Objectives by the verdict of the last evaluation.",
                                               {{"verdict", std::string{gate::slo::name_of(outcome)}}});
  }
}

SloService::~SloService() {
  stop();
}

gate::Status SloService::reload(store::Transaction& transaction) {
  if (auto loaded = posted_.reload(transaction); !loaded) return loaded;
  return spans_.reload(transaction);
}

gate::checks::MeasureSource SloService::measure() const {
  const gate::checks::SloWorld world{core_.files, reach_.http, core_.clock, reach_.environment, 1};
  return [this, others = gate::checks::real_sources(world)](
             const gate::slo::Source& source, std::span<const gate::slo::Objective> objectives,
             const gate::checks::MeasureSettings& settings) -> gate::Result<gate::checks::SourceAnswer> {
    if (std::holds_alternative<gate::slo::PostedSource>(source.settings))
      return gate::checks::SourceAnswer{posted_.measure(objectives), {}};
    auto answer = others(source, objectives, settings);
    if (answer) return answer;
    // One source that cannot be read says nothing about the others.
    return gate::checks::nothing_measured(objectives, core_.clock.now(), unreachable(answer.error()));
  };
}

std::vector<EvaluatedObjective> SloService::evaluate(Timestamp now) const {
  if (objectives_.loaded.set.objectives.empty()) return {};
  gate::policy::SloSettings settings;
  settings.deadline = settings_.interval;
  gate::policy::RunContext run;
  run.started_at = run.as_of = now;
  const gate::checks::SloWorld world{core_.files, reach_.http, core_.clock, reach_.environment, kMostJobs};
  auto check = gate::checks::evaluate_loaded(objectives_.loaded, settings, run, world, measure());
  if (check) return std::move(check->objectives);
  core_.log.error("slo.evaluation_failed", {{"cause", check.error().message}});
  const auto& objectives = objectives_.loaded.set.objectives;
  const auto nothing = gate::checks::nothing_measured(objectives, now, unreachable(check.error()));
  std::vector<EvaluatedObjective> evaluated;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    const auto& measurement = nothing.measurements.of[i];
    evaluated.push_back({objectives[i], measurement, {}, gate::slo::evaluate(objectives[i], measurement)});
  }
  return evaluated;
}

void SloService::show(const std::vector<EvaluatedObjective>& evaluated, Timestamp now,
                      std::chrono::nanoseconds elapsed) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->at = now;
  snapshot->elapsed = elapsed;
  for (const EvaluatedObjective& one : evaluated) snapshot->rows.push_back(status_row(one, now));
  for (const auto& [outcome, gauge] : by_verdict_) {
    const auto is_it = [outcome = outcome](const StatusRow& row) { return row.outcome == outcome; };
    gauge->set(static_cast<double>(std::count_if(snapshot->rows.begin(), snapshot->rows.end(), is_it)));
  }
  const std::lock_guard lock{mutex_};
  snapshot->generation = snapshot_->generation + 1;
  snapshot_ = std::move(snapshot);
}

void SloService::evaluate_once() {
  const Timestamp now = core_.clock.now();
  const auto began = core_.clock.elapsed();
  const auto evaluated = evaluate(now);
  show(evaluated, now, began);
  evaluation_seconds_.observe(std::chrono::duration<double>(core_.clock.elapsed() - began).count());
  spans_.record(evaluated, now);
  if (forgot_ && began - *forgot_ < kForgetEvery) return;
  forgot_ = began;
  posted_.forget();
  spans_.forget();
}

std::variant<http::Response, Problem> SloService::status(const api::Call& call) const {
  std::shared_ptr<const Snapshot> snapshot;
  {
    const std::lock_guard lock{mutex_};
    snapshot = snapshot_;
  }
  if (auto problem = check_service(call, spans_.services_in_reach(call.caller))) return std::move(*problem);
  const auto service = call.head.parameter("service");
  const StatusView view{
      [&](std::string_view name) { return call.caller.may_reach(name) && (!service || *service == name); },
      core_.clock.elapsed(), settings_.interval};
  // The generation alone begins anew with every start of the server.
  const std::string etag = fmt::format("\"{}-{}{}\"", snapshot->at.time_since_epoch().count(),
                                       snapshot->generation, is_stale(*snapshot, view) ? "-stale" : "");
  return api::answer_tagged(call, status_body(*snapshot, view), etag);
}

Route SloService::status_route() {
  Route route = row("GET", "/api/v1/slo/status", auth::Scope::read, limits::RateClass::read);
  route.name = "getSloStatus";
  route.summary = "Verdict, budget, burn rates and evidence of every objective, as last evaluated.";
  route.query = {kServiceParameter};
  route.reply_schema = status_schema();
  route.handler = api::answering([this](const api::Call& call) { return status(call); });
  return route;
}

Route SloService::breaches_route() {
  Route route = row("GET", "/api/v1/slo/breaches", auth::Scope::read, limits::RateClass::read);
  route.name = "listSloBreaches";
  route.summary = "Breaches that lasted within the last hours, and when nothing could be told.";
  route.query = {
      {"hours", R"({"type":"integer","minimum":1,"maximum":720})", "How far to look back; default 24."},
      kServiceParameter};
  route.reply_schema = breaches_schema();
  route.handler = [this](const api::Call& call, const http::Responder& respond) {
    spans_.tell(call, respond);
  };
  return route;
}

Route SloService::samples_route() {
  Route route = row("POST", "/api/v1/slo/samples", auth::Scope::ingest, limits::RateClass::ingest);
  route.idempotency = api::Idempotency::accepted;
  route.body_limit = std::uint64_t{1} << 20U;
  route.body_required = true;
  route.name = "postSloSamples";
  route.summary = "Takes requests of a service as samples for its objectives, all of them or none.";
  route.request_schema = samples_request_schema();
  route.reply_schema = samples_reply_schema();
  route.handler = [this](api::Call call, const http::Responder& respond) {
    posted_.post(std::move(call), respond);
  };
  return route;
}

std::vector<Route> SloService::routes() {
  return {status_route(), breaches_route(), samples_route()};
}

void SloService::start() {
  thread_ = std::thread{[this] { run(); }};
}

void SloService::stop() {
  {
    const std::lock_guard lock{thread_mutex_};
    stopping_ = true;
  }
  stopping_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SloService::run() {
  std::unique_lock lock{thread_mutex_};
  while (!stopping_) {
    lock.unlock();
    const auto began = core_.clock.elapsed();
    evaluate_once();
    const auto rest = settings_.interval - (core_.clock.elapsed() - began);
    lock.lock();
    stopping_changed_.wait_for(lock, rest, [this] { return stopping_; });
  }
}

}  // namespace server::slo
