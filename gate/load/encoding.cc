#include "gate/load/encoding.h"

#include <array>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"

namespace gate::load {
namespace {

// The bytes 80 to 9F (WHATWG Encoding Standard, index windows-1252).
constexpr std::array<char16_t, 32> kWindows1252{
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

constexpr std::array<std::string_view, 4> kUtf8Names{"utf-8", "utf8", "us-ascii", "ascii"};
constexpr std::array<std::string_view, 8> kSingleByteNames{
    "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "cp-1252"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  for (const std::string_view known : names) {
    if (known == name) return true;
  }
  return false;
}

// The value of encoding="…" in an XML declaration, as written; empty where there is none.
std::string_view declared_encoding(std::string_view head) {
  if (head.substr(0, 5) != "<?xml") return {};
  const std::string_view declaration = head.substr(0, head.find("?>"));
  std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  at = declaration.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const std::size_t end = declaration.find(declaration[at], at + 1);
  return end == std::string_view::npos ? std::string_view{} : declaration.substr(at + 1, end - at - 1);
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

EncodingDecision declared(std::string_view head) {
  const std::string_view written = declared_encoding(head);
  const std::string name = lower(written);
  if (written.empty() || contains(kUtf8Names, name)) return {};
  if (contains(kSingleByteNames, name)) return {Encoding::windows_1252, 0, {}};
  if (starts_with(name, "utf-16") || starts_with(name, "utf16")) {
    return {Encoding::utf8, 0, fmt::format("declared as {}, read as UTF-8, which its bytes are", written)};
  }
  return {Encoding::utf8, 0,
          fmt::format("encoding {} is not known here, read as UTF-8", shortened(written, 40))};
}

bool is_plain(char c) {
  return c > 0 && c < 0x7F;
}

}  // namespace

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8: return "UTF-8";
    case Encoding::utf16_little: return "UTF-16LE";
    case Encoding::utf16_big: return "UTF-16BE";
    case Encoding::windows_1252: return "windows-1252";
  }
  return "?";
}

EncodingDecision decide_encoding(std::string_view head) {
  if (starts_with(head, "\xEF\xBB\xBF")) return {Encoding::utf8, 3, {}};
  if (starts_with(head, "\xFF\xFE")) return {Encoding::utf16_little, 2, {}};
  if (starts_with(head, "\xFE\xFF")) return {Encoding::utf16_big, 2, {}};
  if (head.size() >= 2 && head[0] == '\0' && is_plain(head[1])) return {Encoding::utf16_big, 0, {}};
  if (head.size() >= 2 && head[1] == '\0' && is_plain(head[0])) return {Encoding::utf16_little, 0, {}};
  return declared(head);
}

std::string_view Decoder::decode(std::string_view bytes) {
  if (encoding_ == Encoding::utf8) return bytes;
  out_.clear();
  if (encoding_ != Encoding::windows_1252) {
    decode_utf16(bytes);
    return out_;
  }
  for (const char byte : bytes) {
    const auto code = static_cast<unsigned char>(byte);
    append_utf8(out_, code >= 0x80 && code < 0xA0 ? kWindows1252[code - 0x80] : char32_t{code});
  }
  return out_;
}

std::string_view Decoder::finish() {
  out_.clear();
  if (odd_byte_ >= 0 || high_surrogate_ != 0) {
    ++replaced_;
    append_utf8(out_, kReplacementCharacter);
  }
  return out_;
}

void Decoder::decode_utf16(std::string_view bytes) {
  for (const char byte : bytes) {
    const int value = static_cast<unsigned char>(byte);
    if (odd_byte_ < 0) {
      odd_byte_ = value;
      continue;
    }
    const int unit = encoding_ == Encoding::utf16_big ? odd_byte_ * 256 + value : value * 256 + odd_byte_;
    odd_byte_ = -1;
    take_unit(static_cast<std::uint16_t>(unit));
  }
}

void Decoder::take_unit(std::uint16_t unit) {
  const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
  if (high_surrogate_ != 0) {
    const char32_t high = high_surrogate_;
    high_surrogate_ = 0;
    if (low) {
      append_utf8(out_, 0x10000 + (high - 0xD800) * 0x400 + (char32_t{unit} - 0xDC00));
      return;
    }
    ++replaced_;
    append_utf8(out_, kReplacementCharacter);
  }
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    high_surrogate_ = unit;
  } else if (low) {
    ++replaced_;
    append_utf8(out_, kReplacementCharacter);
  } else {
    append_utf8(out_, unit);
  }
}

}  // namespace gate::load
