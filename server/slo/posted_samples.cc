#include "server/slo/posted_samples.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "server/slo/bin_table.h"

namespace server::slo {
namespace {

using api::Change;
using api::Problem;
using gate::Timestamp;
using gate::Value;

struct Range {
  std::size_t bins = 0;
  Timestamp from = Timestamp::max();
  Timestamp to = Timestamp::min();
  BinCounts counts;
};

Value number(std::uint64_t count) {
  return Value{static_cast<std::int64_t>(count)};
}

// What the batch added, by the width of bins.
Value ranges_of(const Bins& bins) {
  std::map<std::chrono::seconds, Range> ranges;
  for (const auto& [key, counts] : bins) {
    Range& range = ranges[key.width];
    ++range.bins;
    range.from = std::min(range.from, key.start);
    range.to = std::max(range.to, key.start + key.width);
    range.counts.total += counts.total;
    range.counts.errors += counts.errors;
    range.counts.unserved += counts.unserved;
  }
  Value list = Value::array();
  for (const auto& [width, range] : ranges) {
    list.push(Value::object({{"bin_seconds", width.count()},
                             {"bins", range.bins},
                             {"from", gate::to_string(range.from)},
                             {"to", gate::to_string(range.to)},
                             {"requests", number(range.counts.total)},
                             {"errors", number(range.counts.errors)},
                             {"unserved", number(range.counts.unserved)}}));
  }
  return list;
}

// Count and range alone: neither the audit log nor a log line holds what was posted.
Value summary_of(const std::vector<gate::slo::Sample>& samples) {
  const auto [oldest, newest] = std::minmax_element(samples.begin(), samples.end(),
                                                    [](const auto& a, const auto& b) { return a.at < b.at; });
  return Value::object({{"accepted", samples.size()},
                        {"from", gate::to_string(oldest->at)},
                        {"to", gate::to_string(newest->at)}});
}

}  // namespace

struct PostedSamples::Posted {
  Batch batch;
  Bins bins;
};

PostedSamples::PostedSamples(const api::Core& core, const Objectives& objectives,
                             std::vector<std::string> known)
    : core_(core),
      tiers_(tiers_for(objectives.longest)),
      oldest_(objectives.longest),
      known_(std::move(known)),
      taken_(core.metrics.counter("release_gate_slo_samples_total", "Samples that were posted and kept.")),
      counts_(objectives.posted, tiers_) {
  for (const auto& [service, thresholds] : objectives.thresholds_ms)
    buckets_.emplace(service, LatencyBuckets{thresholds});
}

gate::Status PostedSamples::reload(store::Transaction& transaction) {
  std::vector<std::pair<std::string, Bins>> loaded;
  for (const auto& [service, buckets] : buckets_) {
    auto bins = load_bins(transaction, service);
    if (!bins) return bins.error();
    loaded.emplace_back(service, std::move(*bins));
  }
  const std::lock_guard lock{mutex_};
  counts_.clear();
  for (const auto& [service, bins] : loaded) counts_.add(service, bins);
  return gate::done();
}

void PostedSamples::on_samples(OnSamples on_samples) {
  on_samples_ = std::move(on_samples);
}

const LatencyBuckets& PostedSamples::buckets_of(std::string_view service) const {
  const auto own = buckets_.find(service);
  return own == buckets_.end() ? usual_buckets_ : own->second;
}

std::optional<Problem> PostedSamples::refusal_of(const api::Call& call, const std::string& service) const {
  if (!call.caller.may_reach(service)) {
    return Problem{"forbidden",
                   fmt::format("this key may not post for {}", gate::json_quoted(service)),
                   {{"/service", "is not in the reach of this key"}},
                   {}};
  }
  if (known_.empty() || std::find(known_.begin(), known_.end(), service) != known_.end()) return std::nullopt;
  std::vector<std::string> names;
  std::copy_if(known_.begin(), known_.end(), std::back_inserter(names),
               [&](const std::string& name) { return call.caller.may_reach(name); });
  const std::string why = fmt::format("is not a service of this server{}{}{}",
                                      gate::did_you_mean(service, {names.begin(), names.end()}),
                                      names.empty() ? "" : ": known are ", gate::join(names, ", "));
  return Problem{
      "invalid_request", fmt::format("{} {}", gate::json_quoted(service), why), {{"/service", why}}, {}};
}

void PostedSamples::post(api::Call call, const http::Responder& respond) {
  const auto refuse = [&](const Problem& problem) {
    respond(api::as_response(problem, call.head.correlation_id));
  };
  auto body = api::json_body(call);
  if (const auto* problem = std::get_if<Problem>(&body)) return refuse(*problem);
  // Shared by the work and by what is called when it is done: std::function copies what it holds.
  const auto posted = std::make_shared<Posted>();
  const auto read =
      read_batch(std::get<gate::load::Document>(body), {core_.clock.now(), oldest_}, posted->batch);
  if (const auto* problem = std::get_if<Problem>(&read)) return refuse(*problem);
  if (const auto problem = refusal_of(call, posted->batch.service)) return refuse(*problem);
  posted->bins = count_bins(posted->batch.samples, buckets_of(posted->batch.service), tiers_, steady_now());
  api::make_change(
      core_.store, core_.clock, std::move(call),
      [this, posted](store::Transaction& transaction) { return decide(posted, transaction); }, respond);
}

gate::Result<std::variant<Change, Problem>> PostedSamples::decide(const std::shared_ptr<Posted>& posted,
                                                                  store::Transaction& transaction) {
  const Batch& batch = posted->batch;
  const auto services = note_service(transaction, batch.service);
  if (!services) return services.error();
  if (known_.empty() && *services > kMostServices) {
    return Problem{"invalid_request",
                   fmt::format("{} services post already: name those that may in server.toml", kMostServices),
                   {{"/service", "is one too many"}},
                   {}};
  }
  if (const auto added = add_bins(transaction, batch.service, posted->bins); !added) return added.error();
  const Value summary = summary_of(batch.samples);
  Value body = Value::object({{"service", batch.service}});
  for (const Value::Member& member : *summary.as_object()) body.set(member.name, member.value);
  body.set("counted", ranges_of(posted->bins));
  Change change;
  change.answer = api::answer(body);
  change.audit.action = "slo.samples_posted";
  change.audit.subject = batch.service;
  change.audit.after = summary;
  change.publish = [this, posted] { publish(*posted); };
  return change;
}

void PostedSamples::publish(const Posted& posted) {
  {
    const std::lock_guard lock{mutex_};
    counts_.add(posted.batch.service, posted.bins);
    counts_.arrived(posted.batch.service, core_.clock.elapsed());
  }
  taken_.add(static_cast<double>(posted.batch.samples.size()));
  if (on_samples_) on_samples_(posted.batch.service, posted.batch.samples);
}

gate::checks::Measurements PostedSamples::measure(std::span<const gate::slo::Objective> objectives) const {
  gate::checks::Measurements measured;
  for (const auto& objective : objectives) {
    const std::lock_guard lock{mutex_};
    measured.of.push_back(counts_.measure(objective, core_.clock.now(), core_.clock.elapsed()));
  }
  return measured;
}

// Now, but no more ahead of what it was than twice the time that has passed: a clock that jumps ahead, and
// back again, must not make us forget what happened just before.
Timestamp PostedSamples::steady_now() {
  const std::lock_guard lock{mutex_};
  const Timestamp now = core_.clock.now();
  const auto elapsed = core_.clock.elapsed();
  if (steady_) {
    const auto passed = std::chrono::ceil<std::chrono::milliseconds>(elapsed - steady_elapsed_);
    steady_ = std::min(now, *steady_ + 2 * passed);
  } else {
    steady_ = now;
  }
  steady_elapsed_ = elapsed;
  return *steady_;
}

void PostedSamples::forget() {
  const Timestamp now = steady_now();
  core_.store.write(
      [this, now](store::Transaction& transaction) -> gate::Status {
        const auto forgotten = forget_bins(transaction, tiers_, now);
        return forgotten ? gate::done() : forgotten.error();
      },
      [this, now, ticket = in_flight_.begin()](const gate::Status& status) {
        if (!status) return core_.log.warning("slo.bins_not_forgotten", {{"cause", status.error().message}});
        const std::lock_guard lock{mutex_};
        counts_.forget(now);
      });
}

}  // namespace server::slo
