#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace server::http {

// Bytes that came and were not used yet. While room() is being filled by others nothing else may be called.
class ReadBuffer {
 public:
  [[nodiscard]] std::string_view view() const { return {bytes_.data() + first_, last_ - first_}; }
  [[nodiscard]] bool empty() const { return first_ == last_; }

  // Where the next bytes go: more of it the more there is already.
  [[nodiscard]] std::span<char> room() {
    const std::size_t wanted = std::clamp(last_ - first_, kLeast, kMost);
    bytes_.erase(0, first_);
    last_ -= first_;
    first_ = 0;
    if (bytes_.size() < last_ + wanted) bytes_.resize(last_ + wanted);
    return {bytes_.data() + last_, bytes_.size() - last_};
  }
  void add(std::size_t count) { last_ += count; }

  void drop(std::size_t count) {
    first_ += count;
    if (!empty()) return;
    first_ = last_ = 0;
    if (bytes_.capacity() > kKept) std::string{}.swap(bytes_);
  }

 private:
  static constexpr std::size_t kLeast = 2U << 10U;
  static constexpr std::size_t kMost = 64U << 10U;
  static constexpr std::size_t kKept = 16U << 10U;  // of an idle connection

  std::string bytes_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace server::http
