#pragma once

#include <memory>
#include <string_view>

#include "gate/base/result.h"

namespace gate::load {

// Whether bytes begin as gzip does.
bool is_gzip(std::string_view bytes);

// Undoes gzip (RFC 1952) piece by piece: what is fed comes out of next() in pieces of at most 128 KiB,
// whatever it grows to, so memory is bounded for any stream. Members follow each other without a seam.
//
//   gunzip.feed(bytes);  while piece = gunzip.next() is not empty: use it;  … ;  gunzip.finish();
//
// Errors: malformed, for what is no gzip, does not match its checksum or length, or has other bytes
// after it.
class Gunzip {
 public:
  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  // The bytes that next() draws from, and which must live until it answers nothing.
  // REQUIRES: those before are drawn.
  void feed(std::string_view compressed);

  // The next piece, until the next call; empty when all that was fed is drawn.
  Result<std::string_view> next();

  // The end of what is fed. Error: malformed, where the stream has not come to its own.
  [[nodiscard]] Status finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gate::load
