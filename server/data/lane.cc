#include "server/data/lane.h"

namespace server::data {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered: return "answered";
    case Outcome::failed: return "failed";
    case Outcome::unreachable: return "unreachable";
    case Outcome::timed_out: return "timed_out";
    case Outcome::too_large: return "too_large";
    case Outcome::rejected: return "rejected";
  }
  return "?";
}

Outcome outcome_of(int status) {
  return status >= 502 && status <= 504 ? Outcome::failed : Outcome::answered;
}

TrackMeters::TrackMeters(observe::Metrics& metrics, Track track)
    : open_(metrics.gauge("release_gate_breaker_open",
                          "Versions of services that get no requests because they failed too often.",
                          {{"track", std::string{name_of(track)}}})) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    outcomes_[i] = &metrics.counter(
        "release_gate_forwarded_requests_total", "Requests forwarded to services, by what became of them.",
        {{"track", std::string{name_of(track)}}, {"outcome", std::string{name_of(kOutcomes[i])}}});
  }
}

void TrackMeters::count(Outcome outcome) {
  outcomes_[static_cast<std::size_t>(outcome)]->add();
}

void TrackMeters::add_open(int change) {
  const std::lock_guard lock{mutex_};
  open_breakers_ += change;
  open_.set(open_breakers_);
}

Lane::Lane(const Service& service, Track track, TrackMeters& meters, const gate::ports::Clock& clock,
           observe::Log& log)
    : service_(service), track_(track), meters_(meters), clock_(clock), log_(log) {}

std::optional<Breaker::Permit> Lane::ask() {
  const std::lock_guard lock{mutex_};
  const auto permit = breaker_.ask(clock_.elapsed());
  if (!permit) meters_.count(Outcome::rejected);
  return permit;
}

void Lane::tell(Breaker::Permit permit, Outcome outcome) {
  meters_.count(outcome);
  const bool succeeded = outcome == Outcome::answered || outcome == Outcome::too_large;
  const auto now = clock_.elapsed();
  const std::lock_guard lock{mutex_};
  const BreakerState before = breaker_.state();
  breaker_.tell(permit, succeeded, now);
  announce(before, breaker_.state(), breaker_.wait(now));
}

std::chrono::milliseconds Lane::wait() const {
  const std::lock_guard lock{mutex_};
  return breaker_.wait(clock_.elapsed());
}

void Lane::announce(BreakerState before, BreakerState now, std::chrono::milliseconds rest) {
  if (before == now) return;
  if (before == BreakerState::closed) meters_.add_open(1);
  if (now == BreakerState::closed) meters_.add_open(-1);
  if (now == BreakerState::open) {
    log_.warning("data.breaker_opened",
                 {{"service", service_.name}, {"track", name_of(track_)}, {"rests_ms", rest.count()}});
  } else {
    log_.info("data.breaker_closed", {{"service", service_.name}, {"track", name_of(track_)}});
  }
}

}  // namespace server::data
