#include "server/data/breaker.h"

#include <algorithm>

namespace server::data {

using std::chrono::milliseconds;

std::optional<Breaker::Permit> Breaker::ask(Time now) {
  if (state_ == BreakerState::half_open) return std::nullopt;
  if (state_ == BreakerState::open) {
    if (now < open_until_) return std::nullopt;
    become(BreakerState::half_open);
  }
  return Permit{generation_};
}

void Breaker::tell(Permit permit, bool succeeded, Time now) {
  if (permit.generation != generation_) return;
  if (state_ == BreakerState::half_open) {
    if (!succeeded) return open(now);
    become(BreakerState::closed);
    rest_ = milliseconds{0};
    return;
  }
  count(succeeded, now);
  if (fails_too_often()) open(now);
}

milliseconds Breaker::wait(Time now) const {
  if (state_ == BreakerState::closed || now >= open_until_) return milliseconds{0};
  return std::chrono::ceil<milliseconds>(open_until_ - now);
}

void Breaker::become(BreakerState state) {
  state_ = state;
  ++generation_;
  outcomes_.clear();
  in_a_row_ = 0;
}

void Breaker::open(Time now) {
  rest_ = rest_ == milliseconds{0} ? rules_.rest : std::min(rest_ * 2, rules_.longest);
  open_until_ = now + rest_;
  become(BreakerState::open);
}

void Breaker::count(bool succeeded, Time now) {
  in_a_row_ = succeeded ? 0 : in_a_row_ + 1;
  outcomes_.push_back({now, succeeded});
  const auto is_old = [&] { return now - outcomes_.front().at > rules_.window_span; };
  while (outcomes_.size() > rules_.window || is_old()) outcomes_.pop_front();
}

bool Breaker::fails_too_often() const {
  if (in_a_row_ > rules_.most_in_a_row) return true;
  if (outcomes_.size() < rules_.window) return false;
  const auto failed = std::count_if(outcomes_.begin(), outcomes_.end(),
                                    [](const Outcome& outcome) { return !outcome.succeeded; });
  return static_cast<std::size_t>(failed) > rules_.most_failed;
}

}  // namespace server::data
