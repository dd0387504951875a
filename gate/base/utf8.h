#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gate {

constexpr char32_t kReplacementCharacter = 0xFFFD;

// One decoded code point and the bytes it took. An ill-formed sequence decodes to U+FFFD with
// `well_formed` false and the length of its maximal ill-formed prefix (Unicode 15, 3.9, D93b).
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
  bool well_formed = true;
};

// The code point at the start of `text`, which must not be empty.
CodePoint decode_utf8(std::string_view text);

// A surrogate or a number above U+10FFFF, which UTF-8 cannot hold, becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

bool is_utf8(std::string_view text);

// Code points in `text`; each ill-formed sequence counts as one.
std::size_t count_code_points(std::string_view text);

// UTF-16 code units in `text`: what GitHub counts in a comment and SARIF in a column.
std::size_t count_utf16_units(std::string_view text);

// Each ill-formed sequence replaced by U+FFFD.
std::string with_valid_utf8(std::string_view text);

// A character that changes how its neighbours are shown without being seen itself: bidi controls
// (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), zero-width and invisible characters
// (U+200B, U+2060 to U+2064, U+FEFF), tags (U+E0000 to U+E007F).
bool is_invisible(char32_t code_point);

// C0 and C1 controls and DEL, without tab and line feed.
bool is_control(char32_t code_point);

}  // namespace gate
