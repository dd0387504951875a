#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace server::data {

struct BreakerRules {
  std::size_t window = 20;                // outcomes looked at
  std::chrono::seconds window_span{10};   // all of them within
  std::size_t most_failed = 9;            // one more opens it
  std::size_t most_in_a_row = 4;          // the same, whenever they came
  std::chrono::milliseconds rest{1'000};  // the first; each failed probe doubles it
  std::chrono::milliseconds longest{30'000};
};

enum class BreakerState : std::uint8_t { closed, open, half_open };

// Keeps requests from a service that fails: it opens, rests, lets one probe through, and closes when that
// succeeds. Time is the caller's, monotonic. Not safe to share between threads.
class Breaker {
 public:
  using Time = std::chrono::nanoseconds;

  explicit Breaker(BreakerRules rules = {}) : rules_(rules) {}

  // A request that may go; its outcome is told with it. One of before a change of state counts no more.
  struct Permit {
    std::uint64_t generation = 0;
  };
  // Nullopt where it must not.
  std::optional<Permit> ask(Time now);
  void tell(Permit permit, bool succeeded, Time now);

  [[nodiscard]] BreakerState state() const { return state_; }
  // How long until ask() may say yes.
  [[nodiscard]] std::chrono::milliseconds wait(Time now) const;

 private:
  struct Outcome {
    Time at;
    bool succeeded;
  };

  void become(BreakerState state);
  void open(Time now);
  void count(bool succeeded, Time now);
  [[nodiscard]] bool fails_too_often() const;

  BreakerRules rules_;
  BreakerState state_ = BreakerState::closed;
  std::uint64_t generation_ = 0;
  std::deque<Outcome> outcomes_;  // at most `window`, the newest last
  std::size_t in_a_row_ = 0;
  std::chrono::milliseconds rest_{0};  // 0: it did not open since it last closed
  Time open_until_{0};
};

}  // namespace server::data
