#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace server::http {

// The median of the last few: one hiccup does not show, what lasts does within three, and is forgotten as
// fast.
class Lag {
 public:
  void add(std::chrono::milliseconds late) {
    last_[next_] = late;
    next_ = (next_ + 1) % last_.size();
  }

  [[nodiscard]] std::chrono::milliseconds typical() const {
    auto sorted = last_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }

 private:
  std::array<std::chrono::milliseconds, 5> last_{};
  std::size_t next_ = 0;
};

}  // namespace server::http
