#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace server::http {

// Puts a chunked body together as its bytes come (RFC 9112, 7.1). Extensions and trailers are refused: no
// client of ours sends them, and readers differ about them.
class ChunkedBody {
 public:
  enum class State { incomplete, complete, malformed, too_long };

  explicit ChunkedBody(std::uint64_t limit) : limit_(limit) {}

  // Takes from the front of `bytes` what belongs to the body; what is left belongs to the next request. Not
  // to be called again once the state is another than incomplete.
  State take(std::string_view& bytes);

  [[nodiscard]] std::string& body() { return body_; }

 private:
  enum class Expecting { size, size_lf, data, data_cr, data_lf, end_cr, end_lf };

  State step(char c);
  State take_size(char c);
  State expect(char c, char wanted, Expecting next);

  std::uint64_t limit_;
  Expecting expecting_ = Expecting::size;
  std::uint64_t left_ = 0;  // of the chunk
  int digits_ = 0;
  std::string body_;
};

}  // namespace server::http
