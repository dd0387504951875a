#include "server/slo/span_keeper.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "server/api/change.h"
#include "server/slo/breaches.h"
#include "server/slo/status.h"

namespace server::slo {
namespace {

using api::Problem;
using gate::Timestamp;
using gate::Value;
using What = SpanStep::What;
using std::chrono::hours;

constexpr std::int64_t kMostHours = 720;

std::string_view name_of(What what) {
  switch (what) {
    case What::opened: return "opened";
    case What::resumed: return "resumed";
    case What::closed: return "closed";
    case What::seen: break;
  }
  return "seen";
}

// What began and what ended, for the audit log.
api::Change change_of(const std::vector<SpanStep>& steps) {
  Value changes = Value::array();
  std::string_view objective;
  bool is_one = true;
  for (const SpanStep& step : steps) {
    if (step.what == What::seen) continue;
    is_one = is_one && (objective.empty() || objective == step.span.objective);
    objective = step.span.objective;
    changes.push(Value::object({{"objective", step.span.objective},
                                {"kind", slo::name_of(step.span.kind)},
                                {"change", name_of(step.what)},
                                {"reason", step.span.reason}}));
  }
  api::Change change;
  change.audit.action = "slo.verdicts_changed";
  change.audit.subject = is_one ? std::string{objective} : "several objectives";
  change.audit.after = std::move(changes);
  return change;
}

}  // namespace

struct SpanKeeper::Record {
  std::vector<SpanStep> steps;
  Observation observation;

  [[nodiscard]] gate::Status write(store::Transaction& transaction) const {
    for (const SpanStep& step : steps) {
      if (auto put = put_span(transaction, step.span); !put) return put;
    }
    return put_observation(transaction, observation);
  }
};

SpanKeeper::SpanKeeper(const api::Core& core, std::chrono::milliseconds interval,
                       std::vector<std::string> services)
    : core_(core), interval_(interval), services_(std::move(services)) {
  for (const SpanKind kind : kSpanKinds) {
    if (kind == SpanKind::undecided) continue;
    const observe::Labels labels{{"severity", std::string{slo::name_of(kind)}}};
    open_[kind] = &core.metrics.gauge("release_gate_slo_breaches_open",
                                      "Breaches of enforced objectives that last.", labels);
    opened_[kind] = &core.metrics.counter("release_gate_slo_breaches_total",
                                          "Breaches of enforced objectives that began.", labels);
  }
}

gate::Status SpanKeeper::reload(store::Transaction& transaction) {
  const auto spans =
      load_spans(transaction, core_.clock.now() - kMergeWithin, std::numeric_limits<std::int32_t>::max());
  if (!spans) return spans.error();
  const auto observation = load_observation(transaction);
  if (!observation) return observation.error();
  const std::lock_guard lock{mutex_};
  book_.clear();
  for (const Span& span : *spans) book_.emplace(std::pair{span.objective, span.kind}, span);  // newest first
  observation_ = *observation;
  count();
  return gate::done();
}

void SpanKeeper::count() {
  for (const auto& [kind, gauge] : open_) {
    const auto lasts = [kind = kind](const auto& entry) {
      return entry.second.kind == kind && entry.second.enforced && !entry.second.ended_at;
    };
    gauge->set(static_cast<double>(std::count_if(book_.begin(), book_.end(), lasts)));
  }
}

std::shared_ptr<SpanKeeper::Record> SpanKeeper::next(
    std::span<const gate::checks::EvaluatedObjective> evaluated, Timestamp now) {
  const std::lock_guard lock{mutex_};
  if (is_busy_) return nullptr;
  is_busy_ = true;
  // Shared by the work and by what is called when it is done: std::function copies what it holds.
  auto record = std::make_shared<Record>();
  record->steps = steps_of(book_, evaluated, now);
  const bool follows =
      observation_ && now >= observation_->last_at && now - observation_->last_at <= 3 * interval_;
  record->observation = {follows ? observation_->since : now, now};
  return record;
}

void SpanKeeper::record(std::span<const gate::checks::EvaluatedObjective> evaluated, Timestamp now) {
  const auto record = next(evaluated, now);
  if (!record) return core_.log.warning("slo.evaluation_not_recorded", {{"cause", "the store is busy"}});
  const auto finished = [this, record, ticket = in_flight_.begin()](const gate::Status& status) {
    finish(*record, status);
  };
  const bool changes = std::any_of(record->steps.begin(), record->steps.end(),
                                   [](const SpanStep& step) { return step.what != What::seen; });
  if (!changes) {
    return core_.store.write([record](store::Transaction& transaction) { return record->write(transaction); },
                             finished);
  }
  api::make_system_change(
      core_.store, core_.clock,
      [record](store::Transaction& transaction) -> gate::Result<api::Change> {
        if (const auto written = record->write(transaction); !written) return written.error();
        return change_of(record->steps);
      },
      finished);
}

void SpanKeeper::finish(const Record& record, const gate::Status& status) {
  if (!status) core_.log.warning("slo.evaluation_not_recorded", {{"cause", status.error().message}});
  const std::lock_guard lock{mutex_};
  if (status) {
    for (const SpanStep& step : record.steps) {
      book_[{step.span.objective, step.span.kind}] = step.span;
      const auto opened = opened_.find(step.span.kind);
      if (step.what == What::opened && step.span.enforced && opened != opened_.end()) opened->second->add();
      if (step.what == What::seen) continue;
      core_.log.info("slo.verdict_changed", {{"objective", step.span.objective},
                                             {"kind", slo::name_of(step.span.kind)},
                                             {"change", name_of(step.what)},
                                             {"reason", step.span.reason}});
    }
    observation_ = record.observation;
    count();
  }
  is_busy_ = false;
}

std::vector<std::string_view> SpanKeeper::services_in_reach(const auth::Principal& caller) const {
  std::vector<std::string_view> services;
  for (const std::string& service : services_) {
    if (caller.may_reach(service)) services.push_back(service);
  }
  return services;
}

http::Response SpanKeeper::answer_of(Look& look) {
  std::vector<std::string_view> known = services_in_reach(look.call.caller);
  const auto wanted = look.call.head.parameter("service");
  look.is_watched = wanted ? std::find(known.begin(), known.end(), *wanted) != known.end() : !known.empty();
  // What was watched once has a history, though nothing watches it any more.
  for (const Span& span : look.spans) {
    if (look.call.caller.may_reach(span.service)) known.push_back(span.service);
  }
  if (const auto problem = check_service(look.call, known))
    return api::as_response(*problem, look.call.head.correlation_id);
  {
    const std::lock_guard lock{mutex_};
    look.observation = observation_;
  }
  return api::answer(breaches_body(look, interval_));
}

void SpanKeeper::tell(const api::Call& call, const http::Responder& respond) {
  const auto hours_asked = api::integer_parameter(call, "hours", 1, kMostHours, 24);
  if (const auto* problem = std::get_if<Problem>(&hours_asked))
    return respond(api::as_response(*problem, call.head.correlation_id));
  // Shared by the work and by what is called when it is done: std::function copies what it holds.
  const auto look = std::make_shared<Look>();
  look->call = call;
  look->hours = std::get<std::int64_t>(hours_asked);
  look->now = core_.clock.now();
  core_.store.read(
      [look](store::Transaction& transaction) -> gate::Status {
        auto spans = load_spans(transaction, look->now - hours{look->hours}, kMostSpans + 1);
        if (!spans) return spans.error();
        look->spans = std::move(*spans);
        return gate::done();
      },
      [this, look, respond, ticket = in_flight_.begin()](const gate::Status& status) {
        if (!status) {
          const Problem problem{"store_unavailable", status.error().message, {}, {{"retry-after", "1"}}};
          return respond(api::as_response(problem, look->call.head.correlation_id));
        }
        respond(answer_of(*look));
      });
}

void SpanKeeper::forget() {
  const Timestamp oldest = core_.clock.now() - hours{kMostHours} - hours{24};
  core_.store.write([oldest](store::Transaction& transaction) { return forget_spans(transaction, oldest); },
                    [this](const gate::Status& status) {
                      if (!status)
                        core_.log.warning("slo.spans_not_forgotten", {{"cause", status.error().message}});
                    });
}

}  // namespace server::slo
