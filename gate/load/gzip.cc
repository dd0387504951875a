#include "gate/load/gzip.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <new>
#include <optional>

#define ZLIB_CONST
#include <zlib.h>

namespace gate::load {
namespace {

constexpr std::string_view kMagic = "\x1F\x8B";
constexpr int kOnlyGzip = 16;  // added to the window's bits

Error malformed(const char* why) {
  return Error{ErrorCode::malformed, why};
}

}  // namespace

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with(kMagic);
}

struct Gunzip::State {
  State() {
    if (inflateInit2(&stream, MAX_WBITS + kOnlyGzip) != Z_OK) throw std::bad_alloc{};
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { inflateEnd(&stream); }

  // Draws one piece, or nothing where the input ends or a member does.
  Result<std::string_view> draw() {
    if (fault) return *fault;
    if (!in_member && input.front() != kMagic.front()) return malformed(no_gzip());
    const std::size_t given = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
    stream.next_in = reinterpret_cast<const Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(given);
    stream.next_out = output.data();
    stream.avail_out = static_cast<uInt>(output.size());
    in_member = true;
    const int code = inflate(&stream, Z_NO_FLUSH);
    input.remove_prefix(given - stream.avail_in);
    if (code == Z_STREAM_END) {
      in_member = false;
      ++members;
      inflateReset(&stream);
    } else if (code == Z_MEM_ERROR) {
      throw std::bad_alloc{};
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      fault = damage();  // what came out before it is still good
      if (stream.avail_out == output.size()) return *fault;
    }
    return std::string_view{reinterpret_cast<const char*>(output.data()), output.size() - stream.avail_out};
  }

  [[nodiscard]] Error damage() const {
    const bool in_magic = stream.total_in <= kMagic.size() && stream.total_out == 0;
    return malformed(in_magic ? no_gzip() : "the gzip stream is damaged");
  }

  [[nodiscard]] const char* no_gzip() const {
    return members == 0 ? "not a gzip stream" : "bytes that are no gzip follow the gzip stream";
  }

  z_stream stream{};
  std::string_view input;
  std::array<Bytef, std::size_t{128} * 1024> output{};
  bool in_member = false;
  std::optional<Error> fault;
  std::size_t members = 0;
};

Gunzip::Gunzip() : state_(std::make_unique<State>()) {}
Gunzip::~Gunzip() = default;

void Gunzip::feed(std::string_view compressed) {
  state_->input = compressed;
}

Result<std::string_view> Gunzip::next() {
  std::string_view piece;
  do {
    const bool full = state_->in_member && state_->stream.avail_out == 0;
    if (state_->input.empty() && !full && !state_->fault) return std::string_view{};
    auto drawn = state_->draw();
    if (!drawn) return drawn;
    piece = *drawn;
  } while (piece.empty());
  return piece;
}

Status Gunzip::finish() const {
  if (state_->in_member || state_->members == 0) return malformed("the gzip stream ends early");
  return done();
}

}  // namespace gate::load
