#include "server/slo/in_flight.h"

namespace server::slo {

InFlight::~InFlight() {
  std::unique_lock lock{mutex_};
  ended_.wait(lock, [this] { return count_ == 0; });
}

std::shared_ptr<void> InFlight::begin() {
  const std::lock_guard lock{mutex_};
  ++count_;
  return {this, [](InFlight* all) {
            const std::lock_guard done{all->mutex_};
            --all->count_;
            all->ended_.notify_all();  // under the lock: whoever waits destroys what is notified
          }};
}

}  // namespace server::slo
