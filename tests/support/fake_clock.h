#pragma once

#include <atomic>
#include <chrono>

#include "gate/ports/clock.h"

namespace gate::test {

// Stands still until a test advances it or somebody sleeps; both kinds of time then move together.
class FakeClock final : public ports::Clock {
 public:
  explicit FakeClock(Timestamp start = Timestamp{Date{std::chrono::year{2026} / 11 / 20}} +
                                       std::chrono::hours{5})
      : start_(start) {}

  [[nodiscard]] Timestamp now() const override {
    return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(elapsed());
  }
  [[nodiscard]] std::chrono::nanoseconds elapsed() const override {
    return std::chrono::nanoseconds{passed_};
  }

  void sleep(std::chrono::milliseconds duration) const override {
    passed_ += std::chrono::nanoseconds{duration}.count();
  }

  void advance(std::chrono::nanoseconds by) { passed_ += by.count(); }

 private:
  Timestamp start_;
  mutable std::atomic<std::chrono::nanoseconds::rep> passed_{0};
};

}  // namespace gate::test
