#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gate/base/hash.h"
#include "gate/base/result.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"

namespace gate::checks {

// A text in memory, as a stream.
class TextStream final : public ports::ByteStream {
 public:
  explicit TextStream(std::string_view text) : text_(text) {}
  Result<std::string_view> next() override { return std::exchange(text_, {}); }

 private:
  std::string_view text_;
};

// A stream whose bytes are counted and hashed as they pass.
class HashedStream final : public ports::ByteStream {
 public:
  explicit HashedStream(ports::ByteStream& below) : below_(below) {}

  Result<std::string_view> next() override;

  // What the report says of the input, the bytes that nobody asked for among them. Call once.
  // Error: io.
  Result<policy::Input> input(const std::string& path);

 private:
  ports::ByteStream& below_;
  std::uint64_t bytes_ = 0;
  Sha256 hash_;
};

// A stream whose start can be looked at before it is read.
class PeekedStream final : public ports::ByteStream {
 public:
  explicit PeekedStream(ports::ByteStream& below) : below_(below) {}

  // At least the first `bytes`; fewer only where the stream has no more, or fails: next() says so when it
  // comes there. REQUIRES: next() was not called.
  std::string_view peek(std::size_t bytes);

  Result<std::string_view> next() override;

 private:
  ports::ByteStream& below_;
  std::string start_;
  bool ended_ = false;
  std::optional<Error> fault_;
  bool handed_on_ = false;
};

}  // namespace gate::checks
