#include "gate/checks/gzip_stream.h"

namespace gate::checks {

Result<std::string_view> GzipStream::next() {
  for (;;) {
    auto piece = gunzip_.next();
    if (!piece || !piece->empty()) return piece;
    const auto more = below_.next();
    if (!more) return more;
    if (more->empty()) {
      if (auto whole = gunzip_.finish(); !whole) return whole.error();
      return std::string_view{};
    }
    gunzip_.feed(*more);
  }
}

}  // namespace gate::checks
