#include "gate/schema/format_punycode.h"

#include <algorithm>
#include <cstdint>

#include "gate/base/utf8.h"
#include "gate/schema/format_ascii.h"

namespace gate::schema {
namespace {

// RFC 3492, 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kLow = 1;
constexpr std::uint32_t kHigh = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kFirstBias = 72;
constexpr std::uint32_t kFirstCodePoint = 0x80;
constexpr std::uint32_t kLastCodePoint = 0x10FFFF;

// The most a delta can be: the last code point, all the places of a label further on.
constexpr std::uint64_t kMostDelta = std::uint64_t{kLastCodePoint} * (kLongestLabel + 1);

std::uint32_t adapted(std::uint64_t delta, std::size_t points, bool first) {
  delta /= first ? kDamp : 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (kBase - kLow) * kHigh / 2; k += kBase) delta /= kBase - kLow;
  return k + static_cast<std::uint32_t>((kBase - kLow + 1) * delta / (delta + kSkew));
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) {
  return std::clamp(k > bias ? k - bias : 0, kLow, kHigh);
}

char digit_of(std::uint64_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

// kBase where `c` is no digit.
std::uint32_t value_of(char c) {
  if (is_alpha(c)) return static_cast<std::uint32_t>(ascii_lower(c) - 'a');
  return is_digit(c) ? static_cast<std::uint32_t>(c - '0') + 26 : kBase;
}

bool push_number(LabelText<char>& out, std::uint64_t number, std::uint32_t bias) {
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t t = threshold(k, bias);
    if (number < t) return out.push(digit_of(number));
    if (!out.push(digit_of(t + (number - t) % (kBase - t)))) return false;
    number = (number - t) / (kBase - t);
  }
}

// A number in digits of growing weight, removed from the start of `text`; nullopt: none, or more than
// a delta can be.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint32_t bias) {
  std::uint64_t number = 0;
  std::uint64_t weight = 1;
  for (std::uint32_t k = kBase; !text.empty(); k += kBase) {
    const std::uint32_t digit = value_of(text.front());
    text.remove_prefix(1);
    if (digit == kBase) return std::nullopt;
    number += digit * weight;
    if (number > kMostDelta) return std::nullopt;
    const std::uint32_t t = threshold(k, bias);
    if (digit < t) return number;
    weight = std::min(weight * (kBase - t), kMostDelta + 1);
  }
  return std::nullopt;
}

bool push_basic(LabelText<char>& out, std::u32string_view label) {
  for (const char32_t c : label) {
    if (c < kFirstCodePoint && !out.push(static_cast<char>(c))) return false;
  }
  return out.view().empty() || out.push('-');
}

}  // namespace

std::optional<LabelText<char32_t>> code_points_of(std::string_view text) {
  LabelText<char32_t> out;
  while (!text.empty()) {
    const CodePoint next = decode_utf8(text);
    if (!out.push(next.value)) return std::nullopt;
    text.remove_prefix(next.bytes);
  }
  return out;
}

std::optional<LabelText<char>> encode_punycode(const LabelText<char32_t>& text) {
  constexpr std::size_t kPrefix = 4;
  const std::u32string_view label = text.view();
  LabelText<char> out;
  if (!push_basic(out, label)) return std::nullopt;
  const auto basic = static_cast<std::size_t>(
      std::count_if(label.begin(), label.end(), [](char32_t c) { return c < kFirstCodePoint; }));
  std::uint32_t bias = kFirstBias;
  std::uint64_t delta = 0;
  char32_t done_below = kFirstCodePoint;
  for (std::size_t done = basic; done < label.size(); ++delta, ++done_below) {
    char32_t next = kLastCodePoint;
    for (const char32_t c : label) next = c >= done_below ? std::min(next, c) : next;
    delta += std::uint64_t{next - done_below} * (done + 1);
    done_below = next;
    for (const char32_t c : label) {
      delta += c < next ? 1 : 0;
      if (c != next) continue;
      if (!push_number(out, delta, bias)) return std::nullopt;
      bias = adapted(delta, done + 1, done == basic);
      delta = 0;
      ++done;
    }
  }
  if (out.view().size() + kPrefix > kLongestLabel) return std::nullopt;
  return out;
}

std::optional<LabelText<char32_t>> decode_punycode(std::string_view text) {
  LabelText<char32_t> out;
  if (const std::size_t hyphen = text.rfind('-'); hyphen != std::string_view::npos) {
    for (const char c : text.substr(0, hyphen)) {
      if (!is_ascii(c) || !out.push(static_cast<char32_t>(ascii_lower(c)))) return std::nullopt;
    }
    text.remove_prefix(hyphen + 1);
  }
  std::uint64_t code_point = kFirstCodePoint;
  std::uint64_t place = 0;
  std::uint32_t bias = kFirstBias;
  while (!text.empty()) {
    const auto delta = take_number(text, bias);
    if (!delta) return std::nullopt;
    const std::size_t size = out.view().size() + 1;
    bias = adapted(*delta, size, place == 0 && code_point == kFirstCodePoint);
    place += *delta;
    code_point += place / size;
    place %= size;
    if (code_point > kLastCodePoint || !out.insert(place, static_cast<char32_t>(code_point)))
      return std::nullopt;
    ++place;
  }
  return out;
}

}  // namespace gate::schema
