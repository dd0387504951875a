#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "gate/ports/clock.h"
#include "server/data/breaker.h"
#include "server/data/forwarding.h"
#include "server/data/services.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"

namespace server::data {

// What became of a request that was to be forwarded. Failed: the service got it, and said that it failed or
// gave no whole answer; unreachable: it never got it.
enum class Outcome : std::uint8_t { answered, failed, unreachable, timed_out, too_large, rejected };
inline constexpr std::array kOutcomes{Outcome::answered,  Outcome::failed,    Outcome::unreachable,
                                      Outcome::timed_out, Outcome::too_large, Outcome::rejected};
std::string_view name_of(Outcome outcome);  // "answered"

// 502, 503 and 504 are failures of the service; other answers, 500 too, are answers to one request.
Outcome outcome_of(int status);

// What all services' versions of one track count together. Safe to share between threads.
class TrackMeters {
 public:
  TrackMeters(observe::Metrics& metrics, Track track);
  void count(Outcome outcome);
  // One breaker more, or one less, is open.
  void add_open(int change);

 private:
  std::array<observe::Counter*, kOutcomes.size()> outcomes_{};
  observe::Gauge& open_;
  std::mutex mutex_;
  int open_breakers_ = 0;
};

// The way to one version of one service: its breaker, and what is counted. Safe to share between threads.
class Lane {
 public:
  Lane(const Service& service, Track track, TrackMeters& meters, const gate::ports::Clock& clock,
       observe::Log& log);

  // Nullopt, counted, where the service rests.
  std::optional<Breaker::Permit> ask();
  void tell(Breaker::Permit permit, Outcome outcome);
  [[nodiscard]] std::chrono::milliseconds wait() const;

 private:
  void announce(BreakerState before, BreakerState now, std::chrono::milliseconds rest);

  const Service& service_;
  const Track track_;
  TrackMeters& meters_;
  const gate::ports::Clock& clock_;
  observe::Log& log_;
  mutable std::mutex mutex_;  // of the breaker
  Breaker breaker_;
};

}  // namespace server::data
