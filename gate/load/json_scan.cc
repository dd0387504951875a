#include "gate/load/json_scan.h"

#include <charconv>
#include <cstdint>

#include "gate/base/utf8.h"

namespace gate::load {
namespace {

char32_t hex_at(std::string_view text, std::size_t at) {
  std::uint32_t value = kReplacementCharacter;
  if (at + 4 <= text.size()) std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
  return value;
}

bool is_high_surrogate(char32_t c) {
  return c >= 0xD800 && c < 0xDC00;
}

char simple_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

std::string decoded_string(std::string_view literal) {
  std::string out;
  if (literal.size() >= 2) literal = literal.substr(1, literal.size() - 2);
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\' || i + 1 == literal.size()) {
      out.push_back(literal[i]);
      continue;
    }
    if (literal[++i] != 'u') {
      out.push_back(simple_escape(literal[i]));
      continue;
    }
    char32_t c = hex_at(literal, i + 1);
    i += 4;
    if (is_high_surrogate(c)) {
      c = 0x10000 + ((c - 0xD800) << 10) + (hex_at(literal, i + 3) - 0xDC00);
      i += 6;
    }
    append_utf8(out, c);
  }
  return out;
}

}  // namespace gate::load
