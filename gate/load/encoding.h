#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gate::load {

// How the bytes of a file stand for characters. Latin-1 is read as windows-1252, which gives the
// bytes 80 to 9F, controls in Latin-1, the characters that their writers meant.
enum class Encoding { utf8, utf16_little, utf16_big, windows_1252 };

std::string_view name_of(Encoding encoding);

// What a file's first bytes say about its encoding.
struct EncodingDecision {
  Encoding encoding = Encoding::utf8;
  std::size_t mark = 0;  // bytes of a byte order mark, to be skipped
  std::string doubt;     // why the declaration was not followed; empty: it was, or there is none
};

// How many first bytes decide_encoding() looks at.
constexpr std::size_t kEncodingHead = 1'024;

// A byte order mark decides, then NUL bytes beside ASCII (UTF-16), then an XML declaration, then
// UTF-8. A declaration that contradicts the bytes or names an encoding we do not know is not
// followed, and `doubt` says so.
EncodingDecision decide_encoding(std::string_view head);

// Turns bytes into UTF-8, chunk by chunk.
class Decoder {
 public:
  explicit Decoder(Encoding encoding) : encoding_(encoding) {}

  // The next characters, valid until the next call. UTF-8 is handed through unread and uncopied.
  std::string_view decode(std::string_view bytes);

  // What a file that ends within a character still owes: U+FFFD or nothing.
  std::string_view finish();

  // Code units that stand for no character and became U+FFFD.
  [[nodiscard]] std::uint64_t replaced() const { return replaced_; }

 private:
  void decode_utf16(std::string_view bytes);
  void take_unit(std::uint16_t unit);

  Encoding encoding_;
  std::string out_;
  std::uint64_t replaced_ = 0;
  int odd_byte_ = -1;  // the first half of a unit that the chunk's end cut
  std::uint16_t high_surrogate_ = 0;
};

}  // namespace gate::load
