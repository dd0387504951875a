#include "gate/checks/input_streams.h"

namespace gate::checks {

Result<std::string_view> HashedStream::next() {
  auto piece = below_.next();
  if (!piece) return piece;
  bytes_ += piece->size();
  hash_.update(*piece);
  return piece;
}

Result<policy::Input> HashedStream::input(const std::string& path) {
  for (;;) {
    const auto rest = next();
    if (!rest) return rest.error();
    if (rest->empty()) return policy::Input{path, hash_.hex(), bytes_};
  }
}

std::string_view PeekedStream::peek(std::size_t bytes) {
  while (!ended_ && start_.size() < bytes) {
    const auto piece = below_.next();
    ended_ = !piece || piece->empty();
    if (piece) {
      start_ += *piece;
    } else {
      fault_ = piece.error();
    }
  }
  return start_;
}

Result<std::string_view> PeekedStream::next() {
  if (!std::exchange(handed_on_, true) && !start_.empty()) return std::string_view{start_};
  std::string{}.swap(start_);
  if (fault_) return *fault_;
  if (ended_) return std::string_view{};
  return below_.next();
}

}  // namespace gate::checks
