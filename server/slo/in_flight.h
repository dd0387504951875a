#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace server::slo {

// Waits, when it ends, for all that was begun under it and refers to its owner: a member that comes last.
class InFlight {
 public:
  InFlight() = default;
  ~InFlight();
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  // Under way until the last copy is gone: shared, because std::function copies what it holds.
  [[nodiscard]] std::shared_ptr<void> begin();

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t count_ = 0;
};

}  // namespace server::slo
