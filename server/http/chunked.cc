#include "server/http/chunked.h"

#include <algorithm>

namespace server::http {
namespace {

// The value of a hex digit, or -1.
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ChunkedBody::State ChunkedBody::take(std::string_view& bytes) {
  State state = State::incomplete;
  while (state == State::incomplete && !bytes.empty()) {
    if (expecting_ == Expecting::data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body_.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
      left_ -= count;
      if (left_ == 0) expecting_ = Expecting::data_cr;
    } else {
      state = step(bytes.front());
      bytes.remove_prefix(1);
    }
  }
  return state;
}

ChunkedBody::State ChunkedBody::step(char c) {
  switch (expecting_) {
    case Expecting::size: return take_size(c);
    case Expecting::size_lf: return expect(c, '\n', left_ == 0 ? Expecting::end_cr : Expecting::data);
    case Expecting::data_cr: return expect(c, '\r', Expecting::data_lf);
    case Expecting::data_lf: return expect(c, '\n', Expecting::size);
    case Expecting::end_cr: return expect(c, '\r', Expecting::end_lf);
    case Expecting::end_lf: return c == '\n' ? State::complete : State::malformed;
    case Expecting::data: break;
  }
  return State::malformed;
}

// At most 15 digits: the number cannot overflow.
ChunkedBody::State ChunkedBody::take_size(char c) {
  const int value = hex_value(c);
  if (value >= 0 && digits_ < 15) {
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    ++digits_;
    return left_ > limit_ - body_.size() ? State::too_long : State::incomplete;
  }
  if (c != '\r' || digits_ == 0) return State::malformed;
  digits_ = 0;
  expecting_ = Expecting::size_lf;
  return State::incomplete;
}

ChunkedBody::State ChunkedBody::expect(char c, char wanted, Expecting next) {
  if (c != wanted) return State::malformed;
  expecting_ = next;
  return State::incomplete;
}

}  // namespace server::http
