#include "server/slo/breaches.h"

#include <utility>

#include <fmt/format.h>

#include "server/slo/status.h"

namespace server::slo {
namespace {

using gate::Timestamp;
using gate::Value;
using std::chrono::hours;

Value text_or_null(const std::string& text) {
  return text.empty() ? Value{} : Value{text};
}

Value span_value(const Span& span) {
  Value value = Value::object({{"objective", span.objective}, {"service", text_or_null(span.service)}});
  const bool is_breach = span.kind != SpanKind::undecided;
  if (is_breach) value.set("severity", slo::name_of(span.kind));
  value.set("shadow", !span.enforced);
  value.set("started_at", gate::to_string(span.started_at));
  value.set("ended_at", span.ended_at ? Value{gate::to_string(*span.ended_at)} : Value{});
  if (is_breach) {
    value.set("worst", span.worst
                           ? Value::object({{"measure", measure_of(span.kind)}, {"value", *span.worst}})
                           : Value{});
  }
  value.set("reason", span.reason);
  value.set("evaluations", span.evaluations);
  return value;
}

// Whether it is asked for, and may be seen.
bool shows(const Look& look, const Span& span) {
  const auto service = look.call.head.parameter("service");
  return look.call.caller.may_reach(span.service) && (!service || *service == span.service) &&
         span.started_at <= look.now;
}

bool is_truncated(const Look& look) {
  return static_cast<std::int64_t>(look.spans.size()) > kMostSpans;
}

// Why no breach in the answer is no proof that there was none; empty: it is one.
Value doubts_of(const Look& look, Timestamp from, std::chrono::milliseconds interval) {
  Value reasons = Value::array();
  const auto add = [&](std::string_view rule, const std::string& message) {
    reasons.push(reason_value(rule, "doubt", message));
  };
  const auto& observation = look.observation;
  if (!look.is_watched) {
    add("slo.no_objective", "no objective is configured for what was asked: nothing was watched");
  } else if (!observation) {
    add("slo.not_watched", "the objectives were not evaluated yet");
  } else if (look.now - observation->last_at > 3 * interval) {
    add("slo.stale", fmt::format("the last evaluation was at {}, over three intervals ago",
                                 gate::to_string(observation->last_at)));
  } else if (observation->since > from) {
    add("slo.not_watched",
        fmt::format("watched without a gap since {} alone", gate::to_string(observation->since)));
  }
  if (is_truncated(look))
    add("slo.truncated", fmt::format("there are more than {}: ask for fewer hours", kMostSpans));
  return reasons;
}

}  // namespace

Value breaches_body(const Look& look, std::chrono::milliseconds interval) {
  const Timestamp from = look.now - hours{look.hours};
  const auto& observation = look.observation;
  Value reasons = doubts_of(look, from, interval);
  const bool complete = reasons.as_array()->empty();
  Value breaches = Value::array();
  Value undecided = Value::array();
  for (const Span& span : look.spans) {
    if (shows(look, span)) (span.kind == SpanKind::undecided ? undecided : breaches).push(span_value(span));
  }
  return Value::object(
      {{"hours", look.hours},
       {"from", gate::to_string(from)},
       {"to", gate::to_string(look.now)},
       {"observed_since", observation ? Value{gate::to_string(observation->since)} : Value{}},
       {"complete", complete},
       {"reasons", std::move(reasons)},
       {"truncated", is_truncated(look)},
       {"breaches", std::move(breaches)},
       {"undecided", std::move(undecided)}});
}

}  // namespace server::slo
