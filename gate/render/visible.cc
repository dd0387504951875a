#include "gate/render/visible.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"

namespace gate::render {
namespace {

// Code points, both ends included.
struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool in_any(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& r) { return r.first <= c && c <= r.last; });
}

// Unseen, yet needed for nothing that a report says. The joiners U+200C and U+200D are not here:
// emoji and several scripts need them.
constexpr std::array kSpelledOut = {
    Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F}, Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},
    Range{0x180B, 0x180E}, Range{0x2028, 0x2029}, Range{0x3164, 0x3164},   Range{0xFFA0, 0xFFA0},
    Range{0xFFF0, 0xFFFB}, Range{0xFFFE, 0xFFFF}, Range{0x1D173, 0x1D17A},
};

// Default-ignorable characters that stay in the text: a comparison by culture skips them.
constexpr std::array kIgnorable = {
    Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F}, Range{0x061C, 0x061C},   Range{0x115F, 0x1160},
    Range{0x17B4, 0x17B5}, Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x202A, 0x202E},
    Range{0x2060, 0x206F}, Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0}, Range{0xFFF0, 0xFFFD}, Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE0FFF},
};

constexpr std::array kSpaces = {
    Range{0x09, 0x09},     Range{0x0B, 0x0C},     Range{0x20, 0x20},     Range{0x85, 0x85},
    Range{0xA0, 0xA0},     Range{0x1680, 0x1680}, Range{0x2000, 0x200A}, Range{0x2028, 0x2029},
    Range{0x202F, 0x202F}, Range{0x205F, 0x205F}, Range{0x3000, 0x3000},
};

constexpr std::array kWide = {
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x23E9, 0x23EC},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
    Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE4F},   Range{0xFF00, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
    Range{0x20000, 0x3FFFD},
};

constexpr std::array kCombining = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},   Range{0x064B, 0x065F},
    Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F},   Range{0x20D0, 0x20FF},
    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xE0100, 0xE01EF},
};

void append_visible(std::string& out, char32_t c) {
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (is_control(c) || is_invisible(c) || in_any(kSpelledOut, c)) {
    out += fmt::format("\\u{{{:X}}}", static_cast<unsigned>(c));
  } else {
    append_utf8(out, c);
  }
}

// Bytes at the start that are printable ASCII: nearly all of nearly every text.
std::size_t plain_prefix(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; });
  return static_cast<std::size_t>(end - text.begin());
}

std::size_t width_of(char32_t c) {
  if (c < 0x300) return 1;
  if (in_any(kCombining, c)) return 0;
  return in_any(kWide, c) ? 2 : 1;
}

// Whether `rest` begins with a second colon, zero-width characters aside.
bool colon_follows(std::string_view rest) {
  while (!rest.empty()) {
    const CodePoint next = decode_utf8(rest);
    if (next.value == ':') return true;
    if (!in_any(kIgnorable, next.value)) return false;
    rest.remove_prefix(next.bytes);
  }
  return false;
}

}  // namespace

std::string visible(std::string_view text, std::size_t limit) {
  const std::string kept = shortened(text, limit);
  std::string out;
  out.reserve(kept.size());
  for (std::string_view rest = kept; !rest.empty();) {
    const std::size_t plain = plain_prefix(rest);
    out += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    const CodePoint next = decode_utf8(rest);
    append_visible(out, next.value);
    rest.remove_prefix(next.bytes);
  }
  return out;
}

std::string break_commands(std::string_view text, const CommandBreaker& breaker) {
  std::string out;
  out.reserve(text.size() + 16);
  std::size_t hashes = 0;
  bool line_is_blank = true;
  while (!text.empty()) {
    if (hashes == 0 && !line_is_blank) {
      const std::size_t plain = std::min(text.find_first_of("#\r\n"), text.size());
      out += text.substr(0, plain);
      text.remove_prefix(plain);
      if (text.empty()) break;
    }
    const CodePoint next = decode_utf8(text);
    const std::string_view bytes = text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
    const bool ignorable = next.value >= 0x80 && in_any(kIgnorable, next.value);
    if (next.value == '[' && hashes >= 2) {
      out += breaker.bracket;
    } else if (next.value == ':' && line_is_blank && colon_follows(text)) {
      out += breaker.colon;
    } else {
      out += bytes;
    }
    if (ignorable) continue;
    hashes = next.value == '#' ? hashes + 1 : 0;
    line_is_blank =
        next.value == '\n' || next.value == '\r' || (line_is_blank && in_any(kSpaces, next.value));
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint next = decode_utf8(text);
    width += width_of(next.value);
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string{text};
  std::string out;
  std::size_t used = 1;  // the ellipsis
  while (!text.empty()) {
    const CodePoint next = decode_utf8(text);
    used += width_of(next.value);
    if (used > width) break;
    out += text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  return out + "…";
}

}  // namespace gate::render
